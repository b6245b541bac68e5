"""The VPC itself."""

import pytest

from tests.networking.checks.answers import OTHER_ACCOUNT, VPC, add, drop, judging, of, put, unread

NEW = "2026-08"
OTHER = {"VpcId": "vpc-0second", "OwnerId": "222222222222", "State": "available"}

CASES = [
    ("there", judging(), "vpc.exists", "passed", "vpc-0own is in account 222222222222, us-east-1"),
    ("not there", judging(drop("Vpcs", VPC)), "vpc.exists", "failed", "was not found in account 222222222222"),
    ("only another", judging(drop("Vpcs", VPC), add("Vpcs", OTHER)), "vpc.exists", "failed", "was not found"),
    ("being created", judging(put("Vpcs", VPC, State="pending")), "vpc.exists", "unknown", "is pending"),
    ("state not said", judging(put("Vpcs", VPC, State=None)), "vpc.exists", "passed", "is in account"),
    ("unread", judging(unread("Vpcs")), "vpc.exists", "unknown", "ec2:DescribeVpcs"),
    ("own", judging(), "vpc.owner", "passed", "belongs to account 222222222222"),
    (
        "shared",
        judging(put("Vpcs", VPC, OwnerId=OTHER_ACCOUNT)),
        "vpc.owner",
        "failed",
        "shared from account 333333333333",
    ),
    ("owner not said", judging(put("Vpcs", VPC, OwnerId=None)), "vpc.owner", "unknown", "was not said"),
    ("nobody's", judging(drop("Vpcs", VPC)), "vpc.owner", "unknown", "nobody knows who owns it"),
    ("owner unread", judging(unread("Vpcs")), "vpc.owner", "unknown", "ec2:DescribeVpcs"),
    ("DNS on", judging(edition=NEW), "vpc.dns", "passed", "are on in vpc-0own"),
    (
        "no hostnames",
        judging(lambda a: a.update(EnableDnsHostnames={"Value": False}), edition=NEW),
        "vpc.dns",
        "failed",
        "Off in vpc-0own: enableDnsHostnames",
    ),
    (
        "no resolution",
        judging(lambda a: a.update(EnableDnsSupport={"Value": False}), edition=NEW),
        "vpc.dns",
        "failed",
        "Off in vpc-0own: enableDnsSupport",
    ),
    (
        "half read, the half is off",
        judging(unread("EnableDnsSupport"), lambda a: a.update(EnableDnsHostnames={"Value": False}), edition=NEW),
        "vpc.dns",
        "failed",
        "enableDnsHostnames",
    ),
    (
        "half read",
        judging(unread("EnableDnsHostnames"), edition=NEW),
        "vpc.dns",
        "unknown",
        "ec2:DescribeVpcAttribute",
    ),
    ("DNS of no VPC", judging(drop("Vpcs", VPC), edition=NEW), "vpc.dns", "unknown", "was not found"),
    ("DNS of nobody knows", judging(unread("Vpcs"), edition=NEW), "vpc.dns", "unknown", "ec2:DescribeVpcs"),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_the_vpc_is_judged(name, made, code, level, words):
    (finding,) = of(made(), code)
    assert finding.level == level
    assert words in finding.message
    assert finding.resources == (VPC,)


def test_dns_is_no_matter_of_the_seed_profile():
    assert of(judging()(), "vpc.dns") == []
