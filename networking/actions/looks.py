"""Asking for a look at a VPC, and remembering that somebody has the page open."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from networking.kinds import LOOK
from networking.models import VpcWatch
from onboarding.actions.versions import WrongStep
from onboarding.models import Deployment
from onboarding.review import plan_of
from onboarding.states import DeploymentState
from portal.accounts.models import User
from portal.workflows import actions as workflows
from portal.workflows.journal import tell
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState


@transaction.atomic
def look_at_vpc(
    *, deployment: Deployment, vpc_id: str, subnet_ids: Sequence[str] = (), by: User | str, region: str = ""
) -> Workflow:
    """Reads a VPC of the plan's region, or of `region`. A look at another VPC is given up for this one: looking changes
    nothing. Raises WrongStep, or Busy while other work, or support, holds the account.
    """
    if deployment.connection is None or deployment.state != DeploymentState.INFRASTRUCTURE:
        raise WrongStep(deployment.state)
    live = workflows.live_workflow(deployment.connection)
    if live is not None:
        _give_up(live, deployment, by)
    workflow = workflows.start(
        kind=LOOK,
        connection=deployment.connection,
        subject_id=deployment.pk,
        by=by,
        data={"vpc_id": vpc_id, "subnet_ids": list(subnet_ids), "region": region or plan_of(deployment).region},
    )
    Deployment.objects.filter(pk=deployment.pk).update(shown=F("shown") + 1)
    if isinstance(by, User):
        tell(
            "vpc.looked",
            lambda: _("A look at %(vpc)s was asked for.") % {"vpc": vpc_id},
            organisation=deployment.organisation_id,
            subject_id=deployment.pk,
            by=by,
            workflow=workflow,
        )
    return workflow


def _give_up(live: Workflow, deployment: Deployment, by: User | str) -> None:
    """Raises Busy unless the live work is a look at a VPC of this very deployment."""
    ours = live.kind == LOOK and live.subject_id == deployment.pk
    if not ours or live.state == WorkflowState.NEEDS_HUMAN:
        raise workflows.Busy(live)
    workflows.cancel(workflow=live, by=by)


def watch(*, deployment: Deployment) -> None:
    """Notes that an open page asked what is new."""
    VpcWatch.objects.update_or_create(
        deployment=deployment, defaults={"organisation_id": deployment.organisation_id, "asked_at": timezone.now()}
    )
