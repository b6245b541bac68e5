"""Stacks and resources as a page shows them: what is planned merged with what CloudFormation said.

Statuses: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, cached_property
from urllib.parse import quote

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.durations import short
from onboarding.models import Deployment, Stack, StackResource
from onboarding.stacks.inventory import TYPE_TITLES, InventoryItem, inventory
from onboarding.stacks.kinds import StackKind, stack_kind


class Phase(StrEnum):
    """Where a stack or resource stands, for people."""

    WAITING = "waiting"
    ABSENT = "absent"
    RUNNING = "running"
    COMPLETE = "complete"
    ROLLING_BACK = "rolling-back"
    ROLLED_BACK = "rolled-back"
    FAILED = "failed"
    DELETING = "deleting"
    GONE = "gone"
    KEPT = "kept"


PHASE_WORDS: Mapping[Phase, str | Promise] = {
    Phase.WAITING: _("waiting"),
    Phase.ABSENT: _("was not made"),
    Phase.RUNNING: _("in the making"),
    Phase.COMPLETE: _("complete"),
    Phase.ROLLING_BACK: _("rolling back"),
    Phase.ROLLED_BACK: _("rolled back"),
    Phase.FAILED: _("failed"),
    Phase.DELETING: _("deleting"),
    Phase.GONE: _("gone"),
    Phase.KEPT: _("stays"),
}
PHASE_ICONS: Mapping[Phase, str] = {
    Phase.WAITING: "circle",
    Phase.ABSENT: "dash-circle",
    Phase.RUNNING: "hourglass-split",
    Phase.COMPLETE: "check-circle-fill",
    Phase.ROLLING_BACK: "arrow-repeat",
    Phase.ROLLED_BACK: "slash-circle",
    Phase.FAILED: "x-circle-fill",
    Phase.DELETING: "hourglass-split",
    Phase.GONE: "trash",
    Phase.KEPT: "lock",
}
#: What AWS is still busy with.
BUSY = frozenset({Phase.RUNNING, Phase.DELETING, Phase.ROLLING_BACK})
#: Statuses of a resource that AWS deletes, has deleted or could not delete; not of one that it keeps.
DELETIONS = frozenset({"DELETE_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_FAILED"})
#: What did not become what it should.
BROKEN = frozenset({Phase.FAILED, Phase.ROLLED_BACK, Phase.ROLLING_BACK})


_PHASES: Mapping[str, Phase] = {
    "": Phase.WAITING,
    "DELETE_COMPLETE": Phase.GONE,
    "DELETE_SKIPPED": Phase.KEPT,
    "DELETE_IN_PROGRESS": Phase.DELETING,
    "ROLLBACK_COMPLETE": Phase.ROLLED_BACK,
    "ROLLBACK_IN_PROGRESS": Phase.ROLLING_BACK,
}


def phase_of(status: str) -> Phase:
    """The phase of a stack or resource by CloudFormation's status; an empty one is waiting."""
    if status in _PHASES:
        return _PHASES[status]
    if status.endswith("_COMPLETE"):
        return Phase.COMPLETE
    return Phase.RUNNING if status.endswith("_IN_PROGRESS") else Phase.FAILED


@dataclass(frozen=True, kw_only=True)
class ResourceView:
    """One resource; `typical` is None for one that no template of ours plans."""

    logical_id: str
    type: str
    title: str | Promise
    physical_id: str = ""
    phase: Phase = Phase.WAITING
    status: str = ""
    reason: str = ""
    started: datetime | None = None
    changed: datetime | None = None
    typical: timedelta | None = None

    @property
    def words(self) -> str | Promise:
        """The phase in words."""
        return PHASE_WORDS[self.phase]

    @property
    def icon(self) -> str:
        """The phase's icon."""
        return PHASE_ICONS[self.phase]

    @property
    def busy(self) -> bool:
        """Whether AWS is at it now."""
        return self.phase in BUSY

    @property
    def took(self) -> str:
        """How long the newest act on it took, in words; empty while it goes on and before it began."""
        return short(self.changed - self.started) if self.started and self.changed and not self.busy else ""

    @property
    def seconds(self) -> float:
        """What it weighs in the progress of its stack."""
        return self.typical.total_seconds() if self.typical else 5.0

    def behind(self, wanted: frozenset[Phase], now: datetime) -> float:
        """How many of its typical seconds are behind us; one that is not `wanted` yet never counts whole."""
        if self.phase in wanted:
            return self.seconds
        if not self.busy or self.started is None:
            return 0.0
        return float(min((now - self.started).total_seconds(), 0.9 * self.seconds))


@dataclass(frozen=True, kw_only=True)
class StackView:
    """One stack of the launch. `generation` counts from 1; a second one follows a roll-back.

    `typical` is for making it, on a removal for deleting it.
    """

    kind: str
    title: str | Promise
    name: str
    region: str
    generation: int
    stack_id: str
    status: str
    phase: Phase
    reason: str
    last_words: str
    seen: datetime | None
    started: datetime | None
    ended: datetime | None
    typical: timedelta
    removing: bool
    resources: tuple[ResourceView, ...]

    @property
    def words(self) -> str | Promise:
        """The phase in words."""
        return PHASE_WORDS[self.phase]

    @property
    def icon(self) -> str:
        """The phase's icon."""
        return PHASE_ICONS[self.phase]

    @property
    def busy(self) -> bool:
        """Whether AWS is at it now."""
        return self.phase in BUSY

    @property
    def broken(self) -> bool:
        """Whether it failed, or AWS is taking it back for that."""
        return self.phase in BROKEN

    @property
    def took(self) -> str:
        """How long making it took, on a removal deleting it, in words; empty while AWS is at it and before."""
        if self.busy or not self.started or not self.ended or (self.removing and self.phase is not Phase.GONE):
            return ""
        return short(self.ended - self.started)

    @cached_property
    def made(self) -> int:
        """Resources that are there."""
        return sum(1 for one in self.resources if one.phase in {Phase.COMPLETE, Phase.KEPT})

    @cached_property
    def gone(self) -> int:
        """Resources that are deleted, or stay by intention."""
        return sum(1 for one in self.resources if one.phase in {Phase.GONE, Phase.KEPT})

    @property
    def url(self) -> str:
        """The stack in the AWS console; empty before there is one.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-view-stack-data-resources.html
        """
        return console_stack_url(self.region, self.stack_id) if self.stack_id else ""

    @property
    def usual(self) -> str:
        """The typical duration in words."""
        return short(self.typical)


def console_stack_url(region: str, stack_id: str) -> str:
    """A stack's page in the AWS console; `stack_id` is its ARN."""
    console = settings.AWS_CONSOLE_URL.format(region=region)
    return f"{console}/cloudformation/home?region={region}#/stacks/stackinfo?stackId={quote(stack_id, safe='')}"


@cache
def planned(kind: str, profile: str) -> tuple[InventoryItem, ...]:
    """The resources of one kind of stack: the same for as long as the templates are."""
    return inventory(stack_kind(kind), profile)


def view_of(
    kind: StackKind, stack: Stack | None, deployment: Deployment, *, typical: timedelta, removing: bool
) -> StackView:
    """One stack with its planned resources; on a removal only with those that there are."""
    phase = phase_of(stack.status if stack else "")
    if removing and phase is Phase.WAITING and not (stack and stack.stack_id):
        phase = Phase.ABSENT
    rows: Sequence[StackResource] = list(stack.resources.all()) if stack else []
    return StackView(
        kind=kind.name,
        title=kind.title,
        name=stack.name if stack else kind.stack_name(deployment.slug),
        region=stack.region if stack else "",
        generation=stack.generation if stack else 1,
        stack_id=stack.stack_id if stack else "",
        status=stack.status if stack else "",
        phase=phase,
        reason=stack.reason if stack else "",
        last_words=stack.last_words if stack else "",
        seen=stack.observed_at if stack else None,
        started=_began(stack, rows, phase) if stack else None,
        ended=stack.settled_at if stack else None,
        typical=typical,
        removing=removing,
        resources=_merged(planned(kind.name, deployment.profile), rows, only_made=removing, unmade=_unmade(phase)),
    )


def _began(stack: Stack, rows: Iterable[StackResource], phase: Phase) -> datetime | None:
    """When AWS began what it does now: making the stack, or deleting it."""
    if phase not in {Phase.DELETING, Phase.GONE}:
        return stack.created_at
    return min((row.started_at for row in rows if row.started_at and row.status in DELETIONS), default=None)


def _unmade(phase: Phase) -> Phase:
    """What is said of a planned resource that no event named: it waits, or its stack ended before its turn."""
    return Phase.ABSENT if phase in BROKEN or phase is Phase.GONE else Phase.WAITING


def _merged(
    plan: Iterable[InventoryItem], rows: Iterable[StackResource], *, only_made: bool, unmade: Phase
) -> tuple[ResourceView, ...]:
    """The plan in its order with what there is of it, then what nobody planned."""
    known = {row.logical_id: row for row in rows}
    views = [
        _planned_resource(item, known.pop(item.logical_id, None), unmade)
        for item in plan
        if not only_made or item.logical_id in known
    ]
    others = (_resource(row, TYPE_TITLES.get(row.resource_type, row.resource_type)) for row in known.values())
    return (*views, *others)


def _planned_resource(item: InventoryItem, row: StackResource | None, unmade: Phase) -> ResourceView:
    typical = timedelta(seconds=item.typical_seconds)
    if row is not None:
        return _resource(row, item.title, typical)
    return ResourceView(logical_id=item.logical_id, type=item.type, title=item.title, phase=unmade, typical=typical)


def _resource(row: StackResource, title: str | Promise, typical: timedelta | None = None) -> ResourceView:
    return ResourceView(
        logical_id=row.logical_id,
        type=row.resource_type,
        title=title,
        physical_id=row.physical_id,
        phase=phase_of(row.status),
        status=row.status,
        reason=row.reason,
        started=row.started_at,
        changed=row.changed_at,
        typical=typical,
    )
