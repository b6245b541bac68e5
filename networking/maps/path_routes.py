"""What the route tables of some subnets do with the ranges of the other side, in one short sentence. Pure.

The findings of the steps say the same at length, with who follows each table.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.checks.scene import ids
from networking.peering.checks.ranges import Shelf
from networking.peering.checks.reach import Reach, reach_of
from networking.peering.checks.routes import ACTION, followed_tables
from networking.peering.checks.scene import PeeringScene, View
from portal.aws.facts.route_tables import RouteTableFact
from portal.findings.shapes import SEVERITY, Level


@dataclass(frozen=True, kw_only=True)
class Way:
    """How routes stand, which tables they are in, and the reason."""

    level: Level
    tables: str
    reason: str


def way_of(scene: PeeringScene, here: View, there: View, subnets: Sequence[str]) -> Way:
    """The worst of what the tables that these subnets follow do with the ranges of `there`."""
    if here.network is None or here.network.route_tables is None or not subnets:
        return Way(level=Level.UNKNOWN, tables="", reason=here.unread(ACTION))
    tables, doubts = followed_tables(here, subnets)
    names = ids(table.fact.id for table in tables)
    if doubts:
        return Way(level=Level.UNKNOWN, tables=names, reason=doubts[0][1])
    ranges = scene.ranges(there)
    if ranges.doubt:
        return Way(level=Level.UNKNOWN, tables=names, reason=ranges.doubt)
    shelf, pcx = Shelf(ranges.blocks), scene.registered
    found = [_judged(table.fact, reach_of(table.fact, shelf, pcx.id), pcx.named) for table in tables]
    level, reason = min(found, key=lambda one: SEVERITY.index(one[0]))
    if level is Level.PASSED:
        words = {"id": pcx.named, "ranges": ids(block.text for block in ranges.blocks)}
        reason = _("It leads %(ranges)s to %(id)s.") % words
    return Way(level=level, tables=names, reason=reason)


def _judged(table: RouteTableFact, reach: Reach, pcx: str) -> tuple[Level, str]:
    """The first thing that is not fine."""
    for level, said, things in _troubles(reach):
        if things:
            return level, said % {"table": table.id, "id": pcx, "things": ids(things)}
    return Level.PASSED, ""


def _troubles(reach: Reach) -> Iterator[tuple[Level, str, Iterable[str]]]:
    lacking = _("%(table)s lacks %(things)s → %(id)s.")
    hidden = _("In %(table)s only a prefix list leads to %(id)s, and nobody looked whether it holds %(things)s.")
    yield (Level.UNKNOWN, hidden, reach.lacking) if reach.hidden else (Level.FAILED, lacking, reach.lacking)
    yield Level.FAILED, _("%(table)s leads to another target than %(id)s: %(things)s."), reach.elsewhere
    yield Level.FAILED, _("In %(table)s more specific routes take all traffic away: %(things)s."), reach.stolen
    yield Level.FAILED, _("In %(table)s the route is a blackhole: %(things)s → %(id)s."), reach.dead
    yield Level.UNKNOWN, _("In %(table)s ranges of the other side are local: %(things)s."), reach.local
    yield Level.UNKNOWN, _("Whether the route in %(table)s works was not said: %(things)s."), reach.unsaid
    yield Level.WARNING, _("In %(table)s a more specific route takes part of it away: %(things)s."), reach.stealing
    yield (
        Level.WARNING,
        _("In %(table)s a prefix list that nobody looked into leads elsewhere: %(things)s."),
        reach.beside,
    )
