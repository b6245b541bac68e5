"""What the portal holds a peering to be, from its row and from what was seen of what nobody types. Pure."""

from networking.models import Peering, PeeringConnection, PrivateAccess
from networking.peering.balancers import PRIVATE_PORTS, balancer_groups, private_balancers
from networking.peering.shapes import PeeringSide, RegisteredPeering
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.peerings import PeeringFact
from portal.aws.facts.vpcs import CidrFact, VpcFact
from portal.findings.shapes import Evidence


def registered_of(
    peering: Peering,
    *,
    requester: PeeringSide,
    accepter: PeeringSide,
    connection: PeeringConnection | None = None,
    access: PrivateAccess | None = None,
) -> RegisteredPeering:
    """The peering as it should be. The two sides are the row's alone; only the load balancer and its groups are found,
    and where the customer named no subnets of the target VPC, all that were seen there.
    """
    pcx = connection.pcx_id if connection is not None else ""
    groups = balancer_groups(requester, peering.requester_vpc, peering.deployment.slug)
    seen = bool(private_balancers(requester, peering.requester_vpc, groups))
    return RegisteredPeering(
        id=pcx,
        requester_vpc=peering.requester_vpc,
        accepter_vpc=peering.vpc_id,
        requester_account=byoc_account(peering),
        accepter_account=peering.account_id,
        requester_region=peering.requester_region,
        accepter_region=peering.region,
        requester_subnets=tuple(peering.requester_subnets),
        accepter_subnets=tuple(peering.subnet_ids) or _all_subnets(accepter, peering.vpc_id),
        security_group_ids=groups,
        ports=PRIVATE_PORTS,
        private_load_balancer=True if seen else _said(access),
        asked_by_target=any(
            fact.id == pcx and _is_turned(peering, fact)
            for side in (requester, accepter)
            for fact in side.peerings or ()
        ),
    )


def stated_target(peering: Peering) -> PeeringSide:
    """The target side as the customer typed it: its ranges, if they gave any, and nothing else."""
    if not peering.stated_ranges:
        return PeeringSide(evidence=Evidence.DECLARED)
    ranges = tuple(peering.stated_ranges)
    vpc = VpcFact(
        id=peering.vpc_id,
        owner=peering.account_id,
        cidrs=tuple(CidrFact(cidr=one) for one in ranges if ":" not in one),
        ipv6_cidrs=tuple(CidrFact(cidr=one) for one in ranges if ":" in one),
    )
    network = VpcNetwork(account=peering.account_id, region=peering.region, vpc_id=peering.vpc_id, vpcs=(vpc,))
    return PeeringSide(network=network, evidence=Evidence.DECLARED)


def byoc_account(peering: Peering) -> str:
    """The account of the BYOC VPC."""
    connection = peering.deployment.connection
    return connection.account_id if connection is not None else ""


def _said(access: PrivateAccess | None) -> bool | None:
    return None if access is None else access.enabled_at is not None


def _all_subnets(side: PeeringSide, vpc_id: str) -> tuple[str, ...]:
    subnets = side.network.subnets if side.network is not None else None
    return tuple(subnet.id for subnet in subnets or () if subnet.vpc == vpc_id)


def _is_turned(peering: Peering, fact: PeeringFact) -> bool:
    """Whether the target VPC asked and the BYOC VPC accepted."""
    shown = ((one.vpc, one.owner) for one in (fact.accepter, fact.requester))
    return tuple(shown) == (
        (peering.requester_vpc, byoc_account(peering)),
        (peering.vpc_id, peering.account_id),
    )
