"""Mail to the people of a tenant when it is their turn, in each one's language, once per event."""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from onboarding.kinds import TRUST
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from onboarding.steps import JOURNEY, position
from onboarding.turns import next_act
from portal.accounts.models import Membership
from portal.accounts.states import Role
from portal.aws.states import ConnectionState
from portal.findings.languages import heard
from portal.workflows import outbox
from portal.workflows.models import Workflow
from portal.workflows.states import Turn, WorkflowState


def tell_people(deployment: Deployment, *, key: str, subject: Callable[[], str], body: Callable[[], str]) -> None:
    """Writes one letter to each owner and admin; `subject` and `body` are called under the reader's language.

    The deployment's name goes before the subject, the address of its journey and why the reader gets it below the body.
    """
    members = Membership.objects.filter(
        organisation_id=deployment.organisation_id, role__in=(Role.OWNER, Role.ADMIN)
    ).select_related("user", "organisation")
    for member in members:
        with translation.override(member.user.language or settings.LANGUAGE_CODE):
            outbox.write(
                key=f"{deployment.pk}:{key}",
                to=member.user.email,
                subject=f"{deployment.name} · {subject()}",
                body="\n\n".join([_about(deployment), body(), _address(deployment), _reason(member)]) + "\n",
            )


def _about(deployment: Deployment) -> str:
    account = deployment.connection.account_id if deployment.connection else ""
    words = {"name": deployment.name, "account": account}
    return (_("Deployment %(name)s, AWS account %(account)s") if account else _("Deployment %(name)s")) % words


def _address(deployment: Deployment) -> str:
    return settings.PORTAL_BASE_URL + reverse("onboarding:journey", args=[deployment.pk])


def _reason(member: Membership) -> str:
    words = {"organisation": member.organisation.name}
    return _("You get this mail because you are an owner or admin of %(organisation)s.") % words


def tell_of_turn(deployment: Deployment, workflow: Workflow) -> None:
    """The letter for a workflow whose turn has come to the customer, or to support."""
    with_support = workflow.state in {WorkflowState.NEEDS_HUMAN, WorkflowState.REFUSED}
    if with_support or workflow.turn == Turn.YOU:
        tell_people(
            deployment,
            key=f"{'human' if with_support else 'turn'}:{workflow.pk}:{workflow.fence}",
            subject=lambda: _("support is looking at it") if with_support else _subject(deployment, workflow),
            body=lambda: _fact_and_act(deployment, workflow),
        )


def _subject(deployment: Deployment, workflow: Workflow) -> str:
    """What the customer has to look at, in a few words."""
    connection = deployment.connection
    state = ConnectionState(connection.state) if connection is not None else ConnectionState.UNPROVEN
    if state is ConnectionState.INSECURE:
        return _("your turn: a role opens without the right External ID")
    if state is ConnectionState.LOST:
        return _("your turn: the account no longer lets us in")
    if workflow.kind == TRUST:
        return _("your turn: the bootstrap roles need a look")
    if deployment.state == DeploymentState.TEARDOWN:
        return _("your turn: the tear-down stopped")
    return _("your turn: the launch stopped")


def _fact_and_act(deployment: Deployment, workflow: Workflow) -> str:
    present = position(deployment.state)
    current = JOURNEY[present] if present < len(JOURNEY) else None
    act = next_act(deployment, current, workflow)
    fact = heard(workflow.message, "")
    return "\n".join(line for line in (fact, _("Next: %(act)s") % {"act": act}) if line)
