"""Which subnets a choice lacks, on hand-made facts; nothing here asks an emulator."""

from dataclasses import replace

import pytest

from networking.checks.judge import judge_vpc
from networking.remedies.missing_subnets import Missing, missing_subnets, usable_zones
from networking.remedies.remedies import remedies_for
from onboarding.rules.profiles import profile
from portal.aws.facts.gateways import NatGatewayFact
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteFact, RouteTableAssociationFact, RouteTableFact
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import VpcFact
from portal.aws.facts.zones import ZoneFact

SEED = profile("seed")
VPC, ACCOUNT = "vpc-1", "123456789012"
LETTERS = {"a": "use1-az4", "b": "use1-az6", "c": "use1-az1", "d": "use1-az3"}
LOCAL = "use1-bos1-az1"


def subnet(name: str, letter: str, *, size: int = 20, vpc: str = VPC, free: int = 4000) -> SubnetFact:
    third = sum(map(ord, name)) % 16 * 16
    return SubnetFact(
        id=f"subnet-{name}", vpc=vpc, cidr=f"10.0.{third}.0/{size}", zone_name=f"us-east-1{letter}",
        zone_id=LETTERS.get(letter, letter), state="available", free=free, owner=ACCOUNT,
    )  # fmt: skip


def network(*subnets: SubnetFact) -> VpcNetwork:
    names = {f"us-east-1{letter}": own for letter, own in LETTERS.items()}
    zones = [ZoneFact(name=name, id=own, type="availability-zone", state="available") for name, own in names.items()]
    zones.append(ZoneFact(name="us-east-1-bos-1a", id=LOCAL, type="local-zone", state="available"))
    vpc = VpcFact(id=VPC, cidr="10.0.0.0/16", owner=ACCOUNT, state="available")
    return VpcNetwork(
        account=ACCOUNT, region="us-east-1", vpc_id=VPC, zones=tuple(zones), vpcs=(vpc,), subnets=subnets,
        route_tables=(), endpoints=(), nat_gateways=(),
    )  # fmt: skip


def missing(found: VpcNetwork, *chosen: str) -> list[Missing]:
    findings = judge_vpc(found, chosen, profile=SEED)
    return list(missing_subnets(found, chosen, findings, SEED))


A, B, C = subnet("a", "a"), subnet("b", "b"), subnet("c", "c")


def test_a_choice_that_does_lacks_nothing() -> None:
    assert missing(network(A, B, C), A.id, B.id, C.id) == []


def test_a_small_subnet_is_replaced_in_its_own_zone() -> None:
    small = subnet("small", "a", size=24)
    assert missing(network(small, B, C), small.id, B.id, C.id) == [
        Missing(zone_id="use1-az4", codes=("subnets.size",), replaces=small.id)
    ]


def test_a_small_subnet_beside_a_good_one_of_its_zone_is_replaced_where_none_is() -> None:
    small = subnet("small", "a", size=24)
    (first,) = missing(network(A, small, B), A.id, small.id, B.id)
    assert first == Missing(zone_id="use1-az1", codes=("subnets.size", "subnets.zones"), replaces=small.id)


def test_one_subnet_that_fails_twice_is_replaced_once() -> None:
    small = subnet("small", "a", size=29, free=2)
    (only,) = missing(network(small, B, C), small.id, B.id, C.id)
    assert set(only.codes) == {"subnets.size", "subnets.free-addresses"}


def test_two_subnets_in_one_zone_lack_a_third_zone() -> None:
    second = subnet("second", "a")
    assert missing(network(A, second, B), A.id, second.id, B.id) == [
        Missing(zone_id="use1-az1", codes=("subnets.zones",))
    ]


@pytest.mark.parametrize("chosen", [(A.id,), (A.id, A.id, A.id)])
def test_a_choice_of_one_lacks_two_however_often_it_is_named(chosen: tuple[str, ...]) -> None:
    found = missing(network(A), *chosen)
    assert [one.zone_id for one in found] == ["use1-az1", "use1-az6"], "use1-az3 does not run EKS"
    assert {one.codes for one in found} == {("subnets.count", "subnets.zones")}


def test_a_subnet_in_a_local_zone_is_replaced_in_an_availability_zone() -> None:
    local = subnet("local", LOCAL)
    (only,) = missing(network(A, B, local), A.id, B.id, local.id)
    assert (only.zone_id, only.replaces) == ("use1-az1", local.id)
    assert "subnets.zones" in only.codes


def test_a_small_subnet_in_a_zone_without_eks_moves_to_another_one() -> None:
    barred = subnet("barred", "d", size=24)
    (only,) = missing(network(A, B, barred), A.id, B.id, barred.id)
    assert only.zone_id == "use1-az1"


def test_a_subnet_that_aws_is_still_making_is_waited_for() -> None:
    pending = replace(C, state="pending")
    assert missing(network(A, B, pending), A.id, B.id, pending.id) == []


def test_a_warning_asks_for_no_new_subnet() -> None:
    nearly_full = replace(C, free=20)
    assert missing(network(A, B, nearly_full), A.id, B.id, nearly_full.id) == []


def test_subnets_that_were_not_read_lack_nothing_that_anybody_knows_of() -> None:
    unread = replace(network(), subnets=None)
    assert missing(unread, A.id) == []
    assert not [one for one in remedies_for(unread, [A.id], profile=SEED) if one.key.startswith("subnets-")]


def test_zones_that_were_not_read_are_those_of_the_vpcs_subnets() -> None:
    unread = replace(network(A, B, subnet("d", "d")), zones=None)
    assert usable_zones(unread, SEED) == ("use1-az4", "use1-az6")


def test_a_region_with_two_usable_zones_gets_as_many_as_it_has() -> None:
    found = network(A)
    assert found.zones is not None
    two = replace(found, zones=tuple(zone for zone in found.zones if zone.id in {"use1-az4", "use1-az6"}))
    assert [one.zone_id for one in missing(two, A.id)] == ["use1-az6"]


def test_the_order_of_the_choice_does_not_change_what_is_made() -> None:
    small = subnet("small", "a", size=24)
    one = missing(network(small, B), small.id, B.id)
    other = missing(network(B, small), B.id, small.id)
    assert one == other
    assert [item.replaces for item in one] == [small.id, ""]


def test_a_public_subnet_that_holds_a_nat_gateway_is_replaced_not_moved() -> None:
    """In a private subnet its NAT gateway would lead nowhere, for everybody who goes out through it."""
    public = RouteTableFact(
        id="rtb-1", vpc=VPC, routes=(RouteFact(destination="0.0.0.0/0", target="igw-1", state="active"),),
        associations=(RouteTableAssociationFact(main=True, state="associated"),),
    )  # fmt: skip
    nat = NatGatewayFact(id="nat-1", vpc=VPC, subnet=A.id, state="available", connectivity="public")
    found = replace(network(A, B, C), route_tables=(public,), nat_gateways=(nat,))
    assert missing(found, A.id, B.id, C.id) == [Missing(zone_id="use1-az4", codes=("subnets.private",), replaces=A.id)]
    remedies = {one.key: one for one in remedies_for(found, [A.id, B.id, C.id], profile=SEED)}
    assert remedies["subnets-private-rtb-1"].resources == (B.id, C.id, "rtb-1")
    assert A.id not in remedies["subnets-private-rtb-1"].cli.text


def test_no_key_occurs_twice() -> None:
    small, full = subnet("small", "a", size=24), subnet("full", "a", free=1)
    found = remedies_for(network(small, full), [small.id, full.id], profile=SEED)
    assert len({one.key for one in found}) == len(found)
