"""What the roles may peer, route and admit, tried with an evaluator of policies."""

import pytest

from onboarding.bootstrap.grants import Option, RoleName
from tests.onboarding.bootstrap.deployed import ACCOUNT, PROFILES, grants, judge

EC2 = f"arn:aws:ec2:eu-west-1:{ACCOUNT}"
VPC, TABLE, PCX = f"{EC2}:vpc/vpc-1", f"{EC2}:route-table/rtb-1", f"{EC2}:vpc-peering-connection/pcx-1"
GROUP = f"{EC2}:security-group/sg-1"
MARKED = {"aws:ResourceTag/clickhouse-byoc": "true"}
OURS = MARKED | {"aws:ResourceTag/clickhouse-byoc-deployment": "abcd1234"}
CONSENTED = {"aws:ResourceTag/clickhouse-byoc-peering": "allowed"}
BOTH_ASKED = {"aws:RequestTag/clickhouse-byoc": "true", "aws:RequestTag/clickhouse-byoc-deployment": "abcd1234"}
ENTRANCE = {"aws:ResourceTag/elbv2.k8s.aws/cluster": "clickhouse-cloud-abcd1234"}
ALLOWED = frozenset({Option.ALLOW_PEERING_WRITES})
#: A VPC of the customer's own: changes to VPCs are withheld, peering is allowed.
BROUGHT = frozenset(Option)


def may(action: str, resource: str, context: dict, options: frozenset = BROUGHT, role: str = "MANAGEMENT") -> bool:
    return judge(grants(RoleName[role], "2026-08", options), f"ec2:{action}", resource, context).allowed


@pytest.mark.parametrize("options", [ALLOWED, BROUGHT], ids=["new-vpc", "brought-vpc"])
@pytest.mark.parametrize(
    ("action", "resource", "context", "allowed"),
    [
        ("CreateVpcPeeringConnection", VPC, OURS, True),
        ("CreateVpcPeeringConnection", VPC, CONSENTED, True),
        ("CreateVpcPeeringConnection", VPC, MARKED, False),
        ("CreateVpcPeeringConnection", VPC, {"aws:ResourceTag/clickhouse-byoc-peering": "no"}, False),
        ("CreateVpcPeeringConnection", VPC, {}, False),
        ("CreateVpcPeeringConnection", PCX, BOTH_ASKED, True),
        ("CreateVpcPeeringConnection", PCX, {"aws:RequestTag/clickhouse-byoc": "true"}, False),
        ("DeleteVpcPeeringConnection", PCX, OURS, True),
        ("DeleteVpcPeeringConnection", PCX, MARKED, False),
        ("DeleteVpcPeeringConnection", PCX, CONSENTED, False),
        ("AcceptVpcPeeringConnection", PCX, OURS, False),
        ("CreateRoute", TABLE, OURS, True),
        ("CreateRoute", TABLE, CONSENTED, True),
        ("DeleteRoute", TABLE, CONSENTED, True),
        ("CreateRoute", TABLE, MARKED, False),
        ("DeleteRoute", TABLE, MARKED, False),
        ("ReplaceRoute", TABLE, CONSENTED, False),
    ],
)
def test_only_what_is_ours_or_what_the_customer_tagged_so_is_peered_and_routed(
    action: str, resource: str, context: dict, allowed: bool, options: frozenset
) -> None:
    assert may(action, resource, context, options) is allowed


@pytest.mark.parametrize("options", [frozenset(), ALLOWED, BROUGHT])
@pytest.mark.parametrize("role", list(RoleName))
@pytest.mark.parametrize("resource", [VPC, TABLE])
@pytest.mark.parametrize("before", [{}, MARKED])
def test_no_role_of_ours_can_give_the_consent_that_is_the_customers(
    resource: str, before: dict, role: RoleName, options: frozenset
) -> None:
    """Neither alone nor beside a tag that the rules ask for."""
    tag = {"aws:RequestTag/clickhouse-byoc-peering": "allowed"}
    alone = tag | {"aws:TagKeys": ("clickhouse-byoc-peering",)}
    beside = (
        tag
        | {"aws:RequestTag/clickhouse-byoc": "true"}
        | {"aws:TagKeys": ("clickhouse-byoc-peering", "clickhouse-byoc")}
    )
    for profile in PROFILES:
        for asked in (alone, beside):
            assert not judge(grants(role, profile, options), "ec2:CreateTags", resource, before | asked).allowed


def test_without_the_option_nothing_is_peered() -> None:
    for options in (frozenset(), frozenset({Option.WITHHOLD_VPC_WRITES})):
        assert not may("CreateVpcPeeringConnection", VPC, OURS, options)
        assert not may("CreateVpcPeeringConnection", PCX, BOTH_ASKED, options)
        assert not may("CreateRoute", TABLE, CONSENTED, options)


def test_the_entrance_admits_whatever_the_options_say_and_no_other_group_is_touched() -> None:
    for options in (frozenset(), ALLOWED, BROUGHT):
        assert may("AuthorizeSecurityGroupIngress", GROUP, ENTRANCE, options)
        assert may("RevokeSecurityGroupIngress", GROUP, ENTRANCE, options)
        for theirs in ({}, OURS, {"aws:ResourceTag/elbv2.k8s.aws/cluster": "their-cluster"}):
            assert not may("AuthorizeSecurityGroupIngress", GROUP, theirs, options)
            assert not may("RevokeSecurityGroupIngress", GROUP, theirs, options)


def test_the_role_that_runs_templates_peers_nothing() -> None:
    assert not may("CreateVpcPeeringConnection", VPC, OURS, ALLOWED, "DEPLOYMENT")
    assert not may("AuthorizeSecurityGroupIngress", GROUP, ENTRANCE, ALLOWED, "DEPLOYMENT")
