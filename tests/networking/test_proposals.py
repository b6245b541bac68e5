"""The three subnets that are proposed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from networking.proposals import propose
from onboarding.rules.profiles import profile
from tests.networking.checks.answers import (
    CHOSEN,
    OTHER_VPC,
    ZONES,
    add,
    changed,
    drop,
    named,
    network,
    put,
    route,
    subnet,
    table,
    tags,
    unread,
    zone,
)

SEED = profile("seed")
LOCAL = zone("-bos-1a", "use1-bos1-az1", "local-zone")


def proposed(*changes, edition="seed"):
    return propose(network(changed(*changes)), profile=profile(edition))


def second(name, letter="a", **more):
    """Another private subnet, with a table that keeps the rules."""

    def change(answers):
        answers["Subnets"].append(subnet(name, letter, "10.0.96.0/23", **more))
        answers["RouteTables"].append(table(f"rtb-{name}", route("0.0.0.0/0", NatGatewayId="nat-0a"), subnets=[name]))
        named(answers, "VpcEndpoints", "vpce-0")["RouteTableIds"].append(f"rtb-{name}")

    return change


def test_the_three_that_keep_the_rules_are_proposed_by_zone_id():
    # use1-az1, use1-az2, use1-az6
    assert proposed() == ("subnet-0b", "subnet-0c", "subnet-0a")


def test_the_later_profile_proposes_by_its_own_rules():
    bare = put("Subnets", "subnet-0a", Tags=tags(**{"kubernetes.io/role/internal-elb": "1"}))
    assert "subnet-0a" in proposed(bare, second("subnet-0z", AvailableIpAddressCount=400))
    assert "subnet-0z" in proposed(bare, second("subnet-0z", AvailableIpAddressCount=400), edition="2026-08")


def test_of_two_good_ones_in_a_zone_the_emptier_is_proposed():
    assert "subnet-0z" in proposed(second("subnet-0z", AvailableIpAddressCount=508))
    assert "subnet-0z" not in proposed(second("subnet-0z", AvailableIpAddressCount=506))


def test_of_two_equal_ones_the_smaller_id_is_proposed():
    assert "subnet-0a" in proposed(second("subnet-0aa"))
    assert "subnet-00" in proposed(second("subnet-00"))


def test_what_can_be_mended_counts_less_than_what_cannot():
    untagged, open_to_all = put("Subnets", "subnet-0a", Tags=[]), second("subnet-0z")
    public = put("RouteTables", "rtb-subnet-0z", Routes=[route("0.0.0.0/0", GatewayId="igw-0")])
    off = put("VpcEndpoints", "vpce-0", RouteTableIds=["rtb-0b", "rtb-0c", "rtb-subnet-0z"])
    assert "subnet-0a" in proposed(open_to_all, public, untagged, off)


def test_a_faulty_subnet_is_proposed_where_its_zone_has_no_better():
    small = put("Subnets", "subnet-0a", CidrBlock="10.0.0.0/26")
    assert proposed(small) == ("subnet-0b", "subnet-0c", "subnet-0a")


def test_a_better_zone_takes_the_place_of_a_worse():
    small = put("Subnets", "subnet-0a", CidrBlock="10.0.0.0/26")
    assert proposed(small, second("subnet-0d", "d")) == ("subnet-0b", "subnet-0c", "subnet-0d")


def test_a_zone_that_eks_bars_is_left_out():
    barred = put("Subnets", "subnet-0a", AvailabilityZoneId="use1-az3")
    assert proposed(barred, drop("Subnets", "subnet-9a")) == ("subnet-0b", "subnet-0c")


def test_a_local_zone_is_left_out():
    moved = put("Subnets", "subnet-0a", AvailabilityZoneId="use1-bos1-az1", AvailabilityZone="us-east-1-bos-1a")
    assert proposed(add("AvailabilityZones", LOCAL), moved, drop("Subnets", "subnet-9a")) == CHOSEN[1:]


def test_a_subnet_of_another_vpc_is_left_out():
    assert "subnet-0a" not in proposed(put("Subnets", "subnet-0a", VpcId=OTHER_VPC))


def test_zones_that_were_not_read_are_taken_by_their_ids():
    assert proposed(unread("AvailabilityZones")) == ("subnet-0b", "subnet-0c", "subnet-0a")


def test_nothing_is_proposed_where_no_subnet_was_seen():
    assert proposed(unread("Subnets")) == ()
    assert proposed(lambda answers: answers["Subnets"].clear()) == ()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_order_of_aws_answer_decides_nothing_and_zones_differ(data):
    letters = data.draw(st.lists(st.sampled_from("abcde"), max_size=8))
    more = [
        second(f"subnet-5{number}", letter, AvailableIpAddressCount=data.draw(st.sampled_from([10, 300, 507])))
        for number, letter in enumerate(letters)
    ]
    answers = changed(*more)
    expected = propose(network(answers), profile=SEED)
    answers["Subnets"] = data.draw(st.permutations(answers["Subnets"]))
    assert propose(network(answers), profile=SEED) == expected
    zones = [named(answers, "Subnets", name)["AvailabilityZoneId"] for name in expected]
    assert len(zones) == len(set(zones)) == 3
    assert ZONES["e"] not in zones
