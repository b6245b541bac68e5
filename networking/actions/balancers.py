"""The private load balancer of a deployment: asked for, and enabled by support or by the customer's switch."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from networking.models import PrivateAccess
from networking.peering.byoc import ByocVpc
from onboarding.actions.versions import WrongStep, show_anew
from onboarding.letters import tell_people
from onboarding.models import Deployment
from onboarding.rules.profiles import PrivateLoadBalancer
from onboarding.rules.profiles import profile as rule_profile
from onboarding.states import DeploymentState
from portal.accounts.models import User
from portal.accounts.refusals import ActionRefused
from portal.support.actions import close_ticket, open_ticket
from portal.support.states import TicketKind
from portal.workflows.journal import tell


def has_switch(deployment: Deployment) -> bool:
    """Whether the rules let the customer enable it, instead of asking support."""
    return rule_profile(deployment.profile).private_load_balancer == PrivateLoadBalancer.PORTAL_SWITCH


def access_of(deployment: Deployment) -> PrivateAccess:
    """The deployment's row, made when first asked for."""
    row, _made = PrivateAccess.objects.get_or_create(
        deployment=deployment, defaults={"organisation_id": deployment.organisation_id}
    )
    return row


@transaction.atomic
def ask_for_balancer(*, deployment: Deployment, by: User) -> PrivateAccess:
    """Asks support for it, once: opens the ticket. Raises WrongStep before the deployment is ready."""
    if deployment.state != DeploymentState.READY:
        raise WrongStep(deployment.state)
    row = access_of(deployment)
    if row.enabled_at is not None or row.asked_at is not None:
        return row
    byoc = ByocVpc.of(deployment)
    words = {"name": deployment.name, "vpc": byoc.vpc_id if byoc else "–", "region": byoc.region if byoc else "–"}
    ticket = open_ticket(
        key=f"private-balancer:{deployment.pk}",
        kind=TicketKind.PRIVATE_BALANCER,
        organisation_id=deployment.organisation_id,
        subject_id=deployment.pk,
        say=lambda: _("Enable the private load balancer of %(name)s in %(vpc)s, %(region)s.") % words,
    )
    PrivateAccess.objects.filter(pk=row.pk).update(ticket=ticket, asked_at=Now(), version=F("version") + 1)
    row.refresh_from_db()
    _tell(deployment, "balancer.asked", by)
    return row


@transaction.atomic
def enable_balancer(*, deployment: Deployment, by: User, reason: str = "") -> PrivateAccess:
    """Notes that it is enabled: by support's button with a reason, or by the customer where the rules have a switch.

    The vendor's control plane then makes it; our looks see it. Raises WrongStep, ActionRefused for a customer without
    the switch, for support without a reason, or when it is enabled already.
    """
    if deployment.state != DeploymentState.READY:
        raise WrongStep(deployment.state)
    if not has_switch(deployment) and not (by.is_staff and reason.strip()):
        raise ActionRefused(_("Support enables the private load balancer. Ask for it on the page of private access."))
    row = access_of(deployment)
    enabled = PrivateAccess.objects.filter(pk=row.pk, enabled_at=None).update(
        enabled_at=Now(), enabled_by=by.email, version=F("version") + 1
    )
    if not enabled:
        raise ActionRefused(_("The private load balancer is enabled already. Nothing was changed."))
    row.refresh_from_db()
    _tell(deployment, "balancer.enabled", by, reason)
    if row.ticket is not None:
        close_ticket(ticket=row.ticket, reason=reason or _("The private load balancer is enabled."), by=by)
    if by.is_staff:
        tell_people(
            deployment,
            key=f"balancer-enabled:{row.pk}",
            subject=lambda: _("the private load balancer is enabled"),
            body=lambda: _("Next: go on with the peering on the page of private access."),
        )
    return row


def _tell(deployment: Deployment, code: str, by: User, reason: str = "") -> None:
    def sentence() -> str:
        said = {
            "balancer.asked": _("Support was asked to enable the private load balancer."),
            "balancer.enabled": _("The private load balancer was enabled."),
        }
        return f"{said[code]} {reason}".strip()

    tell(code, sentence, organisation=deployment.organisation_id, subject_id=deployment.pk, by=by)
    show_anew(deployment.pk)
