"""What all makers of a peering's remedies read: both sides as the checks see them, and the connection. Pure."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

from networking.peering.checks.connection import ENDED
from networking.peering.checks.overlap import check_overlap
from networking.peering.checks.scene import PeeringScene, View
from networking.peering.connection_changes import Link
from networking.peering.remedies.pieces import FoundConnection, Pair
from networking.peering.standing import Standing
from networking.peering.subjects import former_connections, scene_of
from networking.remedies.pieces import Ref
from portal.aws.facts.networks import VpcNetwork
from portal.findings.shapes import Level


@dataclass(frozen=True)
class Context:
    """`former` are the peering's connections that ended, by our own record: AWS forgets them."""

    scene: PeeringScene
    former: frozenset[str] = frozenset()

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """Of a peering as it stands."""
        return cls(scene_of(standing), former_connections(standing))

    @cached_property
    def pair(self) -> Pair:
        """The registered ends."""
        return Pair.of(self.scene.registered)

    @cached_property
    def link(self) -> Link:
        """The connection of the generation that counts."""
        return Link(self.scene, ended=self.scene.registered.id in self.former)

    @cached_property
    def target(self) -> Ref:
        """Where routes lead: the connection's id, or the one that is found when a form runs."""
        return self.scene.registered.id or FoundConnection(slug="connection", pair=self.pair)

    @cached_property
    def ended(self) -> frozenset[str]:
        """Connections that nothing can flow through any more."""
        sides = (self.scene.requester_side, self.scene.accepter_side)
        seen = (fact.id for side in sides for fact in side.peerings or () if fact.status in ENDED)
        return (self.former | frozenset(seen)) - {self.scene.registered.id}

    @property
    def overlaps(self) -> bool:
        """Whether AWS would refuse the connection; nothing done by hand in AWS changes that here."""
        return any(finding.level is Level.FAILED for finding in check_overlap(self.scene))

    @property
    def byoc(self) -> VpcNetwork:
        """The BYOC VPC; bare where nobody looked."""
        return _network(self.scene.requester, self.pair.region)

    @property
    def target_vpc(self) -> VpcNetwork:
        """The target VPC; bare where nobody looked."""
        return _network(self.scene.accepter, self.pair.peer_region)


def _network(view: View, region: str) -> VpcNetwork:
    return view.network or VpcNetwork(account=view.account, region=region, vpc_id=view.vpc_id)
