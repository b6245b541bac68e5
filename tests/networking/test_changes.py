"""What changed between two looks."""

from networking.changes import Changes, changes
from networking.checks.judge import judge_vpc
from onboarding.rules.profiles import profile
from tests.networking.checks.answers import CHOSEN, OTHER_VPC, VPC, changed, drop, network, put, route, unread

A, B, C = CHOSEN
SMALL_A = put("Subnets", A, CidrBlock="10.0.0.0/24", AvailableIpAddressCount=251)
SMALL_B = put("Subnets", B, CidrBlock="10.0.16.0/24", AvailableIpAddressCount=251)
PUBLIC_A = put("RouteTables", "rtb-0a", Routes=[route("0.0.0.0/0", GatewayId="igw-0")])
NO_ENDPOINT = drop("VpcEndpoints", "vpce-0")
OFF_A = put("VpcEndpoints", "vpce-0", RouteTableIds=["rtb-0b", "rtb-0c"])
EMPTY_TAG = put("Subnets", A, Tags=[{"Key": "kubernetes.io/role/internal-elb", "Value": ""}])
NO_TAG = put("Subnets", A, Tags=[])


def look(*faults, chosen=CHOSEN, edition="seed"):
    return judge_vpc(network(changed(*faults)), chosen, profile=profile(edition))


def told(found):
    """Code, level and subject of what changed, by kind."""
    kinds = ("better", "worse", "new", "gone")
    return {
        kind: [(one.code, str(one.level), one.resources[0]) for one in getattr(found, kind)]
        for kind in kinds
        if getattr(found, kind)
    }


def test_the_same_look_twice_changed_nothing():
    for faults in ((), (SMALL_A, PUBLIC_A), (unread("RouteTables"),), (NO_ENDPOINT,)):
        found = changes(look(*faults), look(*faults))
        assert found == Changes()
        assert not found


def test_a_first_look_changes_nothing():
    assert changes((), look(SMALL_A)) == Changes()


def test_a_mended_fault_is_better():
    assert told(changes(look(SMALL_A), look())) == {"better": [("subnets.size", "passed", A)]}


def test_a_fresh_fault_is_worse():
    found = changes(look(), look(SMALL_A))
    assert told(found) == {"worse": [("subnets.size", "failed", A)]}
    assert "subnet-0a" in found.worse[0].message


def test_one_mended_of_two_is_said_although_the_other_stays():
    found = changes(look(SMALL_A, SMALL_B), look(SMALL_B))
    assert told(found) == {"better": [("subnets.size", "passed", A)]}
    (settled,) = found.better
    assert settled.message == "Size of the subnets: subnet-0a is in order now."
    assert settled.remedy == ""


def test_another_fault_of_the_same_code_is_worse_and_the_mended_one_better():
    assert told(changes(look(SMALL_A), look(SMALL_B))) == {
        "better": [("subnets.size", "passed", A)],
        "worse": [("subnets.size", "failed", B)],
    }


def test_from_missing_to_empty_is_better_and_back_is_worse():
    assert told(changes(look(NO_TAG), look(EMPTY_TAG))) == {"better": [("subnets.tags", "warning", A)]}
    assert told(changes(look(EMPTY_TAG), look(NO_TAG))) == {"worse": [("subnets.tags", "failed", A)]}


def test_what_is_no_longer_seen_is_worse_even_if_it_had_failed():
    found = changes(look(PUBLIC_A), look(PUBLIC_A, unread("RouteTables")))
    assert told(found) == {
        "worse": [("subnets.private", "unknown", A), ("s3-endpoint.routes", "unknown", A)],
    }


def test_a_fault_that_nobody_can_see_any_more_is_not_gone():
    found = changes(look(OFF_A), look(OFF_A, unread("RouteTables")))
    assert told(found) == {
        "worse": [("subnets.private", "unknown", A), ("s3-endpoint.routes", "unknown", A)],
    }


def test_what_is_seen_for_the_first_time_is_better_when_fine_and_new_when_not():
    found = changes(look(PUBLIC_A, unread("RouteTables")), look(PUBLIC_A))
    assert told(found) == {
        "better": [("s3-endpoint.routes", "passed", "rtb-0a"), ("subnets.private", "passed", B)],
        "new": [("subnets.private", "failed", A)],
    }
    assert found.better[1].resources == (B, C)


def test_an_endpoint_that_serves_only_some_tables_settles_its_presence_alone():
    found = changes(look(NO_ENDPOINT), look(OFF_A))
    assert told(found) == {"better": [("s3-endpoint.present", "passed", "vpce-0")]}


def test_an_endpoint_that_is_gone_is_worse_for_both_codes():
    assert told(changes(look(OFF_A), look(NO_ENDPOINT))) == {
        "worse": [("s3-endpoint.present", "failed", VPC), ("s3-endpoint.routes", "failed", VPC)],
    }


def test_a_faulty_subnet_that_is_no_longer_chosen_is_gone():
    swapped = (B, C, "subnet-0d")
    fourth = put("Subnets", "subnet-9a", SubnetId="subnet-0d", CidrBlock="10.0.64.0/22")
    found = changes(look(SMALL_A, SMALL_B, fourth), look(SMALL_A, SMALL_B, fourth, chosen=swapped))
    assert ("subnets.size", "failed", A) in told(found)["gone"]
    assert all(one[0] != "subnets.size" for one in told(found).get("better", []))


def test_a_stricter_profile_brings_new_codes_and_a_milder_one_takes_them():
    found = changes(look(), look(edition="2026-08"))
    assert [one.code for one in found.new] == ["vpc.tags", "subnets.byoc-tag", "subnets.egress", "vpc.dns"]
    back = changes(look(edition="2026-08"), look())
    assert [one.code for one in back.gone] == [one.code for one in found.new]


def test_a_subnet_moved_out_of_the_vpc_is_worse_once():
    found = changes(look(), look(put("Subnets", A, VpcId=OTHER_VPC)))
    assert told(found) == {"worse": [("subnets.membership", "failed", A)]}
