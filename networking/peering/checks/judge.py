"""All checks of one peering together: what was seen of both sides in, the findings of the contract out. Pure."""

from networking.peering.checks.connection import check_accepted, check_connection
from networking.peering.checks.overlap import check_overlap
from networking.peering.checks.private_load_balancer import check_private_load_balancer
from networking.peering.checks.routes import check_accepter_routes, check_requester_routes
from networking.peering.checks.scene import PeeringScene
from networking.peering.checks.security_groups import check_security_groups
from networking.peering.shapes import PeeringSide, RegisteredPeering
from onboarding.rules.profiles import Profile
from portal.findings.shapes import Finding


def judge_peering(
    registered: RegisteredPeering, requester: PeeringSide, accepter: PeeringSide, *, profile: Profile
) -> tuple[Finding, ...]:
    """Every code for one peering, in the contract's order.

    One finding for each code and resource that is not fine, one `passed` finding for a code where all is. A side
    that nobody looked at is an empty `PeeringSide()`.
    """
    scene = PeeringScene(registered, requester, accepter, profile)
    return (
        *check_private_load_balancer(scene),
        *check_connection(scene),
        *check_accepted(scene),
        *check_requester_routes(scene),
        *check_accepter_routes(scene),
        *check_security_groups(scene),
        *check_overlap(scene),
    )
