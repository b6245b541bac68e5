"""The address plan."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.addresses import (
    Range,
    RangeKind,
    address_map,
    overlaps,
    propose,
    reserved_and,
    rooms,
    usable_addresses,
)
from onboarding.rules import profile
from onboarding.rules.ranges import PRIVATE_BLOCKS

SEED = profile("seed")
NETWORKS = st.builds(
    lambda address, prefix: IPv4Network((address, prefix), strict=False),
    st.one_of(
        st.integers(int(IPv4Network("10.0.0.0/8")[0]), int(IPv4Network("10.0.0.0/8")[-1])),
        st.integers(int(IPv4Network("172.16.0.0/12")[0]), int(IPv4Network("172.16.0.0/12")[-1])),
        st.integers(0, 2**32 - 1),
    ),
    st.integers(6, 32),
)
RANGES = st.lists(
    st.builds(
        lambda network, kind: Range(network=network, kind=kind, label=str(network)),
        NETWORKS,
        st.sampled_from([RangeKind.VPC, RangeKind.PEER, RangeKind.ON_PREMISES]),
    ),
    max_size=8,
)


def vpc(cidr, label="vpc-1", kind=RangeKind.VPC):
    return Range(network=IPv4Network(cidr), kind=kind, label=label)


@pytest.mark.parametrize(
    ("chosen", "taken", "sentence"),
    [
        (
            "10.0.0.0/16",
            vpc("10.0.0.0/16", "vpc-1"),
            "10.0.0.0/16 is already used by vpc-1, existing VPC. Choose another range.",
        ),
        (
            "10.0.0.0/16",
            vpc("10.0.128.0/20", "billing", RangeKind.PEER),
            "10.0.0.0/16 contains 10.0.128.0/20 of billing, network to be peered. Choose another range.",
        ),
        (
            "10.5.0.0/16",
            vpc("10.0.0.0/8", "Osaka", RangeKind.ON_PREMISES),
            "10.5.0.0/16 lies inside 10.0.0.0/8 of Osaka, on-premises network. Choose another range.",
        ),
    ],
)
def test_an_overlap_names_both_ranges(chosen, taken, sentence):
    (found,) = overlaps(IPv4Network(chosen), [taken, vpc("192.168.0.0/24")])
    assert found.message == sentence
    assert found.taken == taken


def test_neighbours_do_not_overlap():
    assert overlaps(IPv4Network("10.1.0.0/16"), [vpc("10.0.0.0/16"), vpc("10.2.0.0/16")]) == ()


def test_the_default_is_proposed_when_it_is_free():
    assert propose(16, [], profile=SEED) == IPv4Network("10.0.0.0/16")


@pytest.mark.parametrize(
    ("prefix", "occupied", "proposed"),
    [
        (16, ["10.0.0.0/16"], "10.1.0.0/16"),
        (16, ["10.0.255.0/24", "10.1.0.0/28"], "10.2.0.0/16"),
        (16, ["10.0.0.0/9", "10.128.0.0/10"], "10.192.0.0/16"),
        (16, ["10.0.0.0/8"], "172.16.0.0/16"),
        (16, ["10.0.0.0/8", "172.16.0.0/16"], "172.18.0.0/16"),  # 172.17.0.0/16 is Docker's
        (16, ["10.0.0.0/8", "172.16.0.0/12"], "192.168.0.0/16"),
        (22, ["10.0.0.0/23"], "10.0.4.0/22"),
        (16, ["10.0.0.0/8", "172.16.0.0/12", "192.168.7.0/24"], None),
        (22, ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/17"], "192.168.128.0/22"),
        (20, ["0.0.0.0/0"], None),
    ],
)
def test_the_first_free_block_is_proposed(prefix, occupied, proposed):
    found = propose(prefix, [vpc(cidr) for cidr in occupied], profile=SEED)
    assert found == (IPv4Network(proposed) if proposed else None)


@pytest.mark.parametrize("prefix", [15, 29])
def test_no_vpc_has_such_a_size(prefix):
    with pytest.raises(ValueError, match=str(prefix)):
        propose(prefix, [], profile=SEED)


@settings(deadline=None)  # the machine may be busy
@given(RANGES, st.integers(16, 20))
def test_a_proposal_is_private_free_and_the_first(occupied, prefix):
    found = propose(prefix, occupied, profile=SEED)
    taken = [entry.network for entry in reserved_and(SEED, occupied)]
    for block in PRIVATE_BLOCKS:
        for candidate in block.subnets(new_prefix=max(prefix, block.prefixlen)):
            if candidate == found:
                assert not any(candidate.overlaps(network) for network in taken)
                return
            assert any(candidate.overlaps(network) for network in taken)
    assert found is None


@settings(deadline=None)  # the machine may be busy
@given(RANGES, st.one_of(st.none(), NETWORKS))
def test_segments_lie_in_their_block_and_overlaps_show_on_both(occupied, chosen):
    drawn = address_map(chosen, occupied)
    assert [block.network for block in drawn.blocks] == list(PRIVATE_BLOCKS)
    for block in drawn.blocks:
        for segment in block.segments:
            assert 0 <= segment.start < segment.end <= 1
            met = chosen is not None and segment.network.overlaps(chosen)
            if segment.kind is not RangeKind.CHOSEN:
                assert segment.overlaps == met
            else:
                assert segment.overlaps == any(taken.network.overlaps(chosen) for taken in occupied)
    shown = {segment.label for block in drawn.blocks for segment in block.segments}
    assert {str(taken.label) for taken in occupied} <= shown | {taken.label for taken in drawn.outside}


def test_the_map_places_ranges_as_fractions():
    drawn = address_map(IPv4Network("10.64.0.0/16"), [vpc("10.128.0.0/9", "half"), vpc("100.64.0.0/10", "tail")])
    chosen, half = drawn.blocks[0].segments
    assert (half.start, half.end, half.overlaps) == (0.5, 1.0, False)
    assert (chosen.start, chosen.kind) == (0.25, RangeKind.CHOSEN)
    assert [taken.label for taken in drawn.outside] == ["tail"]


def test_the_map_can_be_read_aloud():
    drawn = address_map(IPv4Network("10.0.0.0/16"), [vpc("10.0.0.0/24", "vpc-1"), vpc("10.9.0.0/16", "vpc-2")])
    assert drawn.text == (
        "2 ranges are in use in 10.0.0.0/8: 10.0.0.0/24 (vpc-1), 10.9.0.0/16 (vpc-2)."
        " Nothing in 172.16.0.0/12 is in use. Nothing in 192.168.0.0/16 is in use."
        " 10.0.0.0/16 contains 10.0.0.0/24 of vpc-1, existing VPC. Choose another range."
    )
    free = address_map(IPv4Network("10.1.0.0/16"), [vpc("10.0.0.0/24")])
    assert free.sentences[-1] == "The chosen range 10.1.0.0/16 overlaps none of them."


@pytest.mark.parametrize(("prefix", "usable"), [(22, 1019), (23, 507), (24, 251), (26, 59), (28, 11), (30, 0)])
def test_aws_keeps_five_addresses_of_each_subnet(prefix, usable):
    network = IPv4Network((0, prefix))
    assert usable_addresses(network) == usable
    assert [(room.total, room.usable) for room in rooms([network])] == [(2 ** (32 - prefix), usable)]
