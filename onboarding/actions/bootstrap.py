"""The bootstrap step: what the roles may do, looking again, and going on in spite of a finding."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.actions.versions import WrongStep, touch
from onboarding.kinds import REPROOF, ROLE_LOOK, TRUST
from onboarding.models import Deployment, Override
from onboarding.states import DeploymentState
from portal.accounts.models import User
from portal.aws.models import Connection
from portal.workflows import actions as workflows
from portal.workflows.journal import tell
from portal.workflows.states import WorkflowState

#: Steps at which the template's switches may be changed, all of them or peering alone.
CHOOSABLE = (DeploymentState.BOOTSTRAP, DeploymentState.READY)
#: Work that looks at the roles.
LOOKS = (REPROOF, ROLE_LOOK, TRUST)


@transaction.atomic
def choose_permissions(
    *, deployment: Deployment, allow_peering_writes: bool, withhold_vpc_writes: bool, version: int, by: User
) -> None:
    """Sets what the template will grant. Once the deployment is ready peering alone may still be switched; the customer
    then updates the stack. Raises Stale or WrongStep (the roles are in use).
    """
    touch(deployment, version=version, steps=CHOOSABLE)
    assert deployment.connection is not None
    chosen = {"allows_peering_writes": allow_peering_writes}
    if deployment.state == DeploymentState.BOOTSTRAP:
        chosen["withholds_vpc_writes"] = withhold_vpc_writes
    Connection.objects.filter(pk=deployment.connection.pk).update(**chosen)
    tell(
        "bootstrap.permissions",
        lambda: _("The permissions of the bootstrap template were chosen."),
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
    )


@transaction.atomic
def look_for_roles(*, deployment: Deployment, by: User) -> None:
    """Looks now; wakes the search when it paused on findings.

    Raises WrongStep without an account, Busy while another deployment works in it.
    """
    if deployment.connection is None:
        raise WrongStep(deployment.state)
    live = workflows.live_workflow(deployment.connection)
    is_ready = deployment.state == DeploymentState.READY
    if live is None:
        kind = ROLE_LOOK if is_ready else TRUST
        workflows.start(kind=kind, connection=deployment.connection, subject_id=deployment.pk, by=by)
    elif live.subject_id != deployment.pk or (is_ready and live.kind not in LOOKS):
        # Another deployment works in this account; `upkeep.serve_next` starts the search when it is done.
        raise workflows.Busy(live)
    elif live.state == WorkflowState.PAUSED:
        workflows.go_on(workflow=live, by=by)
    else:
        workflows.look_now(workflow=live)


@transaction.atomic
def override_finding(*, deployment: Deployment, code: str, reason: str, version: int, by: User) -> None:
    """Records why a finding does not stop this deployment, and looks again. Trust itself cannot be overridden.

    Raises Stale, WrongStep, or ValueError for a finding of trust.
    """
    if code.startswith("trust."):
        raise ValueError(f"{code} cannot be overridden.")
    touch(deployment, version=version, steps=(DeploymentState.BOOTSTRAP, DeploymentState.INFRASTRUCTURE))
    Override.objects.update_or_create(
        deployment=deployment,
        code=code,
        defaults={"organisation_id": deployment.organisation_id, "reason": reason, "by": by, "at": timezone.now()},
    )
    tell(
        "finding.overridden",
        lambda: _("«%(code)s» was overridden: %(reason)s") % {"code": code, "reason": reason},
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
    )
    if deployment.state == DeploymentState.BOOTSTRAP:
        look_for_roles(deployment=deployment, by=by)
