"""How far a launch or tear-down is: stacks with their resources, elapsed against typical time, AWS's last words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from onboarding.kinds import LAUNCH, TEARDOWN
from onboarding.models import Deployment, Stack, StackResource
from onboarding.stacks.kinds import STACKS, StackKind
from onboarding.states import DeploymentState
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState

#: A stack that takes this many times its usual time gets a word of explanation.
STALLED = 2.0


@dataclass(frozen=True, kw_only=True)
class StackView:
    """One stack as the page shows it; `state` is waiting, running, done, failed or gone."""

    kind: str
    title: str | Promise
    name: str
    stack_id: str
    status: str
    state: str
    reason: str
    last_words: str
    started: datetime | None
    ended: datetime | None
    typical: timedelta
    stalled: bool
    resources: tuple[StackResource, ...]

    @property
    def done(self) -> int:
        """Resources that are finished."""
        return sum(1 for row in self.resources if row.status.endswith("_COMPLETE") or row.status == "DELETE_SKIPPED")


@dataclass(frozen=True, kw_only=True)
class LaunchProgress:
    """All stacks in their order, and the workflow that drives them."""

    workflow: Workflow | None
    stacks: tuple[StackView, ...]
    typical: timedelta
    percent: int
    removing: bool

    @property
    def paused(self) -> bool:
        """Whether somebody must act before it goes on."""
        return self.workflow is not None and self.workflow.state == WorkflowState.PAUSED

    @property
    def live(self) -> bool:
        """Whether it goes on by itself."""
        return self.workflow is not None and self.workflow.state == WorkflowState.ACTIVE


def launch_progress(deployment: Deployment) -> LaunchProgress:
    """Three queries, whatever the number of resources."""
    removing = deployment.state in {DeploymentState.TEARDOWN, DeploymentState.REMOVED}
    kind = TEARDOWN if removing else LAUNCH
    workflow = Workflow.objects.filter(subject_id=deployment.pk, kind=kind).order_by("-started_at").first()
    newest: dict[str, Stack] = {}
    rows = Stack.objects.filter(deployment=deployment).order_by("generation").prefetch_related("resources")
    for stack in rows:
        newest[stack.kind] = stack
    stacks = tuple(_view(stack_kind, newest.get(stack_kind.name), deployment) for stack_kind in STACKS)
    return LaunchProgress(
        workflow=workflow,
        stacks=stacks,
        typical=timedelta(seconds=sum(one.typical_seconds for one in STACKS)),
        percent=_percent(stacks, removing=removing),
        removing=removing,
    )


def _view(kind: StackKind, stack: Stack | None, deployment: Deployment) -> StackView:
    typical = timedelta(seconds=kind.typical_seconds)
    started, ended = (stack.created_at, stack.settled_at) if stack else (None, None)
    state = _state(stack.status if stack else "")
    late = state == "running" and started is not None and timezone.now() - started > STALLED * typical
    return StackView(
        kind=kind.name,
        title=kind.title,
        name=stack.name if stack else kind.stack_name(deployment.slug),
        stack_id=stack.stack_id if stack else "",
        status=stack.status if stack else "",
        state=state,
        reason=stack.reason if stack else "",
        last_words=stack.last_words if stack else "",
        started=started,
        ended=ended,
        typical=typical,
        stalled=late,
        resources=tuple(stack.resources.all()) if stack else (),
    )


def _state(status: str) -> str:
    if not status:
        return "waiting"
    if status == "DELETE_COMPLETE":
        return "gone"
    if status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        return "done"
    if status.endswith("_IN_PROGRESS") and "ROLLBACK" not in status:
        return "running"
    return "failed"


def _percent(stacks: tuple[StackView, ...], *, removing: bool) -> int:
    """How much of the typical time is behind us; a finished stack counts whole."""
    finished = {"gone"} if removing else {"done"}
    total = sum(stack.typical.total_seconds() for stack in stacks)
    behind = sum(_behind(stack, finished) for stack in stacks)
    return min(100, round(100 * behind / total))


def _behind(stack: StackView, finished: set[str]) -> float:
    typical = stack.typical.total_seconds()
    if stack.state in finished or (stack.state == "waiting" and "gone" in finished):
        return typical
    if stack.state != "running" or not stack.resources:
        return 0.0
    return typical * stack.done / len(stack.resources)


def stall_message(stack: StackView) -> str:
    """Why a stack may take longer, and what happens next."""
    return _(
        "%(name)s takes longer than usual. AWS may be waiting for capacity or a quota; its last words are below."
    ) % {"name": stack.name}
