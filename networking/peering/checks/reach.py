"""Where a route table sends traffic for the ranges of the other side. Pure.

The most specific route wins; of equal ones a static route wins over a propagated one.
https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html#route-tables-priority
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from networking.peering.checks.ranges import Block, Shelf, block_of
from portal.aws.facts.route_tables import RouteFact, RouteTableFact

#: Routes that nobody wrote; one that somebody wrote for the same range wins over them.
_PROPAGATED = frozenset({"EnableVgwRoutePropagation", "Advertisement"})
_LAST_ADDRESS = {4: 2**32 - 1, 6: 2**128 - 1}


class Lane(NamedTuple):
    """A stretch of addresses that one route serves; `route` is None where none does."""

    version: int
    first: int
    last: int
    route: "Led | None"


class Led(NamedTuple):
    """A route with its destination as numbers."""

    block: Block
    route: RouteFact


@dataclass
class Reach:
    """What a table does with the ranges of the other side; ranges as AWS writes them, each once, in order.

    `lacking`: some address has no route of its own. `elsewhere`: a route for just this range leads to another target.
    `stealing`: a more specific one takes a part away; `stolen`: such ones take all. `dead`: the way is a blackhole.
    `unsaid`: whether the route works was not said. `local`: the addresses are the VPC's own. `hidden`: prefix lists
    that lead through the connection, `beside`: those that lead to another target; nobody looked into either.
    """

    lacking: dict[str, None] = field(default_factory=dict)
    elsewhere: dict[str, None] = field(default_factory=dict)
    stealing: dict[str, None] = field(default_factory=dict)
    stolen: dict[str, None] = field(default_factory=dict)
    dead: dict[str, None] = field(default_factory=dict)
    unsaid: dict[str, None] = field(default_factory=dict)
    local: dict[str, None] = field(default_factory=dict)
    hidden: dict[str, None] = field(default_factory=dict)
    beside: dict[str, None] = field(default_factory=dict)


def reach_of(table: RouteTableFact, shelf: Shelf, peering_id: str) -> Reach:
    """What the table does with the ranges on `shelf`, which it should lead to `peering_id`."""
    reach, served, thieves = Reach(), set[str](), dict[str, list[str]]()
    for lane in _lanes(_routes(table.routes, peering_id)):
        met = [block.text for block in shelf.between(lane.version, lane.first, lane.last)]
        if not met:
            continue
        if lane.route is None:
            reach.lacking.update(dict.fromkeys(met))
        elif lane.route.route.target == peering_id:
            served.update(met)
            _note_state(reach, lane.route.route)
        elif lane.route.route.target == "local":
            reach.local.update(dict.fromkeys(met))
        else:
            _note_other(reach, lane.route, shelf.between(lane.version, lane.first, lane.last), thieves)
    for block, names in thieves.items():
        kept = block in served or block in reach.lacking or block in reach.local
        (reach.stealing if kept else reach.stolen).update(dict.fromkeys(names))
    _note_lists(reach, table.routes, peering_id)
    return reach


def named(route: RouteFact) -> str:
    """A route as a sentence names it; a blackhole is said, for what it drops is lost."""
    way = f"{route.destination} → {route.target}"
    return f"{way} (blackhole)" if route.state == "blackhole" else way


def _note_state(reach: Reach, route: RouteFact) -> None:
    if route.state == "blackhole":
        reach.dead[route.destination] = None
    elif route.state != "active":
        reach.unsaid[route.destination] = None


def _note_other(reach: Reach, led: Led, met: tuple[Block, ...], thieves: dict[str, list[str]]) -> None:
    """A route to another target: as wide as a range, within it, or so wide that the range only lacks its own."""
    (block, *more) = met
    if more or (led.block.holds(block) and not block.holds(led.block)):
        reach.lacking.update(dict.fromkeys(one.text for one in met))
    elif led.block.holds(block):
        reach.elsewhere[named(led.route)] = None
    else:
        thieves.setdefault(block.text, []).append(named(led.route))


def _note_lists(reach: Reach, routes: Iterable[RouteFact], peering_id: str) -> None:
    """Routes for prefix lists. Those to gateway endpoints are AWS's own lists, of public addresses."""
    for route in routes:
        if not route.destination.startswith("pl-") or route.state == "filtered":
            continue
        if route.target == peering_id:
            reach.hidden[route.destination] = None
        elif not route.target.startswith("vpce-"):
            reach.beside[named(route)] = None


def _routes(routes: Iterable[RouteFact], peering_id: str) -> list[Led]:
    """The routes that count, one for each range, in order. Where two of one range tie, the one against us counts."""

    def rank(route: RouteFact) -> tuple[bool, bool, bool, str, str]:
        ours = route.target == peering_id
        return route.origin in _PROPAGATED, ours, ours and route.state == "active", route.target, route.state

    found: dict[tuple[int, int, int], Led] = {}
    for route in sorted(routes, key=rank):
        block = block_of(route.destination)
        if block is not None and route.state != "filtered":
            found.setdefault(block.order, Led(block, route))
    return [found[order] for order in sorted(found)]


def _lanes(ordered: Iterable[Led]) -> Iterator[Lane]:
    """All addresses of both families, cut where another route takes over."""
    version, at = 4, 0
    for lane in _served(ordered):
        if lane.version != version:
            yield from _gap(version, at, _LAST_ADDRESS[version])
            version, at = lane.version, 0
        yield from _gap(version, at, lane.first - 1)
        yield lane
        at = lane.last + 1
    yield from _gap(version, at, _LAST_ADDRESS[version])
    if version == 4:
        yield from _gap(6, 0, _LAST_ADDRESS[6])


def _gap(version: int, first: int, last: int) -> Iterator[Lane]:
    if first <= last:
        yield Lane(version, first, last, None)


def _served(ordered: Iterable[Led]) -> Iterator[Lane]:
    """The addresses that some route serves. Ranges nest and never cross, so the innermost open one wins."""
    nested: list[Led] = []
    at = 0
    for led in ordered:
        while nested and not nested[-1].block.holds(led.block):
            done = nested.pop()
            yield from _lane(done, at, done.block.last)
            at = max(at, done.block.last + 1)
        if nested:
            yield from _lane(nested[-1], at, led.block.first - 1)
        nested.append(led)
        at = led.block.first
    while nested:
        done = nested.pop()
        yield from _lane(done, at, done.block.last)
        at = max(at, done.block.last + 1)


def _lane(led: Led, first: int, last: int) -> Iterator[Lane]:
    if first <= last:
        yield Lane(led.block.version, first, last, led)
