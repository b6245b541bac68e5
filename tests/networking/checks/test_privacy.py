"""Private subnets."""

import pytest

from tests.networking.checks.answers import (
    CHOSEN,
    OTHER_VPC,
    add,
    drop,
    judging,
    named,
    of,
    put,
    route,
    subnet,
    table,
    unread,
)

CODE = "subnets.private"
A = CHOSEN[0]
OPEN = route("0.0.0.0/0", GatewayId="igw-0")
INHERITS = drop("RouteTables", "rtb-0a")


def led(*routes):
    """Subnet A's own table with these routes."""
    return judging(put("RouteTables", "rtb-0a", Routes=list(routes)))


def association(state):
    """Subnet A's association with its own table in another state, beside a public main table."""

    def change(answers):
        named(answers, "RouteTables", "rtb-0a")["Associations"][0]["AssociationState"] = {"State": state}
        named(answers, "RouteTables", "rtb-main")["Routes"].append(OPEN)

    return judging(change)


def public_main(answers):
    named(answers, "RouteTables", "rtb-main")["Routes"].append(OPEN)


PREFIX_LIST = {"DestinationPrefixListId": "pl-1", "GatewayId": "igw-0", "State": "active"}

CASES = [
    ("to NAT", judging(), CODE, "passed", "No default route to an internet gateway: subnet-0a"),
    ("nowhere", led(), CODE, "passed", "No default route"),
    ("open", led(OPEN), CODE, "failed", "subnet-0a is public: its route table rtb-0a"),
    ("open, gateway detached", led({**OPEN, "State": "blackhole"}), CODE, "failed", "0.0.0.0/0 → igw-0"),
    ("open by IPv6", led(route("::/0", GatewayId="igw-0")), CODE, "failed", "::/0 → igw-0"),
    ("egress-only", led(route("::/0", EgressOnlyInternetGatewayId="eigw-0")), CODE, "passed", "subnet-0a"),
    (
        "open in halves",
        led(route("0.0.0.0/1", GatewayId="igw-0"), route("128.0.0.0/1", GatewayId="igw-0")),
        CODE,
        "failed",
        "0.0.0.0/1 → igw-0, 128.0.0.0/1 → igw-0",
    ),
    (
        "open in halves of IPv6",
        led(route("::/1", GatewayId="igw-0"), route("8000::/1", GatewayId="igw-0")),
        CODE,
        "failed",
        "8000::/1",
    ),
    ("half open", led(route("0.0.0.0/1", GatewayId="igw-0")), CODE, "warning", "0.0.0.0/1 → igw-0"),
    ("open to one place", led(route("203.0.113.0/24", GatewayId="igw-0")), CODE, "warning", "part of the traffic"),
    ("open to a list", led(PREFIX_LIST), CODE, "warning", "pl-1 → igw-0"),
    ("main table, private", judging(INHERITS), CODE, "passed", "subnet-0a"),
    ("main table, public", judging(INHERITS, public_main), CODE, "failed", "follows the main table rtb-main"),
    ("main table elsewhere", judging(public_main), CODE, "passed", "subnet-0a"),
    ("disassociated", association("disassociated"), CODE, "failed", "follows the main table rtb-main"),
    ("association failed", association("failed"), CODE, "failed", "rtb-main"),
    ("being associated", association("associating"), CODE, "unknown", "AWS is changing the route table of subnet-0a"),
    ("being disassociated", association("disassociating"), CODE, "unknown", "AWS is changing"),
    ("no table shown", judging(INHERITS, drop("RouteTables", "rtb-main")), CODE, "unknown", "not even the main table"),
    ("tables unread", judging(unread("RouteTables")), CODE, "unknown", "ec2:DescribeRouteTables"),
    (
        "of another VPC",
        judging(
            add("Subnets", subnet("subnet-0z", "d", "10.9.0.0/23", VpcId=OTHER_VPC)), chosen=(*CHOSEN, "subnet-0z")
        ),
        CODE,
        "unknown",
        "subnet-0z is not known to be in vpc-0own",
    ),
    (
        "another VPC's main table",
        judging(INHERITS, lambda a: a["RouteTables"].insert(0, table("rtb-z", OPEN, main=True) | {"VpcId": OTHER_VPC})),
        CODE,
        "passed",
        "subnet-0a",
    ),
    ("not found", judging(chosen=(*CHOSEN, "subnet-0x")), CODE, "unknown", "subnet-0x was not found"),
    ("nothing chosen", judging(chosen=()), CODE, "unknown", "No subnets"),
    ("subnets unread, tables of their own", judging(unread("Subnets")), CODE, "passed", "subnet-0a"),
    (
        "subnets unread, main table",
        judging(unread("Subnets"), INHERITS),
        CODE,
        "unknown",
        "ec2:DescribeSubnets",
    ),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_privacy_is_judged(name, made, code, level, words):
    (finding,) = of(made(), code)
    assert finding.level == level
    assert words in finding.message


def test_a_public_subnet_is_named_with_its_table():
    (finding,) = of(led(OPEN)(), CODE)
    assert finding.resources == (A, "rtb-0a")


def test_a_table_with_thousands_of_routes_is_worked_out_once_and_named_in_short():
    routes = [route(f"{i // 256}.{i % 256}.0.0/16", GatewayId="igw-0") for i in range(5000)]
    (finding,) = of(led(*routes, OPEN)(), CODE)
    assert finding.level == "failed"
    assert "0.0.0.0/0 → igw-0" in finding.message
    assert len(finding.message) < 400
