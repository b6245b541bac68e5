"""The cut of a VPC: known sizes by hand, and properties that hold for every block."""

from ipaddress import IPv4Network, collapse_addresses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.stacks.subnets import UnsplittableBlockError, subnet_plan, usable_addresses


@st.composite
def blocks(draw):
    prefix = draw(st.integers(16, 24))
    return IPv4Network((draw(st.integers(0, 2**prefix - 1)) << (32 - prefix), prefix))


@pytest.mark.parametrize(
    ("vpc", "private", "public", "usable"),
    [
        ("10.0.0.0/16", "10.0.0.0/18 10.0.64.0/18 10.0.128.0/18", "10.0.192.0/24 10.0.193.0/24 10.0.194.0/24", 49137),
        ("10.0.0.0/20", "10.0.0.0/22 10.0.4.0/22 10.0.8.0/22", "10.0.12.0/24 10.0.13.0/24 10.0.14.0/24", 3057),
        ("10.0.0.0/22", "10.0.0.0/24 10.0.1.0/24 10.0.2.0/24", "10.0.3.0/26 10.0.3.64/26 10.0.3.128/26", 753),
        ("10.0.0.0/23", "10.0.0.0/25 10.0.0.128/25 10.0.1.0/25", "10.0.1.128/27 10.0.1.160/27 10.0.1.192/27", 369),
        ("10.0.0.0/24", "10.0.0.0/26 10.0.0.64/26 10.0.0.128/26", "10.0.0.192/28 10.0.0.208/28 10.0.0.224/28", 177),
    ],
)
def test_it_cuts_known_blocks_as_documented(vpc, private, public, usable):
    plan = subnet_plan(IPv4Network(vpc))
    assert [str(subnet.cidr) for subnet in plan.private] == private.split()
    assert [str(subnet.cidr) for subnet in plan.public] == public.split()
    assert plan.usable_private == usable


@settings(deadline=None)
@given(blocks())
def test_subnets_and_spare_blocks_fill_the_vpc_without_overlap(block):
    plan = subnet_plan(block)
    parts = [subnet.cidr for subnet in (*plan.private, *plan.public)] + list(plan.spare)
    assert sum(part.num_addresses for part in parts) == block.num_addresses
    assert list(collapse_addresses(parts)) == [block]


@settings(deadline=None)
@given(blocks())
def test_every_subnet_has_a_size_that_aws_accepts_and_room_for_a_load_balancer(block):
    plan = subnet_plan(block)
    for subnet in (*plan.private, *plan.public):
        assert 16 <= subnet.cidr.prefixlen <= 28
        assert subnet.usable >= 8


@settings(deadline=None)
@given(blocks())
def test_three_larger_private_subnets_would_not_fit(block):
    plan = subnet_plan(block)
    larger = 2 * plan.private[0].cidr.num_addresses
    assert 3 * larger > block.num_addresses


@settings(deadline=None)
@given(blocks())
def test_positions_follow_the_zones_and_say_what_is_public(block):
    plan = subnet_plan(block)
    assert [subnet.position for subnet in plan.private] == [0, 1, 2]
    assert [subnet.position for subnet in plan.public] == [0, 1, 2]
    assert not any(subnet.public for subnet in plan.private)
    assert all(subnet.public for subnet in plan.public)


@pytest.mark.parametrize("block", ["10.0.0.0/15", "10.0.0.0/25", "10.0.0.0/28"])
def test_it_refuses_blocks_that_cannot_be_cut_and_says_what_would_do(block):
    with pytest.raises(UnsplittableBlockError, match=rf"{block}.*from /16 to /24"):
        subnet_plan(IPv4Network(block))


def test_usable_addresses_leave_out_the_five_of_aws():
    assert [usable_addresses(IPv4Network(f"10.0.0.0/{size}")) for size in (22, 24, 28)] == [1019, 251, 11]
