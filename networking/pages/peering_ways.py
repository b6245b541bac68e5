"""The ways to do one step: by us, by support, or by hand with the customer's own values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from networking.pages.peering_plan import PlannedStep, planned_steps
from networking.peering.plan import PeeringPlan
from networking.peering.remedies.asking import SupportRequest, support_requests
from networking.peering.remedies.remedies import remedies_for
from networking.peering.standing import Standing
from networking.peering.steps import Place, step_of
from networking.remedies.shapes import Remedy
from networking.states import PeeringStep


@dataclass(frozen=True, kw_only=True)
class Ways:
    """`planned` is what we would do for the step, `request` what support is asked for, `remedies` how a person does it.
    `allowed` are all the steps that we could do now, whichever is open. `scripts` says for which sides there is
    a script of everything.
    """

    planned: PlannedStep
    request: SupportRequest | None
    remedies: tuple[Remedy, ...]
    allowed: tuple[PlannedStep, ...]
    scripts: frozenset[str]

    @classmethod
    def of(cls, standing: Standing, key: PeeringStep) -> Self:
        """The ways to do the step `key`."""
        planned = planned_steps(standing)
        remedies = remedies_for(standing)
        offered = [one.step.key for one in planned if one.is_offered]
        # Without a connection, what leads to one is no plan by itself.
        together = PeeringPlan.of(standing, offered).steps
        return cls(
            planned=next(one for one in planned if one.step.key == key),
            request=support_requests(standing).get(key),
            remedies=tuple(remedies.get(key, ())),
            allowed=tuple(one for one in planned if one.step.key in together),
            scripts=frozenset(_sides(remedies)),
        )

    @property
    def count(self) -> int:
        """How many changes all the allowed steps have."""
        return sum(len(one.changes) for one in self.allowed)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the step is done in the target account, where a role can be lent to us."""
        return self.planned.step.place is Place.TARGET

    @property
    def script(self) -> str:
        """The side whose script has this step; empty where there is none."""
        side = Place.TARGET.value if self.is_elsewhere else Place.BYOC.value
        return side if side in self.scripts and self.remedies else ""


def _sides(remedies: Mapping[PeeringStep, tuple[Remedy, ...]]) -> set[str]:
    """The sides for which there is something to run."""
    return {step_of(key).place.value for key, made in remedies.items() if any(not one.needs_decision for one in made)}
