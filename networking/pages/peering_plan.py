"""«Do it for me»: what the portal would change for one step or for all that is allowed, before anybody confirms it."""

from dataclasses import dataclass
from typing import Self

from networking.models import Peering
from networking.peering.change import ACCEPTER
from networking.peering.changes import changes_for, obstacles_for, sentence
from networking.peering.plan import PeeringPlan
from networking.peering.rights import cannot
from networking.peering.standing import Standing, standing_of
from networking.peering.steps import STEPS, SixStep, number_of
from networking.states import PeeringStep
from portal.aws.models.connections import ROLE_NAMES
from portal.aws.states import RoleKind


@dataclass(frozen=True, kw_only=True)
class PlannedChange:
    """One call, in words."""

    sentence: str
    call: str
    role: str
    account: str
    subnets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """One step of a plan: its changes, or why there are none. `cannot`: why the portal may not do it."""

    step: SixStep
    number: int
    changes: tuple[PlannedChange, ...]
    obstacles: tuple[str, ...]
    cannot: str
    done: bool

    @property
    def is_offered(self) -> bool:
        """Whether the portal may do it and there is something to do."""
        return bool(self.changes) and not self.cannot


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    """Everything that the page of a plan says. `wanted` is the chosen step; None for all that is allowed."""

    standing: Standing
    wanted: PeeringStep | None
    steps: tuple[PlannedStep, ...]
    plan: PeeringPlan

    @classmethod
    def of(cls, peering: Peering, wanted: PeeringStep | None) -> Self:
        """Reads rows only; nothing here asks AWS."""
        standing = standing_of(peering)
        steps = planned_steps(standing)
        chosen = tuple(one for one in steps if wanted is None or one.step.key == wanted)
        offered = [one.step.key for one in chosen if one.is_offered]
        return cls(standing=standing, wanted=wanted, steps=chosen, plan=PeeringPlan.of(standing, offered))

    @property
    def peering(self) -> Peering:
        """The row."""
        return self.standing.peering

    @property
    def offered(self) -> tuple[PlannedStep, ...]:
        """The steps that would be done now, in order."""
        return tuple(one for one in self.steps if one.step.key in self.plan.steps)

    @property
    def left(self) -> tuple[PlannedStep, ...]:
        """The steps that are not done and are left to somebody else, each with the reason."""
        return tuple(one for one in self.steps if one.step.key not in self.plan.steps and not one.done)

    @property
    def count(self) -> int:
        """How many calls change something."""
        return len(self.plan.changes)


def planned_steps(standing: Standing) -> tuple[PlannedStep, ...]:
    """All six, each with what the portal would do."""
    return tuple(_planned(standing, step) for step in STEPS)


def _planned(standing: Standing, step: SixStep) -> PlannedStep:
    done = standing.is_done(step.key)
    found = () if done else changes_for(step.key, standing)
    return PlannedStep(
        step=step,
        number=number_of(step.key),
        changes=tuple(
            PlannedChange(
                sentence=sentence(change),
                call=change.call,
                role=ROLE_NAMES[RoleKind.PEERING if change.side == ACCEPTER else RoleKind.MANAGEMENT],
                account=change.account,
                subnets=change.subnets,
            )
            for change in found
        ),
        obstacles=() if done else obstacles_for(step.key, standing),
        cannot="" if done else cannot(step.key, standing.peering),
        done=done,
    )
