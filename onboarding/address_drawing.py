"""The drawing of the private address space: where each bar of the address map stands.

One row is a /12, so that a /16 is a sixteenth of it and can still be seen on a phone; 10.0.0.0/8 takes sixteen such
rows, 172.16.0.0/12 one. 192.168.0.0/16 has a row of its own at sixteen times the scale, which its heading says.
Pure arithmetic; the template writes the SVG. Lengths are texts, because templates would write numbers in the
reader's language.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onboarding.addresses import AddressMap, Block, Range, RangeKind, Segment
from onboarding.rules.ranges import KIND_LABELS

WIDTH, GUTTER = 360.0, 52.0
ROW, GAP, HEADING = 14.0, 3.0, 20.0
#: A /12 per row.
ROW_PREFIX = 12
#: What can still be seen, in units of the drawing: a /22 is thinner than a line.
THINNEST = 2.5
#: The chosen range stands out by its size as well.
THINNEST_CHOSEN = 5.0


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One rectangle: a range, or the part of it that falls into one row. `css` is its kind."""

    x: str
    y: str
    width: str
    height: str
    css: str
    title: str
    met: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """One empty row with its first address as label."""

    y: str
    label_y: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One of the three blocks."""

    heading: str
    heading_y: str
    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True)
class Key:
    """One line of the legend."""

    css: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The whole picture; `box` is the SVG's viewBox."""

    box: str
    x: str
    width: str
    height: str
    panels: tuple[Panel, ...]
    legend: tuple[Key, ...]
    outside: tuple[Range, ...]


def drawing_of(address_map: AddressMap) -> Drawing:
    """The drawing of a map."""
    panels, y = [], 0.0
    for block in address_map.blocks:
        panel, y = _panel(block, y)
        panels.append(panel)
    kinds = {segment.kind for block in address_map.blocks for segment in block.segments}
    legend = tuple(
        Key(css=f"map-{kind.value}", label=str(label)) for kind, label in KIND_LABELS.items() if kind in kinds
    )
    return Drawing(
        box=f"0 0 {_length(WIDTH)} {_length(y)}",
        x=_length(GUTTER),
        width=_length(WIDTH - GUTTER),
        height=_length(ROW),
        panels=tuple(panels),
        legend=legend,
        outside=address_map.outside,
    )


def _panel(block: Block, y: float) -> tuple[Panel, float]:
    """One block from `y` on, and where the next one begins."""
    networks = _rows(block.network)
    top = y + HEADING
    rows = tuple(
        Row(
            y=_length(top + index * (ROW + GAP)),
            label_y=_length(top + index * (ROW + GAP) + ROW - 3.5),
            label=".".join(str(network.network_address).split(".")[:2]),
        )
        for index, network in enumerate(networks)
    )
    bars = tuple(bar for segment in _chosen_last(block.segments) for bar in _bars(segment, len(networks), top))
    panel = Panel(heading=_heading(block.network), heading_y=_length(y + HEADING - 6), rows=rows, bars=bars)
    return panel, top + len(networks) * (ROW + GAP) + 4


def _rows(block: IPv4Network) -> list[IPv4Network]:
    return list(block.subnets(new_prefix=ROW_PREFIX)) if block.prefixlen < ROW_PREFIX else [block]


def _heading(block: IPv4Network) -> str:
    if block.prefixlen > ROW_PREFIX:
        words = {"block": block, "times": 2 ** (block.prefixlen - ROW_PREFIX)}
        return _("%(block)s, drawn %(times)d times larger") % words
    count = 2 ** (16 - block.prefixlen)
    return ngettext("%(block)s: %(count)d × /16", "%(block)s: %(count)d × /16", count) % {
        "block": block,
        "count": count,
    }


def _chosen_last(segments: Sequence[Segment]) -> list[Segment]:
    """What is drawn last lies on top."""
    return sorted(segments, key=lambda segment: segment.kind is RangeKind.CHOSEN)


def _bars(segment: Segment, rows: int, top: float) -> Iterator[Bar]:
    """A segment, cut at the ends of rows."""
    chosen = segment.kind is RangeKind.CHOSEN
    room = WIDTH - GUTTER
    start, end = segment.start * rows, segment.end * rows
    for row in range(int(start), min(int(end), rows - 1) + 1):
        first, behind = max(start, row) - row, min(end, row + 1) - row
        if behind <= first:
            continue
        width = max((behind - first) * room, THINNEST_CHOSEN if chosen else THINNEST)
        grown = 2.0 if chosen else 0.0
        yield Bar(
            x=_length(GUTTER + min(first * room, room - width)),
            y=_length(top + row * (ROW + GAP) - grown),
            width=_length(width),
            height=_length(ROW + 2 * grown),
            css=f"map-{segment.kind.value}",
            title=f"{segment.network} · {segment.label}",
            met=segment.overlaps,
        )


def _length(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
