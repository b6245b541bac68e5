"""The geometry of the map of a VPC: rows of boxes, and channels between them in which the lines run. Pure.

From above: the VPC's name; columns by zone with the chosen subnets; channel; the route tables they follow; channel;
where those lead; channel; the S3 gateway endpoint. What there is no room for is folded into a count; the words below
the picture have everything.
"""

from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from networking.maps.columns import columns_of, outsiders_of
from networking.maps.nodes import name_of
from networking.maps.rows import rows_of
from networking.maps.shapes import FACES, ICON, Badge, Box, Frame, Heading, Wire, line, verdict_words
from networking.maps.topology import Topology

#: Between the frame and what is in it; round the picture; the least width inside the frame.
PAD, EDGE, NARROWEST = 16.0, 1.0, 420.0
LINE = 16.0


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The whole picture; frames lie behind wires, wires behind boxes."""

    width: int
    height: int
    frames: tuple[Frame, ...]
    wires: tuple[Wire, ...]
    boxes: tuple[Box, ...]

    @property
    def bundles(self) -> tuple[tuple[Wire, ...], ...]:
        """Lines that share a way, together: they may lie on one another, and cross over those before."""
        ordered = sorted(self.wires, key=lambda wire: (wire.net.startswith("s3"), wire.net))
        return tuple(tuple(group) for _net, group in groupby(ordered, key=lambda wire: wire.net))


def drawing_of(topology: Topology) -> Drawing:
    """The drawing of a map."""
    left = EDGE + PAD
    heading = _heading(topology, left)
    top = max(one.y for one in heading.words) + PAD
    columns = columns_of(topology, left, top)
    rows = rows_of(topology, columns, left)
    right = max(columns.right, rows.right, left + NARROWEST) + PAD
    bottom = rows.bottom + PAD
    frame = Frame(x=EDGE, y=EDGE, width=right - EDGE, height=bottom - EDGE, css="net-vpc", heading=heading)
    others = outsiders_of(topology, right + PAD, top)
    return Drawing(
        width=round(max(right, others.right) + EDGE),
        height=round(max(bottom, others.bottom) + EDGE),
        frames=(frame, *columns.frames, *others.frames),
        wires=rows.wires,
        boxes=(*columns.boxes, *rows.boxes, *others.boxes),
    )


def _heading(topology: Topology, left: float) -> Heading:
    """Name, id and ranges of the VPC, and what is said of itself."""
    network, vpc = topology.network, topology.network.vpc
    name = (name_of(vpc.tags) if vpc else "") or "VPC"
    if vpc is None:
        name = _("VPCs could not be read") if network.vpcs is None else _("VPC not found")
    ranges = [*vpc.associated_cidrs, *(one.cidr for one in vpc.ipv6_cidrs)] if vpc else []
    lines = [("net-name", name), ("net-id", network.vpc_id)]
    lines += [("net-id", text) for text in FACES["net-id"].wrapped(ranges, NARROWEST)[:4]]
    made, y = [], EDGE + 21.0
    for css, text in lines:
        made.append(line(left, y, css, text, NARROWEST))
        y += LINE
    if topology.judged.level is None:
        return Heading(words=tuple(made))
    made += verdict_words(left + ICON, y + 2, topology.judged, NARROWEST - ICON)
    return Heading(words=tuple(made), badge=Badge(x=left, y=y - 9, level=topology.judged.level.value))
