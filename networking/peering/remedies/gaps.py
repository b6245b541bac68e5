"""What each route table of one side lacks, and what stands in its way there. Pure.

It reads what a facts file stated as well as what we saw: a remedy is carried out by whoever owns the tables.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass

from networking.peering.checks.ranges import Shelf
from networking.peering.checks.reach import named, reach_of
from networking.peering.checks.routes import Table, followed_tables
from networking.peering.checks.scene import PeeringScene, View
from portal.aws.facts.route_tables import RouteFact


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One table that listed subnets follow. `lacking` are ranges without a route of their own.

    `dead` are routes that hold such a range's place and lead to a connection of ours that ended; `others` lead to
    something else that may be in use.
    """

    table: Table
    lacking: tuple[str, ...] = ()
    dead: tuple[RouteFact, ...] = ()
    others: tuple[RouteFact, ...] = ()


def gaps_of(scene: PeeringScene, *, requester: bool, ended: Set[str]) -> tuple[Gap, ...]:
    """The tables of one side where something lacks or stands in the way; `ended` are connections of no more use."""
    here, there = (scene.requester, scene.accepter) if requester else (scene.accepter, scene.requester)
    listed = scene.registered.requester_subnets if requester else scene.registered.accepter_subnets
    if here.network is None or here.network.route_tables is None:
        return ()
    tables = followed_tables(here, sorted(set(listed)))[0]
    return tuple(_gaps(scene, tables, there, ended))


def _gaps(scene: PeeringScene, tables: list[Table], there: View, ended: Set[str]) -> Iterator[Gap]:
    shelf = Shelf(scene.ranges(there).blocks)
    for table in tables:
        reach = reach_of(table.fact, shelf, scene.registered.named)
        # Only part of a range is taken away by `stealing`: that may be meant, unless it leads nowhere.
        held = tuple(route for route in table.fact.routes if named(route) in {**reach.elsewhere, **reach.stolen})
        beside = tuple(route for route in table.fact.routes if named(route) in reach.stealing)
        gap = Gap(
            table=table,
            # Nobody knows what a prefix list through the connection holds: what seems to lack may be in it.
            lacking=() if reach.hidden else tuple(reach.lacking),
            dead=tuple(route for route in (*held, *beside) if _is_dead(route, ended)),
            others=tuple(route for route in held if not _is_dead(route, ended)),
        )
        if gap.lacking or gap.dead or gap.others:
            yield gap


def _is_dead(route: RouteFact, ended: Set[str]) -> bool:
    return route.target in ended and route.state == "blackhole"
