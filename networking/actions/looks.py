"""Asking for a look at a VPC, and remembering that somebody has the page open."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from networking.kinds import LOOK
from networking.models import VpcWatch
from onboarding.actions.versions import WrongStep, show_anew
from onboarding.models import Deployment
from onboarding.review import plan_of
from onboarding.states import DeploymentState
from portal.accounts.models import User
from portal.accounts.refusals import ActionRefused
from portal.aws.models import Connection
from portal.workflows import actions as workflows
from portal.workflows.journal import tell
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState

#: Looks at VPCs that an account bears within `WHILE`, whoever asks for them: ten calls each, and thirty describing
#: calls a minute are what we may make (docs/safety.md).
MOST_LOOKS = 3
WHILE = timedelta(minutes=1)


class TooOften(ActionRefused):
    """The account was looked at as often as it bears; the text says so."""


@transaction.atomic
def look_at_vpc(
    *, deployment: Deployment, vpc_id: str, subnet_ids: Sequence[str] = (), by: User | str, region: str = ""
) -> Workflow:
    """Reads a VPC of the plan's region, or of `region`. A look at another VPC is given up for this one: looking changes
    nothing. The very look that is under way goes on as it is, and waits as long as AWS makes it wait.

    Raises WrongStep, TooOften, or Busy while other work, or support, holds the account.
    """
    # The step of this moment: the form may be older than the launch.
    deployment.refresh_from_db(fields=["state"])
    if deployment.connection is None or deployment.state != DeploymentState.INFRASTRUCTURE:
        raise WrongStep(deployment.state)
    data = {"vpc_id": vpc_id, "subnet_ids": list(subnet_ids), "region": region or plan_of(deployment).region}
    live = workflows.live_workflow(deployment.connection)
    if live is not None and is_under_way(live, LOOK, deployment, data):
        return live
    bound_looks(deployment.connection, LOOK, by)
    if live is not None:
        give_up(live, LOOK, deployment, by)
    try:
        workflow = workflows.start(
            kind=LOOK, connection=deployment.connection, subject_id=deployment.pk, by=by, data=data
        )
    except workflows.Busy as busy:
        if busy.workflow is not None and is_under_way(busy.workflow, LOOK, deployment, data):
            return busy.workflow  # two presses at the same moment
        raise
    show_anew(deployment.pk)
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


def is_under_way(live: Workflow, kind: str, deployment: Deployment, data: Mapping[str, object]) -> bool:
    """Whether exactly this look of that kind is under way."""
    ours = live.kind == kind and live.subject_id == deployment.pk
    return ours and live.state == WorkflowState.ACTIVE and live.data == data


def bound_looks(connection: Connection, kind: str, by: User | str) -> None:
    """Raises TooOften where the account had its looks of that kind already."""
    most = MOST_LOOKS if isinstance(by, User) else MOST_LOOKS - 1  # one is always left to people
    recent = Workflow.objects.filter(connection=connection, kind=kind, started_at__gt=timezone.now() - WHILE)
    if recent.count() >= most:
        raise TooOften(
            _("We looked at the account %(count)d times within a minute. Wait a minute, then look again.")
            % {"count": most}
        )


def give_up(live: Workflow, kind: str, deployment: Deployment, by: User | str) -> None:
    """Raises Busy unless the live work is a look of that kind for this very deployment."""
    ours = live.kind == kind and live.subject_id == deployment.pk
    if not ours or live.state == WorkflowState.NEEDS_HUMAN:
        raise workflows.Busy(live)
    workflows.cancel(workflow=live, by=by)


def watch(*, deployment: Deployment) -> None:
    """Notes that an open page asked what is new."""
    VpcWatch.objects.update_or_create(
        deployment=deployment, defaults={"organisation_id": deployment.organisation_id, "asked_at": timezone.now()}
    )
