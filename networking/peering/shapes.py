"""What is known of one peering: what is registered, and what was seen on each of its two sides. Pure.

The requester is the BYOC VPC, the accepter the target VPC.
"""

from dataclasses import dataclass

from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.peerings import PeeringFact
from portal.aws.facts.security_groups import SecurityGroupFact
from portal.findings.shapes import Evidence


@dataclass(frozen=True, kw_only=True)
class RegisteredPeering:
    """What the portal holds the peering to be; what AWS shows is compared with this.

    `id` is `pcx-…`; regions are empty where nobody gave one. The subnets are those that must reach the other side, the
    security groups those of the private load balancer, in the requester's VPC, and `ports` TCP ports.
    `private_load_balancer` is what support says; None when nobody said.
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


@dataclass(frozen=True, kw_only=True)
class PeeringSide:
    """One look at one side. A part that is None was not looked at or not shown; an empty one has nothing.

    Reads that AWS refused stand in `network.refused`, those of `peerings` and `security_groups` as well.
    """

    network: VpcNetwork | None = None
    peerings: tuple[PeeringFact, ...] | None = None
    security_groups: tuple[SecurityGroupFact, ...] | None = None
    evidence: Evidence = Evidence.OBSERVED
