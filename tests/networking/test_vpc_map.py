"""The map of a VPC: what it says, and a geometry in which nothing lies on anything else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from networking.maps.drawing import Drawing
from networking.maps.nodes import Link
from networking.maps.shapes import INSET, Box, Wire
from networking.maps.topology import CHANGING, UNREAD
from networking.maps.vpc_map import VpcMap, vpc_map
from networking.maps.wires import Net, own_part, path, placed, tracks
from portal.findings.shapes import Level
from tests.networking.map_scenes import (
    SCENES,
    Scene,
    blind,
    faulty,
    fit,
    grid,
    identifier,
    network,
    strays,
    subnet,
    tangled,
)

CLEAR = 1.0


def box_of(map_: VpcMap, key: str) -> Box:
    return next(box for box in map_.drawing.boxes if box.key == key)


def text_of(box: Box) -> list[str]:
    return [words.text for words in box.words]


def overlap(one: Box, other: Box) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.bottom and other.y < one.bottom


def segments(wire: Wire) -> Iterator[tuple[float, float, float, float]]:
    """x1, y1, x2, y2 of each straight part, with the lesser numbers first."""
    for (x1, y1), (x2, y2) in pairwise(wire.points):
        assert abs(x1 - x2) < 0.01 or abs(y1 - y2) < 0.01, f"{wire.title} runs askew"
        yield min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def covers(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two straight parts lie on one another for a stretch; crossing is none."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > -CLEAR and down > -CLEAR and max(across, down) > CLEAR


def pierced(segment: tuple[float, ...], box: Box) -> bool:
    x1, y1, x2, y2 = segment
    inside_x = x2 > box.x + CLEAR and x1 < box.x + box.width - CLEAR
    return inside_x and y2 > box.y + CLEAR and y1 < box.bottom - CLEAR


def assert_sound(drawing: Drawing) -> None:
    """Nothing overlaps or leaves the picture, no text leaves its box, no line lies on another or goes through a box."""
    for box in drawing.boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= drawing.width
        assert box.bottom <= drawing.height
        for words in box.words:
            assert words.x + words.width <= box.x + box.width - INSET / 2, f"{words.text!r} leaves its box"
            assert box.y < words.y < box.bottom
    for frame in drawing.frames:
        assert frame.x + frame.width <= drawing.width
        assert frame.y + frame.height <= drawing.height
        assert all(words.x + words.width <= frame.x + frame.width for words in frame.heading.words)
    assert [(one.key, other.key) for one, other in combinations(drawing.boxes, 2) if overlap(one, other)] == []
    assert_wires_sound(drawing)


def assert_wires_sound(drawing: Drawing) -> None:
    parts = [(wire.net, segment) for wire in drawing.wires for segment in segments(wire)]
    for net, segment in parts:
        assert 0 <= segment[0] <= segment[2] <= drawing.width
        assert 0 <= segment[1] <= segment[3] <= drawing.height
        assert [(net, box.key) for box in drawing.boxes if pierced(segment, box)] == []
    for (net, one), (other_net, other) in combinations(parts, 2):
        assert net == other_net or not covers(one, other), f"{net} {one} lies on {other_net} {other}"


@pytest.mark.parametrize("name", SCENES)
def test_nothing_lies_on_anything_else(name: str) -> None:
    assert_sound(SCENES[name]().map().drawing)


@pytest.mark.parametrize("subnets", [3, 6])
@pytest.mark.parametrize("zones", range(1, 7))
@pytest.mark.parametrize("tables", [0, 1, 2, 6])
def test_every_usual_size_is_sound(subnets: int, zones: int, tables: int) -> None:
    per_zone = [len(range(zone, subnets, zones)) for zone in range(zones)]
    scene = grid(per_zone, tables, others=7, main=tables == 2)
    map_ = scene.map()
    assert_sound(map_.drawing)
    assert len(map_.rows) == subnets
    assert {box.key for box in map_.drawing.boxes} >= set(scene.chosen[:3])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=6), st.integers(0, 12), st.integers(0, 9), st.booleans())
def test_any_size_is_sound(per_zone: list[int], tables: int, others: int, main: bool) -> None:
    assert_sound(grid(per_zone, tables, others=others, main=main and tables > 0).map().drawing)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120), st.sampled_from(["10.0.0.0/16", "255.255.255.255/28"]))
def test_any_name_stays_in_its_box(name: str, cidr: str) -> None:
    node = subnet(1, 0, name=name or "-", cidr=cidr, free=None)
    assert_sound(vpc_map(network(node), (node.id,), ()).drawing)


@pytest.mark.parametrize("name", SCENES)
def test_every_line_ends_at_its_box(name: str) -> None:
    drawing = SCENES[name]().map().drawing
    for wire in drawing.wires:
        x, y = wire.points[-1]
        assert any(abs(box.y - y) < 0.01 and box.x < x < box.x + box.width for box in drawing.boxes), wire.title
        x, y = wire.points[0]
        assert any(box.x - 0.01 <= x <= box.x + box.width + 0.01 and box.y < y <= box.bottom for box in drawing.boxes)


def test_a_fit_vpc_is_drawn_without_a_crossing_or_a_mark() -> None:
    drawing = fit().map().drawing
    assert len(drawing.wires) == 9
    assert [wire.title for wire in drawing.wires if wire.badge or "missing" in wire.css] == []
    to_tables = [wire for wire in drawing.wires if wire.net.startswith("table")]
    assert all(len({x for x, _ in wire.points}) == 1 for wire in to_tables)  # straight down
    assert {box.badge.level for box in drawing.boxes if box.badge} == {"passed"}


def test_the_four_faults_are_marked_where_they_are() -> None:
    scene = faulty()
    map_ = scene.map()
    small, untagged, inherits = scene.chosen
    main, private = identifier("rtb", 1), identifier("rtb", 2)
    assert "subnets.size" in " ".join(text_of(box_of(map_, small)))
    assert "subnets.tags" in " ".join(text_of(box_of(map_, untagged)))
    assert "inherits the main table" in text_of(box_of(map_, inherits))
    assert "main table, inherited by 1" in text_of(box_of(map_, main))
    missing = [wire for wire in map_.drawing.wires if "net-missing" in wire.css]
    assert [wire.title.split(" · ")[:2] for wire in missing] == [
        [private, "S3 endpoint not attached"], [main, "S3 endpoint not attached"],
    ]  # fmt: skip
    lacking = [finding.message for finding in scene.findings() if finding.code == "s3-endpoint.routes"]
    assert len(lacking) == 2
    assert all(any(message in wire.title for wire in missing) for message in lacking)
    (public,) = [wire for wire in map_.drawing.wires if "net-bad" in wire.css]
    assert public.title.startswith(f"{main} · Internet gateway · {identifier('igw', 1)} (0.0.0.0/0)")
    assert public.badge is not None
    assert public.badge.level == "failed"


def test_a_failure_is_told_by_word_and_shape_as_well_as_by_colour() -> None:
    scene = faulty()
    box = box_of(scene.map(), scene.chosen[0])
    assert "net-failed" in box.css
    assert box.badge is not None
    assert box.badge.level == "failed"
    assert "failed" in text_of(box)


def test_what_could_not_be_read_is_drawn_as_unknown() -> None:
    map_ = blind().map()
    assert [table.key for table in map_.topology.tables] == [UNREAD]
    assert "could not be read" in text_of(box_of(map_, UNREAD))
    assert "could not be read" in text_of(box_of(map_, "s3-endpoint"))
    assert {link for table in map_.topology.tables for link in [table.s3]} == {Link.UNKNOWN}
    assert all("net-unclear" in wire.css for wire in map_.drawing.wires)
    assert {row.level for row in map_.rows} == {Level.UNKNOWN}


def test_without_findings_nothing_counts_as_passed() -> None:
    scene = fit()
    map_ = vpc_map(scene.network, scene.chosen, ())
    assert {row.level for row in map_.rows} == {Level.UNKNOWN}
    assert "passed" not in {box.badge.level for box in map_.drawing.boxes if box.badge}


def test_unread_subnets_are_drawn_by_their_ids() -> None:
    scene = fit()
    map_ = Scene(replace(scene.network, subnets=None, vpcs=None, zones=None), scene.chosen).map()
    assert_sound(map_.drawing)
    assert [row.subnet.id for row in map_.rows] == list(scene.chosen)
    assert {row.subnet.zone.label for row in map_.rows} == {"Zone unknown"}
    assert {row.level for row in map_.rows} == {Level.UNKNOWN}
    assert map_.drawing.frames[0].heading.words[0].text == "VPCs could not be read"


def test_strays_stand_where_they_belong() -> None:
    scene = strays()
    map_ = scene.map()
    own, local, changing, other, absent = scene.chosen
    rows = {row.subnet.id: row for row in map_.rows}
    frame = map_.drawing.frames[0]
    assert box_of(map_, other).x > frame.x + frame.width
    assert "not in this VPC" in text_of(box_of(map_, other))
    assert rows[local].zone_note == "eu-central-1-ham-1a · local zone"
    assert rows[changing].subnet.table == CHANGING
    assert "not found or not readable" in text_of(box_of(map_, absent))
    assert {wire.title.split(" · ")[0] for wire in map_.drawing.wires if wire.net.startswith("table")} == {
        own, local, changing,
    }  # fmt: skip
    assert map_.endpoint.waiting == (f"{identifier('vpce', 2)}: deleting",)


def test_an_endpoint_that_is_not_available_attaches_nothing() -> None:
    scene = fit()
    (endpoint,) = scene.network.endpoints or ()
    map_ = Scene(replace(scene.network, endpoints=(replace(endpoint, state="pending"),)), scene.chosen).map()
    assert {table.s3 for table in map_.topology.tables} == {Link.MISSING}
    assert f"{endpoint.id}: pending" in text_of(box_of(map_, "s3-endpoint"))


def test_only_chosen_subnets_have_boxes_and_the_others_are_counted() -> None:
    scene = SCENES["crowd"]()
    map_ = scene.map()
    subnets = {box.key for box in map_.drawing.boxes if box.key.startswith("subnet-")}
    assert subnets == set(scene.chosen)
    assert [others for _zone, _note, others in map_.others] == [
        "32 subnets", "32 subnets", "31 subnets", "31 subnets", "31 subnets", "31 subnets",
    ]  # fmt: skip
    headings = [words.text for frame in map_.drawing.frames for words in frame.heading.words]
    assert headings.count("+ 32 more subnets") == 2
    assert headings.count("+ 31 more subnets") == 4


def test_more_than_there_is_room_for_is_folded_and_the_worst_stays() -> None:
    scene = grid([9, 1, 1], 9)
    bad = scene.chosen[7]
    subnets = tuple(replace(one, cidr="10.40.7.0/26") if one.id == bad else one for one in scene.network.subnets or ())
    map_ = Scene(replace(scene.network, subnets=subnets), scene.chosen).map()
    drawn = [box.key for box in map_.drawing.boxes if box.key.startswith("subnet-")]
    assert len(drawn) == 5 + 1 + 1
    assert bad in drawn
    assert "+ 4 more chosen" in [words.text for frame in map_.drawing.frames for words in frame.heading.words]
    assert len(map_.rows) == 11  # the words have all of them


def test_many_tables_become_one_box_with_the_worst_of_them() -> None:
    map_ = grid([3, 3, 3, 3], 12).map()
    rest = box_of(map_, "rest")
    assert text_of(rest)[0] == "5 more route tables"
    assert rest.badge is not None
    assert rest.badge.level == "failed"
    assert_sound(map_.drawing)


def test_two_ways_out_of_one_table_are_both_drawn() -> None:
    map_ = tangled().map()
    labels = {box.key.partition("-")[0]: text_of(box)[0] for box in map_.drawing.boxes if "net-target" in box.css}
    assert labels == {
        "tgw": "Transit gateway", "eigw": "Egress-only gateway", "nat": "NAT gateway", "vgw": "VPN gateway",
        "nowhere": "No default route",
    }  # fmt: skip
    table = identifier("rtb", 0)
    assert len([w for w in map_.drawing.wires if w.net.startswith("target") and w.title.startswith(table)]) == 2


def test_the_words_say_the_same_and_give_every_id_to_copy() -> None:
    scene = faulty()
    map_ = scene.map()
    html = render_to_string("networking/_vpc_map.html", {"map": map_})
    ids = {
        scene.network.vpc_id,
        *scene.chosen,
        identifier("rtb", 1),
        identifier("rtb", 2),
        identifier("vpce", 1),
        identifier("igw", 1),
        identifier("nat", 1),
    }
    assert ids <= set(re.findall(r'data-copy="([^"]+)"', html))
    words = html[html.index("<details") :]
    assert all(finding.code in words for finding in scene.findings() if finding.level is Level.FAILED)
    assert words.count("S3 endpoint not attached") == 3
    assert words.index("Internet gateway") < words.index(identifier("igw", 1)) < words.rindex("0.0.0.0/0</span>")
    assert "euc1-az1 (eu-central-1a): 1 subnet" in words


@pytest.mark.parametrize("language", ["en", "ja", "de"])
def test_numbers_of_the_drawing_are_written_for_svg_in_every_language(language: str) -> None:
    scene = tangled()
    with translation.override(language):
        html = render_to_string("networking/_vpc_map.html", {"map": scene.map()})
    picture = html[html.index("<svg") : html.index("<figcaption")]
    numbers = re.findall(r' (?:x|y|width|height|rx|viewBox)="([^"]*)"', picture)
    assert len(numbers) > 100
    assert [text for text in numbers if not re.fullmatch(r"-?\d+(\.\d+)?( -?\d+(\.\d+)?){0,3}", text)] == []


def test_the_picture_needs_neither_style_attributes_nor_script() -> None:
    for name in SCENES:
        html = render_to_string("networking/_vpc_map.html", {"map": SCENES[name]().map()})
        assert re.findall(r"\sstyle=|\son\w+=|<script|<style", html) == []
        assert 'role="img"' in html
        assert html.count("<title id=") == html.count("<desc id=") == 1


def test_names_of_the_customer_are_shown_as_text() -> None:
    node = subnet(1, 0, name='<script>alert("x")</script>')
    html = render_to_string("networking/_vpc_map.html", {"map": vpc_map(network(node), (node.id,), ())})
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_pins_move_aside_for_each_other() -> None:
    one, other = placed([Net("a", (10.0,), 100.0), Net("b", (100.0,), 10.0)])
    assert abs(one.below - 100) >= 7
    assert abs(other.below - 10) >= 7


def test_tracks_are_in_the_order_with_the_fewest_crossings() -> None:
    numbers = tracks([Net("left", (0.0,), 300.0), Net("right", (50.0,), 400.0)])
    assert numbers["right"] < numbers["left"]  # the other way round they cross twice


def test_broken_lines_of_one_net_are_drawn_once() -> None:
    net = Net("s3", (0.0, 100.0, 300.0), 150.0)
    drawn = {x: own_part(net, x, path(net, x, 0.0, 60.0, 0)) for x in net.above}
    assert drawn[0.0][-1] == (100.0, 24.0)
    assert drawn[100.0][-1] == (150.0, 60.0)
    assert drawn[300.0][-1] == (150.0, 24.0)
