"""What a plan is made from, out of one standing: the connection, the routes of each side, the rules. Pure."""

from typing import TYPE_CHECKING

from networking.peering.checks.scene import PeeringScene
from networking.peering.connection_changes import Link
from networking.peering.route_changes import SideRoutes
from networking.peering.rule_changes import BalancerRules, mark_of

if TYPE_CHECKING:
    from networking.peering.standing import Standing


def scene_of(standing: "Standing") -> PeeringScene:
    """Both sides as the checks see them."""
    return PeeringScene(standing.registered, standing.requester, standing.accepter, standing.profile)


def link_of(standing: "Standing") -> Link:
    """The connection of the generation that counts."""
    row = standing.connection
    return Link(scene_of(standing), ended=row is not None and row.ended_at is not None)


def routes_of(standing: "Standing", side: str) -> SideRoutes:
    """The routes of one side."""
    return SideRoutes(scene_of(standing), side, former_connections(standing))


def rules_of(standing: "Standing") -> BalancerRules:
    """The inbound rules of the private load balancer."""
    return BalancerRules(scene_of(standing), mark_of(standing.peering.pk))


def former_connections(standing: "Standing") -> frozenset[str]:
    """The peering's connections that ended, of any generation; by our own record, for AWS forgets them."""
    return frozenset(row.pcx_id for row in standing.peering.connections.all() if row.ended_at is not None)
