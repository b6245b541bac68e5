"""New subnets in place of what does not do: every form carried out, judged, and taken back."""

from dataclasses import replace

import pytest

from networking.remedies.remedies import remedies_for
from onboarding.rules.profiles import profile
from portal.demo.seeds.places import BYOC_TAG, ELB_TAG
from portal.findings.shapes import Level
from tests.networking.remedies.harness import Ground, Vpc, ground, parsed_terraform, sound_vpc
from tests.networking.remedies.snapshots import Snapshot, failures, proposed, snapshot, table_of, ways

__all__ = ["ground"]

SIZE, COUNT, ZONES, MEMBERSHIP = "subnets.size", "subnets.count", "subnets.zones", "subnets.membership"


def with_a_small_one(ground: Ground, *, nat: bool = False) -> tuple[Vpc, str, tuple[str, ...]]:
    """A sound VPC whose subnet in zone a is left out of the choice; a /24 stands in its place."""
    vpc = sound_vpc(ground, nat=nat)
    small = ground.place.subnet(vpc.id, "small-a", "10.60.100.0/24", "a", BYOC_TAG | ELB_TAG)
    ground.ec2.associate_route_table(RouteTableId=vpc.table, SubnetId=small)
    ground.ec2.delete_subnet(SubnetId=vpc.subnets[0])
    return vpc, small, (small, *vpc.subnets[1:])


def new_in(ground: Ground, vpc: Vpc, before: Snapshot) -> list[dict[str, object]]:
    """The subnets that were not there before."""
    new = snapshot(ground, vpc.id).subnets - before.subnets
    return list(ground.ec2.describe_subnets(SubnetIds=sorted(new))["Subnets"]) if new else []


def test_a_small_subnet_gets_a_large_one_beside_it_and_the_way_back_restores(ground: Ground) -> None:
    vpc, small, chosen = with_a_small_one(ground)
    assert failures(ground, vpc.id, chosen) == {SIZE}
    before = snapshot(ground, vpc.id)
    ((key, remedy),) = ground.remedies(vpc.id, chosen).items()
    assert (key, remedy.codes, remedy.resources) == (f"subnets-new-{small}", (SIZE,), (small,))
    ground.run(remedy.cli.text)
    (made,) = new_in(ground, vpc, before)
    assert (made["CidrBlock"], made["AvailabilityZone"]) == ("10.60.0.0/20", "eu-central-1a")
    assert {"Key": "kubernetes.io/role/internal-elb", "Value": "1"} in made["Tags"]  # type: ignore[operator]
    assert table_of(ground, str(made["SubnetId"]))["RouteTableId"] == vpc.table
    again = proposed(ground, vpc.id)
    assert set(again) == {made["SubnetId"], *vpc.subnets[1:]}
    assert failures(ground, vpc.id, again) == set()
    after = snapshot(ground, vpc.id)
    ground.run(remedy.cli.text)
    assert snapshot(ground, vpc.id) == after, "a second run makes nothing"
    ground.run(remedy.cli.undo)
    assert snapshot(ground, vpc.id) == before
    assert failures(ground, vpc.id, chosen) == {SIZE}


def test_a_missing_subnet_is_made_in_the_zone_that_none_covers(ground: Ground) -> None:
    vpc = sound_vpc(ground)
    ground.ec2.delete_subnet(SubnetId=vpc.subnets[2])
    chosen = vpc.subnets[:2]
    assert {COUNT, ZONES} <= failures(ground, vpc.id, chosen)
    before = snapshot(ground, vpc.id)
    (remedy,) = ground.remedies(vpc.id, chosen).values()
    assert set(remedy.codes) == {COUNT, ZONES}
    ground.launch("third", remedy.cloudformation.text)
    (made,) = new_in(ground, vpc, before)
    assert made["AvailabilityZone"] == "eu-central-1c"
    assert failures(ground, vpc.id, proposed(ground, vpc.id)) == set()


def test_a_subnet_of_another_vpc_and_an_unknown_one_are_made_here(ground: Ground) -> None:
    vpc = sound_vpc(ground)
    other = ground.place.vpc("other", "10.80.0.0/16")
    elsewhere, gone = ground.place.subnet(other, "elsewhere", "10.80.0.0/20", "b"), "subnet-0123456789abcdef0"
    for subnet in vpc.subnets[1:]:
        ground.ec2.delete_subnet(SubnetId=subnet)
    chosen = (elsewhere, gone, vpc.subnets[0])
    assert MEMBERSHIP in failures(ground, vpc.id, chosen)
    found = ground.remedies(vpc.id, chosen)
    before = snapshot(ground, vpc.id)
    for number, subnet in enumerate((elsewhere, gone)):
        remedy = found[f"subnets-new-{subnet}"]
        assert MEMBERSHIP in remedy.codes
        ground.launch(f"new-{number}", remedy.cloudformation.text)
    places = {str(one["AvailabilityZone"]) for one in new_in(ground, vpc, before)}
    assert places == {"eu-central-1b", "eu-central-1c"}
    assert failures(ground, vpc.id, proposed(ground, vpc.id)) == set()
    for number in range(2):
        ground.delete(f"new-{number}")
    assert snapshot(ground, vpc.id) == before


def test_a_subnet_without_free_addresses_gets_another_one_in_its_zone(ground: Ground) -> None:
    vpc = sound_vpc(ground)
    network = ground.network(vpc.id)
    used = tuple(replace(one, free=3) if one.id == vpc.subnets[1] else one for one in network.subnets or ())
    (remedy,) = remedies_for(replace(network, subnets=used), vpc.subnets, profile=profile("seed"))
    assert (remedy.key, remedy.codes) == (f"subnets-new-{vpc.subnets[1]}", ("subnets.free-addresses",))
    before = snapshot(ground, vpc.id)
    ground.launch("new", remedy.cloudformation.text)
    (made,) = new_in(ground, vpc, before)
    assert made["AvailabilityZone"] == "eu-central-1b"
    assert failures(ground, vpc.id, (vpc.subnets[0], str(made["SubnetId"]), vpc.subnets[2])) == set()


def test_a_full_vpc_gets_a_further_range_by_the_cli(ground: Ground) -> None:
    vpc, small, chosen = full_vpc(ground)
    before = snapshot(ground, vpc)
    remedy = ground.remedies(vpc, chosen)[f"subnets-new-{small}"]
    assert "10.1.16.0/20" in remedy.effect
    ground.run(remedy.cli.text)
    assert snapshot(ground, vpc).ranges == {"10.1.0.0/21", "10.1.16.0/20"}
    assert ground.level(SIZE, vpc, proposed(ground, vpc)) is Level.PASSED
    ground.run(remedy.cli.undo)
    assert snapshot(ground, vpc) == before


def full_vpc(ground: Ground) -> tuple[str, str, tuple[str, ...]]:
    """10.1.0.0/21 with no room; one of its subnets is too small. It has no way to S3 either."""
    own, tags = ground.place, BYOC_TAG | ELB_TAG
    vpc = own.vpc("full", "10.1.0.0/21", **BYOC_TAG)
    small = own.subnet(vpc, "small", "10.1.0.0/24", "a", tags)
    rest = [own.subnet(vpc, "rest", f"10.1.{third}.0/23", letter, tags) for third, letter in ((2, "b"), (4, "c"))]
    own.subnet(vpc, "other", "10.1.1.0/24", "c")
    own.subnet(vpc, "another", "10.1.6.0/23", "c")
    own.table(vpc, "private", small, *rest)
    return vpc, small, (small, *rest)


def test_several_subnets_share_a_further_range_in_one_remedy(ground: Ground) -> None:
    vpc, small, (_small, rest, _third) = full_vpc(ground)
    (remedy,) = [one for key, one in ground.remedies(vpc, (small, rest)).items() if key.startswith("subnets-new")]
    assert set(remedy.codes) == {SIZE, COUNT, ZONES}
    before = snapshot(ground, vpc)
    ground.launch("two", remedy.cloudformation.text)
    after = snapshot(ground, vpc)
    assert after.ranges - before.ranges == {"10.1.32.0/19"}
    assert len(after.subnets - before.subnets) == 2
    ground.delete("two")
    assert snapshot(ground, vpc) == before


@pytest.mark.parametrize("full", [False, True])
def test_the_cloudformation_form_is_a_stack_that_goes_without_a_trace(ground: Ground, *, full: bool) -> None:
    if full:
        vpc, small, chosen = full_vpc(ground)
    else:
        sound, small, chosen = with_a_small_one(ground)
        vpc = sound.id
    before = snapshot(ground, vpc)
    remedy = next(one for one in ground.remedies(vpc, chosen).values() if small in one.resources and SIZE in one.codes)
    made = ground.launch("new-subnet", remedy.cloudformation.text)
    new = {identifier for identifier in made.values() if identifier.startswith("subnet-")}
    assert ground.level(SIZE, vpc, (*new, *chosen[1:])) is Level.PASSED
    assert ground.level("subnets.private", vpc, (*new, *chosen[1:])) is Level.PASSED
    assert ground.level("subnets.tags", vpc, (*new, *chosen[1:])) is Level.PASSED
    assert "Delete the stack" in remedy.cloudformation.undo
    ground.delete("new-subnet")
    assert snapshot(ground, vpc) == before


def test_the_terraform_form_says_zone_range_tags_and_table(ground: Ground) -> None:
    vpc, small, chosen = with_a_small_one(ground)
    zones = {zone["ZoneName"]: zone["ZoneId"] for zone in ground.ec2.describe_availability_zones()["AvailabilityZones"]}
    remedy = ground.remedies(vpc.id, chosen, "2026-08")[f"subnets-new-{small}"]
    found = parsed_terraform(remedy.terraform.text)
    name = next(name for name in found if name.startswith("aws_subnet."))
    plain = f"{zones['eu-central-1a']}-10-60-0-0"
    assert found.pop(name) == {
        "vpc_id": vpc.id,
        "cidr_block": "10.60.0.0/20",
        "availability_zone_id": zones["eu-central-1a"],
        "tags": {
            "Name": f"clickhouse-byoc-private-{plain}",
            "kubernetes.io/role/internal-elb": "1",
            "clickhouse-byoc": "true",
        },
    }
    (association,) = found.values()
    assert association == {"subnet_id": f"${{{name}.id}}", "route_table_id": vpc.table}


def test_where_the_profile_asks_for_a_way_out_a_new_table_leads_to_the_nat_gateway_that_is_there(
    ground: Ground,
) -> None:
    own = ground.place
    vpc = sound_vpc(ground, nat=True)
    nat = next(iter(snapshot(ground, vpc.id).nats))
    public = own.table(vpc.id, "leads-out")
    own.default_route(public, gateway=next(iter(snapshot(ground, vpc.id).gateways)))
    small = own.subnet(vpc.id, "small-a", "10.60.100.0/24", "a", BYOC_TAG | ELB_TAG)
    ground.ec2.associate_route_table(RouteTableId=public, SubnetId=small)
    remedy = ground.remedies(vpc.id, (small,), "2026-08")[f"subnets-new-{small}"]
    before = snapshot(ground, vpc.id)
    ground.run(remedy.cli.text)
    (made,) = new_in(ground, vpc, before)
    assert ("0.0.0.0/0", nat) in ways(table_of(ground, str(made["SubnetId"])))
    assert ground.level("subnets.egress", vpc.id, (str(made["SubnetId"]),), "2026-08") is Level.PASSED
    assert ground.level("s3-endpoint.routes", vpc.id, (str(made["SubnetId"]),), "2026-08") is Level.PASSED
    ground.run(remedy.cli.undo)
    assert snapshot(ground, vpc.id) == before


def test_the_console_says_the_same_values_and_its_marks_match(ground: Ground) -> None:
    vpc, small, chosen = with_a_small_one(ground)
    (remedy,) = ground.remedies(vpc.id, chosen).values()
    values = {value.value for item in remedy.console for value in item.values}
    assert values >= {vpc.id, "10.60.0.0/20", "1", vpc.table}
    assert remedy.console[0].url.endswith("#CreateSubnet:")
    for field in remedy.page.fields:
        assert field.value in {value.value for value in remedy.console[field.mark - 1].values}
    assert remedy.page.button in remedy.console[remedy.page.button_mark - 1].text
    assert small not in remedy.undo_console, "the old subnet stays"
