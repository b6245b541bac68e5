"""What the portal would change for a step of a peering, and what stands in its way. Pure.

A plan holds only what is known to be wrong, and replaces nothing of anybody's.
"""

from typing import TYPE_CHECKING

from networking.peering.change import ACCEPTER, REQUESTER, PeeringChange, changes_from_json, is_covered, plan_hash
from networking.peering.change_words import sentence
from networking.peering.removal import Removal, Stay, removal_of
from networking.peering.subjects import link_of, routes_of, rules_of
from networking.states import PeeringStep

if TYPE_CHECKING:
    from networking.peering.standing import Standing

__all__ = [
    "PeeringChange", "Removal", "Stay", "changes_for", "changes_from_json", "is_covered", "obstacles_for", "plan_hash",
    "removal_of", "sentence",
]  # fmt: skip


def changes_for(step: PeeringStep, standing: "Standing") -> tuple[PeeringChange, ...]:
    """What is left of a step for the portal to do, one call each; nothing where it is done, or nobody knows.

    Later steps can be planned before the connection is there: their changes then lead to the one that is made.
    """
    link = link_of(standing)
    match step:
        case PeeringStep.CONNECTION:
            return link.creation()
        case PeeringStep.ACCEPTANCE:
            return link.acceptance()
        case PeeringStep.ROUTES:
            return routes_of(standing, REQUESTER).lacking() if link.is_usable else ()
        case PeeringStep.RETURN_ROUTES:
            return routes_of(standing, ACCEPTER).lacking() if link.is_usable else ()
        case PeeringStep.SECURITY_GROUP:
            return rules_of(standing).lacking()
        case _:
            return ()


def obstacles_for(step: PeeringStep, standing: "Standing") -> tuple[str, ...]:
    """What stands in the way of a step, in sentences: nothing of it is replaced, accepted or deleted silently."""
    match step:
        case PeeringStep.CONNECTION | PeeringStep.ACCEPTANCE:
            return link_of(standing).obstacles()
        case PeeringStep.ROUTES:
            return routes_of(standing, REQUESTER).obstacles()
        case PeeringStep.RETURN_ROUTES:
            return routes_of(standing, ACCEPTER).obstacles()
        case _:
            return ()
