"""The plan of changes of a peering that a person confirms, and what a workflow keeps of it."""

import hmac
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Self

from networking.peering.change import CREATE, ROUTE, RULE, PeeringChange, changes_from_json, plan_hash
from networking.peering.changes import changes_for, removal_of
from networking.peering.rights import cannot_undo
from networking.peering.standing import Standing
from networking.peering.steps import STEPS
from networking.peering.subjects import scene_of
from networking.states import PeeringStep


@dataclass(frozen=True, kw_only=True)
class PeeringPlan:
    """What was confirmed for one generation of a peering.

    `shown` is the hash of all that the page showed; `changes` are those that the portal makes. `steps` are the chosen
    ones, none for a removal, and `named` what the person said goes too. `ranges` are those of the BYOC VPC as they were
    known then: an answer of AWS that lists others stops the work.
    """

    generation: int
    steps: tuple[PeeringStep, ...] = ()
    named: frozenset[str] = frozenset()
    changes: tuple[PeeringChange, ...] = ()
    shown: str = ""
    ranges: tuple[str, ...] = ()

    @classmethod
    def of(cls, standing: Standing, steps: Sequence[PeeringStep]) -> Self:
        """What is left of the steps, in the order of the six; `steps` are those with something to do.

        While there is no connection, what leads to it is planned together with its creation only.
        """
        wanted = [change for step in STEPS if step.key in steps for change in changes_for(step.key, standing)]
        born = standing.registered.id or any(change.kind == CREATE for change in wanted)
        changes = tuple(change for change in wanted if born or change.kind == RULE)
        return cls(
            generation=standing.peering.generation,
            steps=tuple(dict.fromkeys(change.step for change in changes)),
            changes=changes,
            shown=plan_hash(changes),
            ranges=_ranges(standing),
        )

    @classmethod
    def of_removal(cls, standing: Standing, named: AbstractSet[str]) -> Self:
        """Everything that is taken back is shown; the portal makes what its roles may."""
        changes = removal_of(standing, named=named).changes
        return cls(
            generation=standing.peering.generation,
            named=frozenset(named),
            changes=tuple(change for change in changes if not cannot_undo(change, standing)),
            shown=plan_hash(changes),
            ranges=_ranges(standing),
        )

    def matches(self, shown_hash: str) -> bool:
        """Whether somebody was shown exactly this plan."""
        return hmac.compare_digest(self.shown.encode(), shown_hash.encode())

    @property
    def is_whole(self) -> bool:
        """Whether the changes are just those that were shown; not so of a removal, which shows those of others too."""
        return self.matches(plan_hash(self.changes))

    def destinations(self, side: str) -> tuple[str, ...]:
        """The other side's ranges on which one side's changes rest: where routes lead, what a rule admits."""
        leading = (one for one in self.changes if one.kind in {ROUTE, RULE} and one.side == side)
        return tuple(dict.fromkeys(text for change in leading for text in change.ranges))

    def to_data(self) -> dict[str, Any]:
        """As the workflow keeps it."""
        return {
            "generation": self.generation,
            "steps": [step.value for step in self.steps],
            "named": sorted(self.named),
            "plan_hash": self.shown,
            "ranges": list(self.ranges),
            "changes": [change.to_json() for change in self.changes],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The plan that `to_data` wrote. Raises KeyError, ValueError or UnreadableFactError."""
        return cls(
            generation=int(data["generation"]),
            steps=tuple(PeeringStep(step) for step in data["steps"]),
            named=frozenset(str(name) for name in data["named"]),
            changes=changes_from_json(data["changes"]),
            shown=str(data["plan_hash"]),
            ranges=tuple(str(text) for text in data["ranges"]),
        )


def _ranges(standing: Standing) -> tuple[str, ...]:
    scene = scene_of(standing)
    return tuple(block.text for block in scene.ranges(scene.requester).blocks)
