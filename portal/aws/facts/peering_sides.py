"""One side of a VPC peering with everything that a verification needs, as one value from one look."""

from dataclasses import dataclass

from portal.aws.facts.load_balancers import LoadBalancerFact
from portal.aws.facts.network_acls import NetworkAclFact
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.peerings import PeeringFact
from portal.aws.facts.security_groups import SecurityGroupFact
from portal.aws.facts.shapes import Fact
from portal.findings.shapes import Evidence


@dataclass(frozen=True, kw_only=True)
class PeeringSide(Fact):
    """One look at one side. A part that is None was not looked at or not shown; an empty one has nothing.

    Reads that AWS refused stand in `network.refused`, those of the other parts as well. Load balancers are the network
    load balancers of the VPC; only the requester's are looked at.
    """

    network: VpcNetwork | None = None
    peerings: tuple[PeeringFact, ...] | None = None
    security_groups: tuple[SecurityGroupFact, ...] | None = None
    network_acls: tuple[NetworkAclFact, ...] | None = None
    load_balancers: tuple[LoadBalancerFact, ...] | None = None
    evidence: Evidence = Evidence.OBSERVED
