"""What is known of one peering: what is registered, and what was seen on each of its two sides. Pure.

The requester is the BYOC VPC, the accepter the target VPC.
"""

from dataclasses import dataclass

from portal.aws.facts.peering_sides import PeeringSide

__all__ = ["PeeringSide", "RegisteredPeering"]


@dataclass(frozen=True, kw_only=True)
class RegisteredPeering:
    """What the portal holds the peering to be; what AWS shows is compared with this.

    `id` is `pcx-…`, or empty while there is no connection yet; regions are empty where nobody gave one. The subnets are
    those that must reach the other side, the security groups those of the private load balancer, in the requester's
    VPC, and `ports` TCP ports. `private_load_balancer` is what support says; None when nobody said.
    `asked_by_target`: the connection was asked for by the target VPC and accepted in the BYOC account; what AWS calls
    its requester is our accepter.
    """

    id: str
    requester_vpc: str
    accepter_vpc: str
    requester_account: str
    accepter_account: str
    requester_region: str = ""
    accepter_region: str = ""
    requester_subnets: tuple[str, ...] = ()
    accepter_subnets: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    private_load_balancer: bool | None = None
    asked_by_target: bool = False

    @property
    def named(self) -> str:
        """The connection as a sentence names it, also before there is one. No route leads to `pcx-…`."""
        return self.id or "pcx-…"
