"""Reading a side of a peering from answers as AWS spells them: all pages, what is ours, what a lean look keeps."""

from dataclasses import dataclass, field
from threading import Lock
from types import SimpleNamespace
from typing import Any

import botocore.session
from botocore.stub import Stubber

from portal.aws.facts.networks import RefusedRead, VpcNetwork
from portal.aws.facts.peering_sides import PeeringSide
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import CidrFact, VpcFact
from portal.aws.peerings import Vantage, read_side, verify_sides

BOTOCORE, MAKING = botocore.session.Session(), Lock()
HERE, THERE, PCX = "vpc-0b0b0b0b", "vpc-0e0e0e0e", "pcx-0a1b2c3d"
EMPTY = {
    "describe_vpcs": "Vpcs", "describe_subnets": "Subnets", "describe_route_tables": "RouteTables",
    "describe_security_groups": "SecurityGroups", "describe_network_acls": "NetworkAcls",
}  # fmt: skip


@dataclass
class Answered:
    """A session whose clients answer what is said here, by botocore's method name: one answer per page, or an error."""

    answers: dict[str, list[dict[str, Any]] | str]
    connection: Any = field(default_factory=lambda: SimpleNamespace(account_id="222222222222"))
    asked: list[str] = field(default_factory=list)

    def reader(self, service: str, region: str) -> Any:
        return SimpleNamespace(get_paginator=lambda method: self._paginator(service, region, method))

    def _paginator(self, service: str, region: str, method: str) -> Any:
        """A paginator of a client of its own: reads of several threads do not take one another's answers."""
        self.asked.append(method)
        with MAKING:
            client: Any = BOTOCORE.create_client(  # type: ignore[call-overload]
                service, region_name=region, aws_access_key_id="a", aws_secret_access_key="b"
            )
        stub, pages = Stubber(client), self.answers.get(method, [{EMPTY.get(method, "LoadBalancers"): []}])
        if isinstance(pages, str):
            stub.add_client_error(method, service_error_code=pages)
        else:
            out = "NextMarker" if service == "elbv2" else "NextToken"
            for number, page in enumerate(pages):
                more = {out: f"t{number}"} if number + 1 < len(pages) else {}
                stub.add_response(method, page | more)
        stub.activate()
        return client.get_paginator(method)


def connection(name: str, requester: str = HERE, accepter: str = THERE, code: str = "active", *ranges: str) -> Any:
    return {
        "VpcPeeringConnectionId": name,
        "Status": {"Code": code},
        "RequesterVpcInfo": {"VpcId": requester, "CidrBlock": "10.0.0.0/16",
                             "CidrBlockSet": [{"CidrBlock": "10.0.0.0/16"}]},
        "AccepterVpcInfo": {"VpcId": accepter, "CidrBlock": "10.1.0.0/16",
                            "CidrBlockSet": [{"CidrBlock": one} for one in ("10.1.0.0/16", *ranges)]},
    }  # fmt: skip


def listed(*connections: Any) -> dict[str, Any]:
    return {"VpcPeeringConnections": list(connections)}


def balancer(name: str, vpc: str = HERE) -> dict[str, Any]:
    arn = f"arn:aws:elasticloadbalancing:us-east-1:222222222222:loadbalancer/net/{name}/1"
    return {"LoadBalancerArn": arn, "LoadBalancerName": name, "VpcId": vpc, "Type": "network", "Scheme": "internal"}


def acl(*subnets: str) -> dict[str, Any]:
    return {"NetworkAcls": [{"NetworkAclId": "acl-1", "Associations": [{"SubnetId": one} for one in subnets]}]}


def side(vpc: str, *subnets: str, **more: Any) -> PeeringSide:
    known = VpcFact(id=vpc, cidr="10.1.0.0/16", cidrs=(CidrFact(cidr="10.1.0.0/16", association_id="a-1"),))
    network = VpcNetwork(
        account="222222222222", region="us-east-1", vpc_id=vpc, vpcs=(known,), **more,
        subnets=tuple(SubnetFact(id=one, vpc=vpc, cidr="10.1.0.0/24") for one in subnets),
    )  # fmt: skip
    return PeeringSide(network=network, peerings=(), network_acls=())


def test_what_is_ours_on_the_third_page_is_found() -> None:
    session = Answered({
        "describe_vpc_peering_connections": [
            listed(connection("pcx-1", "vpc-x", "vpc-y")), listed(connection("pcx-2", "vpc-x", HERE)),
            listed(connection(PCX)),
        ],
        "describe_load_balancers": [
            {"LoadBalancers": [balancer("other", "vpc-x")]}, {"LoadBalancers": []},
            {"LoadBalancers": [balancer("ours")]},
        ],
    })  # fmt: skip
    found = read_side(session, "us-east-1", HERE, requester=True)  # type: ignore[arg-type]
    assert [fact.id for fact in found.peerings or ()] == [PCX, "pcx-2"]
    assert [one.name for one in found.load_balancers or ()] == ["ours"]
    assert found.network is not None
    assert found.network.refused == ()


def test_a_refused_read_is_none_and_named_and_the_rest_stays() -> None:
    session = Answered({
        "describe_vpc_peering_connections": [listed(connection(PCX))],
        "describe_load_balancers": "AccessDenied", "describe_route_tables": "UnauthorizedOperation",
    })  # fmt: skip
    found = read_side(session, "us-east-1", HERE, requester=True)  # type: ignore[arg-type]
    assert found.network is not None
    assert (found.load_balancers, found.network.route_tables) == (None, None)
    assert len(found.peerings or ()) == 1
    assert set(found.network.refused) == {
        RefusedRead(action="ec2:DescribeRouteTables", code="UnauthorizedOperation"),
        RefusedRead(action="elasticloadbalancing:DescribeLoadBalancers", code="AccessDenied"),
    }


def test_the_target_side_is_not_asked_for_groups_and_load_balancers() -> None:
    session = Answered({"describe_vpc_peering_connections": [listed()]})
    found = read_side(session, "us-east-1", THERE, requester=False)  # type: ignore[arg-type]
    assert (found.security_groups, found.load_balancers) == (None, None)
    assert len(session.asked) == 5


def verified(here: dict[str, Any], there: dict[str, Any], before: tuple[PeeringSide, PeeringSide]):
    requester, accepter = (
        Vantage(session=Answered(answers), region="us-east-1", vpc_id=vpc)  # type: ignore[arg-type]
        for answers, vpc in ((here, HERE), (there, THERE))
    )
    sides = verify_sides(requester, accepter, before, PCX)
    return *sides, len(requester.session.asked) + len(accepter.session.asked)  # type: ignore[attr-defined]


def test_a_lean_look_takes_subnets_from_network_acls_and_ranges_from_the_connection() -> None:
    here, there, calls = verified(
        {"describe_vpc_peering_connections": [listed(connection(PCX, HERE, THERE, "active", "10.9.0.0/16"))]},
        {"describe_network_acls": [acl("subnet-a", "subnet-new")]},
        (side(HERE, "subnet-1"), side(THERE, "subnet-a", "subnet-gone")),
    )
    assert calls == 6  # and two AssumeRoles
    assert [subnet.id for subnet in here.network.subnets] == ["subnet-1"]
    assert [(subnet.id, subnet.cidr) for subnet in there.network.subnets] == [
        ("subnet-a", "10.1.0.0/24"), ("subnet-new", "")]  # fmt: skip
    assert there.network.vpc.associated_cidrs == ("10.1.0.0/16", "10.9.0.0/16")
    assert [fact.id for fact in there.peerings] == [PCX]


def test_ranges_of_a_connection_that_is_not_active_prove_nothing() -> None:
    pending = connection(PCX, HERE, THERE, "pending-acceptance", "10.9.0.0/16")
    _here, there, _calls = verified(
        {"describe_vpc_peering_connections": [listed(pending)]}, {}, (side(HERE), side(THERE))
    )
    assert [one.cidr for one in there.network.vpc.cidrs] == ["10.1.0.0/16"]


def test_a_refusal_stands_until_the_read_is_answered() -> None:
    old = tuple(
        RefusedRead(action=f"ec2:{name}", code="UnauthorizedOperation")
        for name in ("DescribeRouteTables", "DescribeVpcs")
    )
    _here, there, _calls = verified(
        {"describe_vpc_peering_connections": [listed()]}, {"describe_network_acls": "UnauthorizedOperation"},
        (side(HERE), side(THERE, "subnet-a", refused=old)),
    )  # fmt: skip
    assert [refused.action for refused in there.network.refused] == ["ec2:DescribeVpcs", "ec2:DescribeNetworkAcls"]
    assert [subnet.id for subnet in there.network.subnets] == ["subnet-a"]  # nobody said that it is gone
    assert there.network_acls is None
