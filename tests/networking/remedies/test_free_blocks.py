"""Room in a VPC: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""

import dataclasses
from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networking.remedies.free_blocks import blocks_for, free_blocks, known_ranges, secondary_block, vpc_blocks
from onboarding.rules.profiles import profile
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteFact, RouteTableFact
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import CidrFact, VpcFact

SEED = profile("seed")


def network(*subnets: str, cidrs: tuple[str, ...] = ("10.0.0.0/16",), routes: tuple[str, ...] = ()) -> VpcNetwork:
    vpc = VpcFact(id="vpc-1", cidr=cidrs[0], cidrs=tuple(CidrFact(cidr=cidr, state="associated") for cidr in cidrs))
    table = RouteTableFact(id="rtb-1", routes=tuple(RouteFact(destination=to, target="tgw-1") for to in routes))
    return VpcNetwork(
        account="123456789012", region="eu-west-1", vpc_id="vpc-1", vpcs=(vpc,), route_tables=(table,),
        subnets=tuple(SubnetFact(id=f"subnet-{n}", vpc="vpc-1", cidr=cidr) for n, cidr in enumerate(subnets)),
    )  # fmt: skip


def asked(count: int, *subnets: str, **more: tuple[str, ...]) -> tuple[list[str], str]:
    """The blocks and the further range, as text."""
    found = blocks_for(count, network(*subnets, **more), profile=SEED)
    assert found is not None
    return [str(block) for block in found.blocks], str(found.secondary or "")


def test_an_empty_vpc_gives_large_blocks_in_order() -> None:
    assert asked(3) == (["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20"], "")


def test_a_subnet_in_the_middle_is_stepped_over_and_the_next_block_is_aligned() -> None:
    assert asked(2, "10.0.3.0/24")[0] == ["10.0.16.0/20", "10.0.32.0/20"]
    assert asked(1, "10.0.0.0/20", "10.0.17.0/24")[0] == ["10.0.32.0/20"]


def test_blocks_are_never_larger_than_what_is_free() -> None:
    assert asked(3, cidrs=("10.0.0.0/20",))[0] == ["10.0.0.0/22", "10.0.4.0/22", "10.0.8.0/22"]
    assert asked(3, cidrs=("10.0.0.0/21",))[0] == ["10.0.0.0/23", "10.0.2.0/23", "10.0.4.0/23"]


def test_secondary_ranges_have_room_too() -> None:
    full = "10.0.0.0/16"
    assert asked(1, full, cidrs=(full, "10.9.0.0/20")) == (["10.9.0.0/20"], "")


def test_a_range_that_aws_is_still_adding_or_taking_away_is_no_room() -> None:
    base = network("10.0.0.0/16", cidrs=("10.0.0.0/16", "10.9.0.0/20"))
    assert base.vpc is not None
    first, second = base.vpc.cidrs
    for state in ("associating", "disassociating", "failed", "disassociated"):
        vpc = dataclasses.replace(base.vpc, cidrs=(first, dataclasses.replace(second, state=state)))
        changed = dataclasses.replace(base, vpcs=(vpc,))
        assert [str(block) for block in vpc_blocks(changed)] == ["10.0.0.0/16"]
        found = blocks_for(1, changed, profile=SEED)
        assert found is not None
        assert found.secondary is not None
        assert not found.secondary.overlaps(IPv4Network("10.9.0.0/20")), "not known to be free"


def test_a_full_vpc_gets_a_further_range_that_holds_all_blocks() -> None:
    blocks, secondary = asked(3, "10.0.0.0/16")
    assert secondary == "10.1.0.0/18"
    assert blocks == ["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/20"]


def test_what_still_fits_stays_in_the_vpcs_own_range() -> None:
    blocks, secondary = asked(2, "10.0.0.0/23", cidrs=("10.0.0.0/22",))
    assert (blocks, secondary) == (["10.0.2.0/23", "10.1.0.0/20"], "10.1.0.0/20")


@pytest.mark.parametrize(
    ("primary", "wanted"),
    [
        # "If your primary CIDR falls within the 10.0.0.0/15 range, you cannot add a CIDR block from 10.0.0.0/16."
        ("10.0.128.0/20", "10.1.0.0/20"),
        ("10.1.0.0/16", "10.2.0.0/20"),
        ("10.2.0.0/16", "10.0.0.0/20"),
        ("172.16.0.0/16", "172.18.0.0/20"),  # 172.17 is Docker's
        ("192.168.0.0/20", "192.168.16.0/20"),
    ],
)
def test_a_further_range_comes_from_the_family_of_the_primary_one(primary: str, wanted: str) -> None:
    assert str(secondary_block(20, network(cidrs=(primary,)), profile=SEED)) == wanted


def test_no_range_of_the_default_vpcs_is_given_to_a_vpc_of_172_16() -> None:
    others = tuple(f"172.{second}.0.0/16" for second in range(18, 31))
    assert secondary_block(20, network(cidrs=("172.16.0.0/16",), routes=others), profile=SEED) is None


@pytest.mark.parametrize("primary", ["100.64.0.0/16", "198.19.0.0/20", "54.0.0.0/16"])
def test_a_primary_range_outside_of_rfc_1918_gets_no_further_one(primary: str) -> None:
    assert secondary_block(20, network(cidrs=(primary,)), profile=SEED) is None


def test_a_further_range_keeps_away_from_what_routes_lead_to_and_from_reserved_ranges() -> None:
    reached = ("0.0.0.0/0", "10.1.0.0/16", "10.2.0.0/15", "::/0", "pl-1")
    around = network(cidrs=("10.0.0.0/16",), routes=reached)
    assert [str(block) for block in known_ranges(around)] == ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/15"]
    assert str(secondary_block(18, around, profile=SEED)) == "10.4.0.0/18"
    before_eks = network(cidrs=("10.101.0.0/16",), routes=("10.0.0.0/10", "10.64.0.0/11", "10.96.0.0/14"))
    assert str(secondary_block(16, before_eks, profile=SEED)) == "10.102.0.0/16", "10.100 is of EKS services"


def test_a_route_to_the_whole_family_leaves_nothing() -> None:
    assert blocks_for(1, network("10.0.0.0/16", routes=("10.0.0.0/8",)), profile=SEED) is None


def test_nothing_is_proposed_where_the_subnets_or_the_vpc_are_not_known() -> None:
    assert blocks_for(1, dataclasses.replace(network(), subnets=None), profile=SEED) is None
    assert blocks_for(1, dataclasses.replace(network(), vpcs=None), profile=SEED) is None
    assert blocks_for(1, dataclasses.replace(network(), vpcs=()), profile=SEED) is None


def test_ranges_that_cannot_be_read_make_the_room_unknown() -> None:
    assert blocks_for(1, network("not a range"), profile=SEED) is None
    assert blocks_for(1, network(cidrs=("<script>",)), profile=SEED) is None
    assert known_ranges(network(routes=("10.0.0.0/99", "1.2.3.4"))) == (IPv4Network("10.0.0.0/16"),)


def test_a_larger_smallest_subnet_of_a_profile_is_kept() -> None:
    strict = dataclasses.replace(SEED, smallest_subnet=19)
    found = blocks_for(2, network(), profile=strict)
    assert found is not None
    assert [block.prefixlen for block in found.blocks] == [19, 19]


@st.composite
def taken(draw: st.DrawFn) -> list[IPv4Network]:
    """Subnets of 10.0.0.0/16 that do not overlap."""
    found: list[IPv4Network] = []
    for _ in range(draw(st.integers(0, 12))):
        prefix = draw(st.integers(17, 28))
        place = draw(st.integers(0, 2 ** (prefix - 16) - 1)) * 2 ** (32 - prefix)
        block = IPv4Network((int(IPv4Network("10.0.0.0/16").network_address) + place, prefix))
        if not any(block.overlaps(other) for other in found):
            found.append(block)
    return found


@given(taken(), st.integers(18, 24))
def test_free_blocks_are_exactly_the_aligned_ones_that_touch_nothing(used: list[IPv4Network], prefix: int) -> None:
    whole = IPv4Network("10.0.0.0/16")
    wanted = [block for block in whole.subnets(new_prefix=prefix) if not any(map(block.overlaps, used))]
    assert list(free_blocks([whole], used, prefix, 2**16)) == wanted
    assert list(free_blocks([whole], used, prefix, 2)) == wanted[:2]
