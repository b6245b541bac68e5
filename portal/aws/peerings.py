"""Looks at the two sides of a VPC peering: the whole look, and the lean one that verifies what a whole look brought.

All reads of a look go out at once. The lean look leaves out what others tell: the associations of network ACLs say
which subnets there are, for a subnet always has exactly one, and an active connection lists every range of both VPCs.
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcPeeringConnectionVpcInfo.html
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.aws import ec2, elbv2
from portal.aws.errors import Unclear
from portal.aws.facts.network_acls import NetworkAclFact
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.peering_sides import PeeringSide
from portal.aws.facts.peerings import PeeringFact, PeeringSideFact
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.security_groups import SecurityGroupFact
from portal.aws.facts.shapes import IncompleteAnswerError
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import CidrFact, VpcFact
from portal.aws.networks import Answer, distinct, listing, side_by_side
from portal.aws.recorder import gathering
from portal.aws.sessions import AccountSession

VPCS, SUBNETS, TABLES = "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeRouteTables"
PEERINGS, GROUPS = "ec2:DescribeVpcPeeringConnections", "ec2:DescribeSecurityGroups"
ACLS, BALANCERS = "ec2:DescribeNetworkAcls", "elasticloadbalancing:DescribeLoadBalancers"

#: What a whole look calls on each side; a session for it may be narrowed to these.
ACCEPTER_LOOKING = (VPCS, SUBNETS, TABLES, PEERINGS, ACLS)
REQUESTER_LOOKING = (*ACCEPTER_LOOKING, GROUPS, BALANCERS)
#: What a lean look calls: with two AssumeRoles eight calls, of which three wait for one another. Where one session
#: serves both sides there is room for the requester's network ACLs; else they stay as the whole look saw them.
_LEAN_REQUESTER = (PEERINGS, TABLES, GROUPS, BALANCERS)
_LEAN_ACCEPTER = (TABLES, ACLS)

type Answers = Mapping[str, Answer[Any]]


@dataclass(frozen=True, kw_only=True)
class Vantage:
    """From where one side is looked at: a session in its account, and where its VPC is."""

    session: AccountSession
    region: str
    vpc_id: str


def read_side(session: AccountSession, region: str, vpc_id: str, *, requester: bool) -> PeeringSide:
    """One side with all that a judgment needs. What AWS refuses is None, with the refusal in `network.refused`.

    Raises Throttled or Unclear.
    """
    here = Vantage(session=session, region=region, vpc_id=vpc_id)
    actions = REQUESTER_LOOKING if requester else ACCEPTER_LOOKING
    return _side(here, _look([(here, actions)])[0])


def read_sides(requester: Vantage, accepter: Vantage | None) -> tuple[PeeringSide, PeeringSide]:
    """Both sides at once; the accepter's is empty where nobody can look there. Raises Throttled or Unclear."""
    if accepter is None:
        return read_side(requester.session, requester.region, requester.vpc_id, requester=True), PeeringSide()
    here, there = _look([(requester, REQUESTER_LOOKING), (accepter, ACCEPTER_LOOKING)])
    return _side(requester, here), _side(accepter, there)


def verify_sides(
    requester: Vantage, accepter: Vantage | None, before: tuple[PeeringSide, PeeringSide], pcx_id: str
) -> tuple[PeeringSide, PeeringSide]:
    """Both sides afresh in few calls, the rest as `before` has it, which is what a whole look brought.

    `pcx_id` is the connection that tells the ranges of both VPCs while it is active. Raises Throttled or Unclear.
    """
    shares = accepter is None or accepter.session is requester.session
    plan: list[tuple[Vantage, Collection[str]]] = [(requester, (*_LEAN_REQUESTER, ACLS) if shares else _LEAN_REQUESTER)]
    if accepter is not None:
        plan.append((accepter, _LEAN_ACCEPTER))
    answers = _look(plan)
    shown = next((one for one in answers[0][PEERINGS].value or () if one.id == pcx_id and one.status == "active"), None)
    here = _merged(requester, before[0], answers[0], _ranges(shown, requester.vpc_id))
    if accepter is None:
        return here, before[1]
    there = _merged(accepter, before[1], answers[1], _ranges(shown, accepter.vpc_id))
    return here, replace(there, peerings=_reflected(there.peerings, here.peerings, requester.vpc_id, accepter.vpc_id))


def _look(plan: Sequence[tuple[Vantage, Collection[str]]]) -> list[Answers]:
    """All reads of all vantages at once; the answers by action, one mapping for each vantage."""
    reads: dict[str, Callable[[], Any]] = {}
    for place, (vantage, actions) in enumerate(plan):
        for service in {"elbv2" if action == BALANCERS else ec2.SERVICE for action in actions}:
            vantage.session.reader(service, vantage.region)  # made once, before the threads ask for it
        every = _reads(vantage)
        reads |= {f"{place}:{action}": every[action] for action in actions}
    try:
        with gathering():
            answers = side_by_side(reads)
    except IncompleteAnswerError as lacking:  # nothing can be said of a resource without a name: ask again, later
        raise Unclear("ec2:Describe", type(lacking).__name__, str(lacking)) from lacking
    return [{action: answers[f"{place}:{action}"] for action in actions} for place, (_, actions) in enumerate(plan)]


def _reads(vantage: Vantage) -> dict[str, Callable[[], Any]]:
    """The reads by the action they need."""
    session, region = vantage.session, vantage.region
    here = {"Filters": [{"Name": "vpc-id", "Values": [vantage.vpc_id]}]}

    def listed(operation: str, key: str, make: Callable[[Any], Any]) -> Callable[[], Any]:
        return listing(session, region, operation, key, make, here)

    return {
        VPCS: listed("describe_vpcs", "Vpcs", VpcFact.from_aws),
        SUBNETS: listed("describe_subnets", "Subnets", SubnetFact.from_aws),
        TABLES: listed("describe_route_tables", "RouteTables", RouteTableFact.from_aws),
        GROUPS: listed("describe_security_groups", "SecurityGroups", SecurityGroupFact.from_aws),
        ACLS: listed("describe_network_acls", "NetworkAcls", NetworkAclFact.from_aws),
        PEERINGS: lambda: _peerings(vantage),
        BALANCERS: lambda: elbv2.load_balancers_of(session, region, vantage.vpc_id),
    }


def _peerings(vantage: Vantage) -> tuple[PeeringFact, ...]:
    """The connections of the VPC, whichever side it is on: several filters must all fit, so there is none for that."""
    listed = ec2.everything(
        vantage.session, vantage.region, "describe_vpc_peering_connections", "VpcPeeringConnections"
    )  # fmt: skip
    facts = (PeeringFact.from_aws(document) for document in listed)
    return _in_order(fact for fact in facts if vantage.vpc_id in {fact.requester.vpc, fact.accepter.vpc})


def _in_order(facts: Iterable[PeeringFact]) -> tuple[PeeringFact, ...]:
    return tuple(sorted(facts, key=lambda fact: fact.id))


def _side(vantage: Vantage, answers: Answers) -> PeeringSide:
    network = VpcNetwork(
        account=vantage.session.connection.account_id,
        region=vantage.region,
        vpc_id=vantage.vpc_id,
        vpcs=answers[VPCS].value,
        subnets=answers[SUBNETS].value,
        route_tables=answers[TABLES].value,
        refused=distinct(refused for answer in answers.values() for refused in answer.refused),
    )
    return PeeringSide(network=network, **_parts(answers))


def _parts(answers: Answers) -> dict[str, Any]:
    """What of a side is beside its network, as far as it was read."""
    names = {
        PEERINGS: "peerings", GROUPS: "security_groups", ACLS: "network_acls", BALANCERS: "load_balancers",
    }  # fmt: skip
    return {name: answers[action].value for action, name in names.items() if action in answers}


def _merged(vantage: Vantage, before: PeeringSide, answers: Answers, ranges: PeeringSideFact | None) -> PeeringSide:
    """The side as `before` had it, with what was read now in its place."""
    old = before.network
    assert old is not None, "a side is verified only after a whole look at it"
    kept = (refused for refused in old.refused if refused.action not in answers)
    network = replace(
        old,
        vpcs=_with_ranges(old.vpcs, vantage.vpc_id, ranges),
        subnets=_still_there(old.subnets, vantage.vpc_id, answers),
        route_tables=answers[TABLES].value,
        refused=distinct((*kept, *(refused for answer in answers.values() for refused in answer.refused))),
    )
    return replace(before, network=network, **_parts(answers))


def _reflected(
    before: tuple[PeeringFact, ...] | None, seen: tuple[PeeringFact, ...] | None, requester: str, accepter: str
) -> tuple[PeeringFact, ...] | None:
    """The accepter's connections, those with the requester as the requester shows them: one connection has one state.

    Tags and DNS options are the accepter's own, as the whole look saw them.
    """
    if before is None or seen is None:
        return None
    old = {fact.id: fact for fact in before}
    others = (fact for fact in before if requester not in {fact.requester.vpc, fact.accepter.vpc})
    shared = (fact for fact in seen if accepter in {fact.requester.vpc, fact.accepter.vpc})
    return _in_order((*others, *(_mirrored(fact, old.get(fact.id)) for fact in shared)))


def _mirrored(fact: PeeringFact, old: PeeringFact | None) -> PeeringFact:
    if old is None:
        return replace(fact, tags=())
    return replace(
        fact,
        tags=old.tags,
        requester=replace(fact.requester, resolves_dns=old.requester.resolves_dns),
        accepter=replace(fact.accepter, resolves_dns=old.accepter.resolves_dns),
    )


def _still_there(
    before: tuple[SubnetFact, ...] | None, vpc_id: str, answers: Answers
) -> tuple[SubnetFact, ...] | None:  # fmt: skip
    """The subnets that network ACLs still name, and those that they name for the first time, known by id alone."""
    acls = answers[ACLS].value if ACLS in answers else None
    if before is None or acls is None:
        return before
    named = {subnet for acl in acls for subnet in acl.subnets}
    known = {subnet.id for subnet in before}
    fresh = (SubnetFact(id=one, vpc=vpc_id) for one in sorted(named - known))
    return (*(subnet for subnet in before if subnet.id in named), *fresh)


def _ranges(shown: PeeringFact | None, vpc_id: str) -> PeeringSideFact | None:
    """The end of an active connection that is this VPC."""
    ends = (shown.requester, shown.accepter) if shown is not None else ()
    return next((end for end in ends if end.vpc == vpc_id and end.cidrs), None)


def _with_ranges(
    vpcs: tuple[VpcFact, ...] | None, vpc_id: str, ranges: PeeringSideFact | None
) -> tuple[VpcFact, ...] | None:
    if vpcs is None or ranges is None:
        return vpcs
    return tuple(_ranged(vpc, ranges) if vpc.id == vpc_id else vpc for vpc in vpcs)


def _ranged(vpc: VpcFact, ranges: PeeringSideFact) -> VpcFact:
    cidrs, ipv6_cidrs = _in_use(vpc.cidrs, ranges.cidrs), _in_use(vpc.ipv6_cidrs, ranges.ipv6_cidrs)
    return replace(vpc, cidr=ranges.cidr, cidrs=cidrs, ipv6_cidrs=ipv6_cidrs)


def _in_use(before: Iterable[CidrFact], now: Collection[str]) -> tuple[CidrFact, ...]:
    """The ranges that the connection lists: those that were known as they were, then the new ones."""
    kept = {one.cidr: one for one in before if one.cidr in now}
    fresh = (CidrFact(cidr=one, state="associated") for one in now if one not in kept)
    return (*(replace(one, state="associated") for one in kept.values()), *fresh)
