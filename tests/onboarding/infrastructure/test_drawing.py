"""The address map as rectangles: everything stands inside its row, in proportion, and can be seen."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.address_drawing import GUTTER, THINNEST, THINNEST_CHOSEN, WIDTH, Bar, drawing_of
from onboarding.addresses import Range, RangeKind, address_map

ROOM = WIDTH - GUTTER


def bars(chosen: str | None, *ranges: str) -> list[Bar]:
    used = [Range(network=IPv4Network(cidr), kind=RangeKind.VPC, label=cidr) for cidr in ranges]
    drawing = drawing_of(address_map(IPv4Network(chosen) if chosen else None, used))
    return [bar for panel in drawing.panels for bar in panel.bars]


def test_a_sixteen_is_a_sixteenth_of_its_row() -> None:
    (bar,) = bars(None, "10.4.0.0/16")
    assert float(bar.width) == pytest.approx(ROOM / 16, abs=0.01)
    assert float(bar.x) == pytest.approx(GUTTER + ROOM / 4, abs=0.01)


def test_a_large_range_fills_several_rows() -> None:
    found = bars(None, "10.128.0.0/10")
    assert len(found) == 4
    assert len({bar.y for bar in found}) == 4
    assert {float(bar.width) for bar in found} == {ROOM}


def test_the_whole_block_fills_every_row() -> None:
    assert len(bars(None, "10.0.0.0/8")) == 16
    assert len(bars(None, "172.16.0.0/12")) == 1
    assert len(bars(None, "192.168.0.0/16")) == 1


def test_the_home_block_is_drawn_larger_and_says_so() -> None:
    (bar,) = bars(None, "192.168.16.0/20")
    assert float(bar.width) == pytest.approx(ROOM / 16, abs=0.01)
    assert "drawn 16 times larger" in drawing_of(address_map(None, ())).panels[2].heading


def test_the_chosen_range_lies_on_top_and_both_sides_of_an_overlap_are_marked() -> None:
    found = bars("10.0.0.0/16", "10.0.64.0/18", "10.2.0.0/16")
    assert found[-1].css == "map-chosen"
    assert [bar.met for bar in found] == [True, False, True]


def test_the_legend_names_the_kinds_that_are_drawn() -> None:
    peer = Range(network=IPv4Network("10.20.0.0/16"), kind=RangeKind.PEER, label="analytics")
    legend = drawing_of(address_map(IPv4Network("10.0.0.0/16"), [peer])).legend
    assert [key.css for key in legend] == ["map-peer", "map-chosen"]


def test_what_lies_outside_is_told_in_words() -> None:
    public = Range(network=IPv4Network("203.0.113.0/24"), kind=RangeKind.ON_PREMISES, label="shop")
    drawing = drawing_of(address_map(None, [public]))
    assert drawing.outside == (public,)
    assert not any(panel.bars for panel in drawing.panels)


@given(st.integers(0, 2**24 - 1), st.integers(8, 32), st.booleans())
def test_nothing_leaves_its_row_or_vanishes(offset: int, prefix: int, chosen: bool) -> None:
    network = IPv4Network((int(IPv4Network("10.0.0.0/8").network_address) + offset, prefix), strict=False)
    found = bars(str(network)) if chosen else bars(None, str(network))
    least = THINNEST_CHOSEN if chosen else THINNEST
    assert found
    for bar in found:
        assert float(bar.width) >= least - 0.01
        assert float(bar.x) >= GUTTER - 0.01
        assert float(bar.x) + float(bar.width) <= WIDTH + 0.02
