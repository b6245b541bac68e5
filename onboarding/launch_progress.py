"""How far a launch or tear-down is: stacks with their resources, elapsed against typical time, what failed and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onboarding.actions.launch import standing
from onboarding.failures import Failure, failures_of, refusals
from onboarding.models import Deployment, Stack
from onboarding.stack_views import Phase, ResourceView, StackView, view_of
from onboarding.stacks.kinds import StackKind, stack_kinds
from onboarding.states import DeploymentState
from portal.workflows.models import Intent, Workflow
from portal.workflows.states import IntentState, WorkflowState

#: What takes this many times its usual time gets a word of explanation.
STALLED: Final = 2.0
#: Seconds after which an open page is drawn again although nothing new was said: estimates move.
REDRAWN: Final = 20
#: What deleting a stack usually takes, in seconds; a wrong figure makes a progress bar slow, nothing else.
DELETION_SECONDS: Final[Mapping[str, int]] = {"network": 150, "storage": 30, "roles": 45, "cluster": 720}
REMOVING: Final = (DeploymentState.TEARDOWN, DeploymentState.REMOVED)
STOPPED: Final = (WorkflowState.PAUSED, WorkflowState.NEEDS_HUMAN, WorkflowState.REFUSED)

LAUNCHED: Final = frozenset({Phase.COMPLETE})
REMOVED: Final = frozenset({Phase.GONE, Phase.KEPT})


@dataclass(frozen=True, kw_only=True)
class LaunchProgress:
    """All stacks in the order in which they are worked on, and what the page says about the whole.

    `now` and `following` are sentences; `redraw_at` is when an open page has something new to show by itself.
    """

    workflow: Workflow | None
    stacks: tuple[StackView, ...]
    typical: timedelta
    percent: int
    removing: bool
    now: str
    following: str
    stalled: str
    failures: tuple[Failure, ...]
    redraw_at: int

    @property
    def state(self) -> str:
        """For components/_progress.html: running, done or failed."""
        if self._stands(WorkflowState.DONE):
            return "done"
        return "failed" if self.refused or (self.stopped and self.failures) else "running"

    @property
    def paused(self) -> bool:
        """Whether the customer can let it go on."""
        return self._stands(WorkflowState.PAUSED)

    @property
    def needs_human(self) -> bool:
        """Whether support has it."""
        return self._stands(WorkflowState.NEEDS_HUMAN)

    @property
    def refused(self) -> bool:
        """Whether it ended without having been possible."""
        return self._stands(WorkflowState.REFUSED)

    @property
    def live(self) -> bool:
        """Whether it goes on by itself: only then a page asks again."""
        return self._stands(WorkflowState.ACTIVE)

    @property
    def stopped(self) -> bool:
        """Whether it stands still before its end."""
        return self.workflow is not None and self.workflow.state in STOPPED

    @property
    def usual(self) -> str:
        """The typical duration of the whole, in words."""
        return _("about %(minutes)d min") % {"minutes": max(1, round(self.typical.total_seconds() / 60))}

    @property
    def last_words(self) -> str:
        """The newest thing that AWS said about any stack."""
        return max(self._spoken, key=_seen).last_words if self._spoken else ""

    @property
    def last_words_at(self) -> datetime | None:
        """When AWS was last asked about it."""
        return max(self._spoken, key=_seen).seen if self._spoken else None

    @property
    def _spoken(self) -> list[StackView]:
        since = self.workflow.started_at if self.workflow is not None else None
        return [stack for stack in self.stacks if stack.last_words and stack.seen and since and stack.seen >= since]

    def _stands(self, state: WorkflowState) -> bool:
        return self.workflow is not None and self.workflow.state == state


def _seen(stack: StackView) -> datetime:
    assert stack.seen is not None
    return stack.seen


def launch_progress(
    deployment: Deployment, workflow: Workflow | None, rows: Sequence[Stack], *, brings_vpc: bool = False
) -> LaunchProgress:
    """What the page shows, from the newest workflow and from all stack rows (with their resources).

    There is no network among the stacks where the customer `brings_vpc`. One query when it stands still (what AWS
    refused), else none.
    """
    removing = deployment.state in REMOVING
    stacks = _views(deployment, rows, stack_kinds(brings_vpc=brings_vpc), removing=removing)
    clock = timezone.now()
    wanted = REMOVED if removing else LAUNCHED
    stall = next(((one, stack) for stack in stacks if stack.busy and (one := _slow(stack, clock))), None)
    return LaunchProgress(
        workflow=workflow,
        stacks=stacks,
        typical=sum((stack.typical for stack in stacks if stack.phase is not Phase.ABSENT), timedelta()),
        percent=_percent(stacks, wanted, clock),
        removing=removing,
        now=_now(workflow, stacks),
        following=_following(stacks, removing=removing),
        stalled=_stall(*stall, clock) if stall else "",
        failures=_failures(deployment, workflow, stacks),
        redraw_at=int(clock.timestamp()) + REDRAWN,
    )


def stack_rows(deployment: Deployment) -> list[Stack]:
    """All generations of all stacks with their resources: two queries, whatever their number."""
    found = Stack.objects.filter(deployment=deployment).order_by("generation").prefetch_related("resources")
    return list(found)


def _views(
    deployment: Deployment, rows: Sequence[Stack], kinds: Sequence[StackKind], *, removing: bool
) -> tuple[StackView, ...]:
    shown = {stack.kind: stack for stack in standing(rows)}
    order = tuple(reversed(kinds)) if removing else kinds

    def typical(kind: StackKind) -> timedelta:
        return timedelta(seconds=DELETION_SECONDS[kind.name] if removing else kind.typical_seconds)

    return tuple(
        view_of(kind, shown.get(kind.name), deployment, typical=typical(kind), removing=removing) for kind in order
    )


def _percent(stacks: Sequence[StackView], wanted: frozenset[Phase], now: datetime) -> int:
    """How much of the typical time is behind us; 100 only when everything is there, or gone."""
    counted = [stack for stack in stacks if stack.phase is not Phase.ABSENT]
    total = sum(stack.typical.total_seconds() for stack in counted)
    if all(stack.phase in wanted for stack in counted):
        return 100
    behind = sum(stack.typical.total_seconds() * _share(stack, wanted, now) for stack in counted)
    return min(99, int(100 * behind / total))


def _share(stack: StackView, wanted: frozenset[Phase], now: datetime) -> float:
    """How much of one stack is done, by the typical times of its resources: from 0 to 1."""
    if stack.phase in wanted:
        return 1.0
    if not stack.busy or stack.phase is Phase.ROLLING_BACK:
        return 0.0
    done = REMOVED if stack.phase is Phase.DELETING else wanted
    whole = sum(one.seconds for one in stack.resources)
    return sum(one.behind(done, now) for one in stack.resources) / whole if whole else 0.0


def _now(workflow: Workflow | None, stacks: Sequence[StackView]) -> str:
    """What happens at this moment."""
    if workflow is not None and workflow.state in STOPPED:
        return _("It stands still until somebody acts.")
    at_work = next((stack for stack in stacks if stack.busy), None)
    if at_work is not None:
        return _stack_now(at_work)
    step = workflow.step if workflow is not None else ""
    by_name = {stack.kind: stack for stack in stacks}
    if step in by_name:
        return _("%(stack)s comes now.") % {"stack": by_name[step].title}
    return {
        "proof": _("We prove once more that only we can use your roles."),
        "choices": _("We compare what you confirmed with what will be made."),
        "network": _("We look at your VPC once more."),  # of a brought one there is no stack
        "settle": _("We wait until no stack of the launch can still appear."),
        "blockers": _("We look for what keeps the VPC from being deleted."),
        "remains": _("We list what stays in your account."),
    }.get(step, "")


def _stack_now(stack: StackView) -> str:
    all_ = len(stack.resources)
    words = {"stack": stack.title, "made": stack.made, "gone": stack.gone, "all": all_}
    match stack.phase:
        case Phase.DELETING:
            said = ngettext(
                "%(stack)s: %(gone)d of %(all)d resource is deleted.",
                "%(stack)s: %(gone)d of %(all)d resources are deleted.",
                all_,
            )
        case Phase.ROLLING_BACK:
            said = _("%(stack)s failed: AWS takes back what it had made of it.")
        case _:
            said = ngettext(
                "%(stack)s: %(made)d of %(all)d resource is there.",
                "%(stack)s: %(made)d of %(all)d resources are there.",
                all_,
            )
    return said % words


def _following(stacks: Sequence[StackView], *, removing: bool) -> str:
    """What comes after that."""
    done = REMOVED | {Phase.ABSENT} if removing else LAUNCHED
    open_ = [stack for stack in stacks if stack.phase not in done]
    later = [str(stack.title) for stack in open_ if not stack.busy and stack is not open_[0]]
    if later:
        return _("Then: %(stacks)s.") % {"stacks": _(" → ").join(later)}
    if not open_:
        return ""
    return _("Then: the list of what stays.") if removing else _("Then: ready.")


def _slow(stack: StackView, now: datetime) -> ResourceView | None:
    """The resource of a stack at work that exceeds its usual time most."""
    late = [
        one
        for one in stack.resources
        if one.busy and one.started and (now - one.started).total_seconds() > STALLED * max(one.seconds, 60)
    ]
    return min(late, key=lambda one: one.started or now, default=None)


def _stall(one: ResourceView, stack: StackView, now: datetime) -> str:
    """Why it may take longer, and what happens next."""
    assert one.started is not None
    words = {
        "what": one.title,
        "id": one.logical_id,
        "minutes": int((now - one.started).total_seconds() // 60),
        "usual": max(1, round(one.seconds / 60)),
        "stack": stack.title,
    }
    if stack.phase is Phase.DELETING:
        return (
            _(
                "AWS has been deleting %(what)s %(id)s for %(minutes)d min. Most often something still uses it. AWS"
                " goes on trying; when it gives up, we show its reason here and write to you."
            )
            % words
        )
    return (
        _(
            "AWS has been making %(what)s %(id)s for %(minutes)d min; usually it takes %(usual)d min. Most often AWS"
            " waits for capacity. When it gives up, it takes the stack back; we show its reason here and write to you."
        )
        % words
    )


def _failures(deployment: Deployment, workflow: Workflow | None, stacks: Sequence[StackView]) -> tuple[Failure, ...]:
    """What stands in the way, while it does: broken stacks and calls that AWS refused."""
    found = [failure for stack in stacks for failure in failures_of(stack, deployment)]
    if workflow is not None and workflow.state in STOPPED:
        region = next((stack.region for stack in stacks if stack.region), "")
        refused = Intent.objects.filter(workflow=workflow, state=IntentState.REFUSED).order_by("-sent_at")[:3]
        found += refusals((intent for intent in refused if intent.error_code != "Superseded"), deployment, region)
    return tuple(found)
