"""The lines of the picture as lines: what each means, how it is drawn, and which mark it carries."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.maps import words
from networking.maps.folding import Target
from networking.maps.nodes import Judged, Link, SubnetNode, TableNode, judged
from networking.maps.shapes import BADGE, Badge, Wire
from networking.maps.wires import Net, Point, own_part
from portal.findings.shapes import Level


@dataclass(frozen=True)
class Way:
    """The corners of a line: `lead` up to its channel, `channel` through it along `net`."""

    net: Net
    lead: tuple[Point, ...]
    channel: tuple[Point, ...]

    def wire(self, kind: str, link: Link, title: str, *, css: str = "", said: Judged | None = None) -> Wire:
        """The line as it is drawn."""
        broken = link is not Link.THERE
        drawn = own_part(self.net, self.channel[0][0], self.channel) if broken else self.channel
        start = (*self.lead, *self.channel)[0]
        return Wire(
            net=f"{kind} {self.net.key}",
            points=(*self.lead, *self.channel),
            drawn=(*self.lead, *drawn),
            css=f"{LINKS[link]} {css}".strip(),
            open_y=start[1] if kind != "table" else self.channel[0][1],
            badge=_badge(said, start) if said else None,
            title=title,
        )


#: Link → class.
LINKS = {Link.THERE: "net-wire", Link.MISSING: "net-wire net-missing", Link.UNKNOWN: "net-wire net-unclear"}


def follows(subnet: SubnetNode, table: TableNode, way: Way) -> Wire:
    """From a subnet to the table it follows."""
    known = table.fact is not None or table.count > 1
    title = " · ".join(part for part in (subnet.id, words.following(subnet), _called(table) if known else "") if part)
    return way.wire("table", Link.THERE if known else Link.UNKNOWN, title)


def leads(table: TableNode, target: Target, way: Way) -> Wire:
    """From a table to where it leads, marked by what the rules say of that."""
    code = "subnets.private" if target.way and target.way.kind == "igw" else "subnets.egress"
    said = judged(finding for finding in table.judged.findings if finding.code == code)
    gone = target.way is not None and target.way.blackhole
    where = f"{target.way.target} ({', '.join(target.way.destinations)})" if target.way else ""
    title = " · ".join(part for part in (_called(table), target.label, where, *said.messages) if part)
    return way.wire("target", Link.MISSING if gone else Link.THERE, title, css=_hue(said), said=said)


def reaches(table: TableNode, way: Way) -> Wire:
    """From a table to the S3 gateway endpoint: whole, broken, or unclear."""
    levels = {Link.THERE: Level.PASSED, Link.MISSING: Level.FAILED, Link.UNKNOWN: Level.UNKNOWN}
    title = " · ".join([_called(table), words.s3_line(table), *table.s3_messages])
    return way.wire("s3", table.s3, title, css="net-s3", said=Judged(level=levels[table.s3]))


def _called(table: TableNode) -> str:
    return table.fact.id if table.fact else words.table_name(table)


def _hue(said: Judged) -> str:
    return {Level.FAILED: "net-bad", Level.WARNING: "net-warn"}.get(said.level, "") if said.level else ""


def _badge(said: Judged, start: Point) -> Badge | None:
    """A mark where the line begins."""
    if said.level is None or said.level is Level.PASSED:
        return None
    return Badge(x=start[0] - BADGE / 2, y=start[1] + 5, level=said.level.value)


def legend() -> tuple[tuple[str, str], ...]:
    """(Class, words) of each kind of line."""
    return (
        (LINKS[Link.THERE], _("follows, leads to")),
        (f"{LINKS[Link.THERE]} net-s3", _("has the S3 gateway endpoint")),
        (LINKS[Link.MISSING], _("is missing or gone")),
        (LINKS[Link.UNKNOWN], _("could not be read")),
    )
