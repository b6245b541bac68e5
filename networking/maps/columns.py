"""The columns of the picture: a zone with its chosen subnets, the zones without any, and what lies in another VPC."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.maps import words
from networking.maps.nodes import SubnetNode, ZoneNode
from networking.maps.shapes import BOX, GAP, TALL, Box, Frame, Heading, box, line
from networking.maps.topology import Topology
from networking.maps.wires import Point
from portal.findings.shapes import SEVERITY, Level

#: How many chosen subnets of a zone are drawn, and how many zones without any are named.
SUBNETS_DRAWN, ZONES_NAMED = 5, 8
#: Round the boxes of a column, its heading, and one line past the boxes below.
PAD, HEAD, LANE, FIRST_LANE = 12.0, 62.0, 10.0, 8.0
LINE = 16.0


@dataclass(frozen=True, kw_only=True)
class Exit:
    """Where the line of a subnet leaves its column: `points` are its corners up to there, `x` is where it goes on."""

    subnet: SubnetNode
    x: float
    points: tuple[Point, ...]


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Columns side by side."""

    frames: tuple[Frame, ...] = ()
    boxes: tuple[Box, ...] = ()
    exits: tuple[Exit, ...] = ()
    right: float = 0.0
    bottom: float = 0.0


def columns_of(topology: Topology, left: float, top: float) -> Columns:
    """The zones of the VPC from `left` on; zones without a chosen subnet share the last column."""
    chosen = [zone for zone in topology.zones if zone.subnets]
    aside = [zone for zone in topology.zones if not zone.subnets]
    tallest = max([min(len(zone.subnets), SUBNETS_DRAWN) for zone in chosen] or [0])
    height = HEAD + max(tallest * (TALL + GAP), LINE * min(len(aside), ZONES_NAMED + 1)) + 2
    columns = Columns(right=left - GAP, bottom=top + height)
    for zone in chosen:
        lines = (zone.zone.label, words.zone_note(zone.zone), _beside(zone))
        columns = _with(columns, _column(zone.subnets, lines, columns.right + GAP, top, height))
    return _with(columns, _aside(aside, columns.right + GAP, top, height)) if aside else columns


def outsiders_of(topology: Topology, left: float, top: float) -> Columns:
    """Chosen subnets of another VPC, from `left` on, outside of the frame."""
    nodes = topology.outside
    if not nodes:
        return Columns()
    hidden = len(nodes) - SUBNETS_DRAWN
    lines = (_("Not in this VPC"), "", words.more_chosen(hidden) if hidden > 0 else "")
    height = HEAD + min(len(nodes), SUBNETS_DRAWN) * (TALL + GAP) + 2
    return _column(nodes, lines, left, top, height, css="net-zone net-outside")


def _with(columns: Columns, more: Columns) -> Columns:
    return Columns(
        frames=(*columns.frames, *more.frames),
        boxes=(*columns.boxes, *more.boxes),
        exits=(*columns.exits, *more.exits),
        right=more.right,
        bottom=columns.bottom,
    )


def _beside(zone: ZoneNode) -> str:
    """What of a zone is not drawn."""
    hidden = len(zone.subnets) - SUBNETS_DRAWN
    parts = (words.more_chosen(hidden) if hidden > 0 else "", words.more_subnets(zone.others))
    return " · ".join(part for part in parts if part)


def _column(
    nodes: Sequence[SubnetNode], lines: Sequence[str], left: float, top: float, height: float, *, css: str = "net-zone"
) -> Columns:  # fmt: skip
    drawn = worst(nodes)
    lanes = len(drawn) - 1
    wide = BOX + 2 * PAD + (FIRST_LANE + LANE * lanes - PAD / 2 if lanes else 0)
    places = [(left + PAD, top + HEAD + number * (TALL + GAP)) for number in range(len(drawn))]
    boxes = [_subnet(node, place) for node, place in zip(drawn, places, strict=True)]
    pairs = zip(drawn, boxes, strict=True)
    exits = [_exit(node, one, lanes - 1 - number) for number, (node, one) in enumerate(pairs) if node.table]
    frame = Frame(
        x=left, y=top, width=wide, height=height, css=css, heading=_heading(lines, left + PAD, top, wide - 2 * PAD)
    )
    return Columns(
        frames=(frame,), boxes=tuple(boxes), exits=tuple(exits), right=left + wide, bottom=top + height
    )  # fmt: skip


def worst(nodes: Sequence[SubnetNode]) -> list[SubnetNode]:
    """As many as are drawn, the worst of them, in their own order."""
    ranked = sorted(nodes, key=lambda node: SEVERITY.index(node.judged.level or Level.PASSED))
    kept = {node.id for node in ranked[:SUBNETS_DRAWN]}
    return [node for node in nodes if node.id in kept]


def _subnet(node: SubnetNode, place: Point) -> Box:
    lines = [
        ("net-name", node.name or _("Subnet")),
        ("net-id", node.id),
        ("net-small", words.size(node)),
        ("net-small", words.following(node)),
    ]
    return box(node.id, place, (BOX, TALL), lines, node.judged)


def _exit(node: SubnetNode, one: Box, lane: int) -> Exit:
    """The lowest box is left downwards, those over it by a lane on the right, the uppermost by the outermost."""
    if lane < 0:
        return Exit(subnet=node, x=one.middle, points=((one.middle, one.bottom),))
    x, y = one.x + one.width + FIRST_LANE + LANE * lane, one.y + one.height / 2
    return Exit(subnet=node, x=x, points=((one.x + one.width, y), (x, y)))


def _aside(zones: Sequence[ZoneNode], left: float, top: float, height: float) -> Columns:
    """The zones in which nothing was chosen, as lines of text."""
    lines = [f"{zone.zone.label} · {words.subnets(zone.others)}" for zone in zones[:ZONES_NAMED]]
    if len(zones) > ZONES_NAMED:
        lines.append(words.more_zones(len(zones) - ZONES_NAMED))
    wide = BOX + 2 * PAD
    heading = _heading((_("Nothing chosen here"), ""), left + PAD, top, BOX)
    rest = tuple(
        line(left + PAD, top + HEAD - 8 + number * LINE, "net-small", text, BOX) for number, text in enumerate(lines)
    )
    frame = Frame(
        x=left,
        y=top,
        width=wide,
        height=height,
        css="net-zone net-aside",
        heading=Heading(words=(*heading.words, *rest)),
    )
    return Columns(frames=(frame,), right=left + wide, bottom=top + height)


def _heading(lines: Sequence[str], x: float, top: float, room: float) -> Heading:
    made = (
        line(x, top + 20 + number * LINE, "net-small" if number else "net-name", text, room)
        for number, text in enumerate(lines)
    )
    return Heading(words=tuple(one for one in made if one.text))
