"""The chosen subnets one by one."""

import pytest

from tests.networking.checks.answers import CHOSEN, OTHER_VPC, VPC, add, drop, judging, of, put, subnet, unread

COUNT, MEMBERS = "subnets.count", "subnets.membership"
SIZE, FREE = "subnets.size", "subnets.free-addresses"
A = CHOSEN[0]
#: A range of a second CIDR block of the VPC.
SECONDARY = add("Subnets", subnet("subnet-0s", "d", "100.64.0.0/22"))


def sized(cidr):
    return judging(put("Subnets", A, CidrBlock=cidr))


def left(count, cidr="10.0.0.0/23"):
    return judging(put("Subnets", A, AvailableIpAddressCount=count, CidrBlock=cidr))


CASES = [
    ("three", judging(), COUNT, "passed", "3 different subnets are chosen: subnet-0a, subnet-0b, subnet-0c"),
    ("two", judging(chosen=CHOSEN[:2]), COUNT, "failed", "Different subnets chosen: 2; needed: 3"),
    ("none", judging(chosen=()), COUNT, "failed", "chosen: 0"),
    ("twice the same", judging(chosen=(*CHOSEN[:2], A)), COUNT, "failed", "subnet-0a is named more than once"),
    ("three and a double", judging(chosen=(*CHOSEN, A)), COUNT, "passed", "subnet-0a is named more than once"),
    ("one not found", judging(chosen=(*CHOSEN[:2], "subnet-0x")), COUNT, "failed", "that were found: 2; needed: 3"),
    (
        "one of another VPC",
        judging(put("Subnets", A, VpcId=OTHER_VPC)),
        COUNT,
        "passed",
        "3 different subnets",
    ),
    ("unread", judging(unread("Subnets")), COUNT, "unknown", "ec2:DescribeSubnets"),
    ("unread and too few", judging(unread("Subnets"), chosen=CHOSEN[:1]), COUNT, "failed", "chosen: 1"),
    ("in the VPC", judging(), MEMBERS, "passed", "In vpc-0own: subnet-0a"),
    ("elsewhere", judging(put("Subnets", A, VpcId=OTHER_VPC)), MEMBERS, "failed", "subnet-0a is in vpc-0other, not in"),
    ("not found", judging(drop("Subnets", A)), MEMBERS, "failed", "subnet-0a was not found in account 222222222222"),
    ("VPC not said", judging(put("Subnets", A, VpcId=None)), MEMBERS, "unknown", "VPC of subnet-0a was not said"),
    ("being created", judging(put("Subnets", A, State="pending")), MEMBERS, "failed", "subnet-0a is pending"),
    ("state not said", judging(put("Subnets", A, State=None)), MEMBERS, "passed", "In vpc-0own"),
    ("nobody knows", judging(unread("Subnets")), MEMBERS, "unknown", "ec2:DescribeSubnets"),
    ("nothing chosen", judging(chosen=()), MEMBERS, "unknown", "No subnets of vpc-0own are chosen yet. Choose 3."),
    ("large", sized("10.0.0.0/20"), SIZE, "passed", "At least as large as /23"),
    ("just large enough", sized("10.0.0.0/23"), SIZE, "passed", "/23"),
    ("too small", sized("10.0.0.0/24"), SIZE, "failed", "subnet-0a (10.0.0.0/24) is too small"),
    (
        "of the second range",
        judging(SECONDARY, chosen=(*CHOSEN, "subnet-0s")),
        SIZE,
        "passed",
        "subnet-0s",
    ),
    (
        "IPv6 only",
        judging(put("Subnets", A, CidrBlock=None, Ipv6CidrBlockAssociationSet=[{"Ipv6CidrBlock": "2600:1f18::/64"}])),
        SIZE,
        "failed",
        "subnet-0a has no IPv4 range",
    ),
    ("range not said", sized(None), SIZE, "unknown", "range of subnet-0a was not said"),
    ("no range at all", sized("ten"), SIZE, "unknown", "was not said"),
    ("size of nothing", judging(drop("Subnets", A)), SIZE, "unknown", "subnet-0a was not found"),
    ("sizes unread", judging(unread("Subnets")), SIZE, "unknown", "ec2:DescribeSubnets"),
    ("plenty", left(507), FREE, "passed", "Enough free addresses"),
    ("a quarter", left(127), FREE, "passed", "Enough"),
    ("less than a quarter", left(126), FREE, "warning", "subnet-0a has 126 of 507 addresses left"),
    ("too few for a load balancer", left(7, "10.0.0.0/28"), FREE, "warning", "a load balancer needs 8"),
    ("just enough for EKS", left(6), FREE, "warning", "has 6 free addresses"),
    ("too few for EKS", left(5), FREE, "failed", "subnet-0a has 5 free addresses; EKS needs 6"),
    ("full", left(0), FREE, "failed", "has 0 free"),
    ("eight of eleven", left(8, "10.0.0.0/28"), FREE, "passed", "Enough"),
    ("not said how many", left(None), FREE, "unknown", "ec2:DescribeSubnets"),
    ("range unknown, many", left(300, None), FREE, "passed", "Enough"),
    ("addresses of nothing", judging(drop("Subnets", A)), FREE, "unknown", "was not found"),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_subnets_are_judged(name, made, code, level, words):
    (finding,) = of(made(), code)
    assert finding.level == level
    assert words in finding.message


def test_each_faulty_subnet_has_its_own_finding():
    small = [put("Subnets", name, CidrBlock="10.0.0.0/26") for name in CHOSEN[:2]]
    found = of(judging(*small)(), SIZE)
    assert [(finding.level, finding.resources) for finding in found] == [
        ("failed", ("subnet-0a",)),
        ("failed", ("subnet-0b",)),
    ]


def test_what_is_unread_names_every_chosen_subnet_once():
    (finding,) = of(judging(unread("Subnets"), chosen=(*CHOSEN, A))(), SIZE)
    assert finding.resources == CHOSEN


def test_too_few_subnets_speak_of_the_vpc():
    (finding,) = of(judging(chosen=CHOSEN[:2])(), COUNT)
    assert finding.resources == (VPC, *CHOSEN[:2])
