"""The way out to the internet."""

import pytest

from tests.networking.checks.answers import CHOSEN, OTHER_ACCOUNT, VPC, drop, judging, named, of, put, route, unread

CODE = "subnets.egress"
NEW = "2026-08"
A = CHOSEN[0]
PCX = {"VpcPeeringConnectionId": "pcx-0"}


def judged(*changes, **more):
    return judging(*changes, edition=NEW, **more)


def led(*routes):
    return judged(put("RouteTables", "rtb-0a", Routes=list(routes)))


def nat_a(**values):
    return judged(put("NatGateways", "nat-0a", **values))


def out(**target):
    return route("0.0.0.0/0", **target)


def one_nat(answers):
    """All three tables lead to the NAT gateway of the first zone."""
    for name in ("rtb-0a", "rtb-0b", "rtb-0c"):
        named(answers, "RouteTables", name)["Routes"] = [out(NatGatewayId="nat-0a")]


BOTH_HALVES = (route("0.0.0.0/1", NatGatewayId="nat-0a"), route("128.0.0.0/1", NatGatewayId="nat-0a"))

CASES = [
    ("NAT in each zone", judged(), CODE, "passed", "through an available NAT gateway: subnet-0a"),
    ("halves to NAT", led(*BOTH_HALVES), CODE, "passed", "subnet-0a"),
    ("half a way out", led(BOTH_HALVES[0]), CODE, "failed", "has no default route"),
    ("a half elsewhere", led(out(NatGatewayId="nat-0a"), route("0.0.0.0/1", **PCX)), CODE, "failed", "leads to pcx-0"),
    ("none", led(), CODE, "failed", "its route table rtb-0a has no default route"),
    ("only by IPv6", led(route("::/0", EgressOnlyInternetGatewayId="eigw-0")), CODE, "failed", "no default route"),
    ("internet gateway", led(out(GatewayId="igw-0")), CODE, "failed", "0.0.0.0/0 leads to igw-0"),
    ("peering", led(out(**PCX)), CODE, "failed", "0.0.0.0/0 leads to pcx-0"),
    (
        "blackhole",
        led(out(NatGatewayId="nat-0a") | {"State": "blackhole"}),
        CODE,
        "failed",
        "nat-0a of 0.0.0.0/0 is gone",
    ),
    ("transit gateway", led(out(TransitGatewayId="tgw-0")), CODE, "warning", "The way out of subnet-0a is tgw-0"),
    ("VPN", led(out(GatewayId="vgw-0")), CODE, "warning", "vgw-0"),
    ("appliance", led(out(NetworkInterfaceId="eni-0", InstanceId="i-0")), CODE, "warning", "eni-0"),
    ("firewall endpoint", led(out(GatewayId="vpce-8")), CODE, "warning", "vpce-8"),
    ("NAT failed", nat_a(State="failed"), CODE, "failed", "NAT gateway nat-0a of subnet-0a is failed. Create one"),
    ("NAT pending", nat_a(State="pending"), CODE, "failed", "is pending. Wait"),
    (
        "private NAT",
        nat_a(ConnectivityType="private", NatGatewayAddresses=[]),
        CODE,
        "failed",
        "nat-0a of subnet-0a is private",
    ),
    ("kind not said, public address", nat_a(ConnectivityType=None), CODE, "passed", "subnet-0a"),
    ("kind not said", nat_a(ConnectivityType=None, NatGatewayAddresses=[]), CODE, "unknown", "ec2:DescribeNatGateways"),
    ("NAT state not said", nat_a(State=None), CODE, "unknown", "state of the NAT gateway nat-0a was not said"),
    ("NAT not found", judged(drop("NatGateways", "nat-0a")), CODE, "failed", "nat-0a of subnet-0a was not found"),
    (
        "the owner's NAT",
        judged(drop("NatGateways", "nat-0a"), put("Vpcs", VPC, OwnerId=OTHER_ACCOUNT)),
        CODE,
        "unknown",
        "belongs to the VPC's owner",
    ),
    ("one NAT for three zones", judged(one_nat), CODE, "warning", "leave through nat-0a in one zone"),
    (
        "one NAT for three zones that are only named",
        judged(one_nat, *(put("Subnets", x, AvailabilityZoneId=None) for x in CHOSEN), unread("AvailabilityZones")),
        CODE,
        "warning",
        "nat-0a",
    ),
    (
        "three NATs in one zone",
        judged(*(put("NatGateways", f"nat-0{x}", SubnetId="subnet-9a") for x in "bc")),
        CODE,
        "warning",
        "nat-0a, nat-0b, nat-0c in one zone",
    ),
    (
        "one regional NAT",
        judged(one_nat, put("NatGateways", "nat-0a", AvailabilityMode="regional", SubnetId=None)),
        CODE,
        "passed",
        "subnet-0a",
    ),
    ("tables unread", judged(unread("RouteTables")), CODE, "unknown", "ec2:DescribeRouteTables"),
    ("subnets unread", judged(unread("Subnets")), CODE, "unknown", "ec2:DescribeSubnets"),
    ("not found", judged(chosen=(*CHOSEN, "subnet-0x")), CODE, "unknown", "subnet-0x was not found"),
    ("nothing chosen", judged(chosen=()), CODE, "unknown", "No subnets"),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_the_way_out_is_judged(name, made, code, level, words):
    (finding,) = of(made(), code)
    assert finding.level == level
    assert words in finding.message


def test_unread_nat_gateways_leave_every_subnet_open():
    found = of(judged(unread("NatGateways"))(), CODE)
    assert [(finding.level, finding.resources[0]) for finding in found] == [("unknown", name) for name in CHOSEN]
    assert all("ec2:DescribeNatGateways" in finding.message for finding in found)


def test_the_way_out_is_no_matter_of_the_seed_profile():
    assert of(judging()(), CODE) == []
