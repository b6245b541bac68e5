"""A look at both sides of a peering, as one value that is stored and judged again at will."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from networking.kinds import PEERING_SEEN, PEERING_STATED
from networking.models import Peering
from networking.peering.shapes import PeeringSide
from portal.aws.facts.shapes import Fact
from portal.findings.models import Observation


@dataclass(frozen=True, kw_only=True)
class PeeringLook(Fact):
    """What was seen of each side, and of which pair of VPCs. A side that nobody looked at is an empty one.

    `stated`: from a facts file about the target side, not seen by us. `whole_at` is when all of it was read that was
    not read again since.
    """

    requester_vpc: str
    accepter_vpc: str
    requester: PeeringSide
    accepter: PeeringSide
    stated: bool = False
    whole_at: datetime | None = None

    def shows(self, other: "PeeringLook") -> bool:
        """Whether both show the same, however they were read."""
        return replace(self, whole_at=None) == replace(other, whole_at=None)


@dataclass(frozen=True)
class SeenPeering:
    """A stored look and when it was made."""

    look: PeeringLook
    observation: Observation

    @classmethod
    def of(cls, observation: Observation) -> Self:
        """The look that `observation` holds."""
        return cls(PeeringLook.from_json(observation.facts), observation)

    @property
    def at(self) -> datetime:
        """When it was made; aware."""
        at: datetime = self.observation.observed_at
        return at


def newest_look(peering: Peering, *, stated: bool = False) -> SeenPeering | None:
    """The newest look at the peering's two VPCs, or what was last stated; None when there is none. One query."""
    rows: Any = Observation.objects.filter(
        organisation_id=peering.organisation_id,
        subject_id=peering.pk,
        kind=PEERING_STATED if stated else PEERING_SEEN,
        facts__requester_vpc=peering.requester_vpc,
        facts__accepter_vpc=peering.vpc_id,
    )
    newest = rows.order_by("-observed_at").first()
    return None if newest is None else SeenPeering.of(newest)
