"""Steps 4 and 5: the routes of each side to the other, table by table; none that leads elsewhere is replaced unasked.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html: a route may lead to a connection that waits to
be accepted; it works once that is active.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.peering.checks.reach import named
from networking.peering.checks.routes import ACCEPTER, REQUESTER
from networking.peering.remedies import guides
from networking.peering.remedies.context import Context
from networking.peering.remedies.gaps import Gap, gaps_of
from networking.remedies.assembly import Draft, assembled
from networking.remedies.pieces import ChangedRoute, Made, NewRoute, Ref, slug
from networking.remedies.scope import called
from networking.remedies.shapes import Order, Remedy
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteFact


@dataclass(frozen=True, kw_only=True)
class _Side:
    """One side's tables; `peer` is the VPC that they should lead to."""

    network: VpcNetwork
    peer: str
    code: str
    target: Ref
    gaps: tuple[Gap, ...]

    @property
    def key(self) -> str:
        return self.code.replace(".", "-")

    @property
    def noun(self) -> str:
        return "routes" if self.code == REQUESTER else "return-routes"


def remedies(context: Context, *, requester: bool) -> Iterator[Remedy]:
    """One for all routes that lack, one for dead ones in their place, one for each table that leads elsewhere."""
    if not context.link.is_usable:
        return
    side = _Side(
        network=context.byoc if requester else context.target_vpc,
        peer=context.pair.peer_vpc if requester else context.pair.vpc,
        code=REQUESTER if requester else ACCEPTER,
        target=context.target,
        gaps=gaps_of(context.scene, requester=requester, ended=context.ended),
    )
    if any(gap.dead for gap in side.gaps):
        yield assembled(side.network, _dead(side))
    if any(gap.lacking for gap in side.gaps):
        yield assembled(side.network, _lacking(side))
    for gap in side.gaps:
        if gap.others:
            yield assembled(side.network, _elsewhere(side, gap))


def new_route(table: str, destination: str, target: Ref) -> NewRoute:
    """The route as a piece; its name says the range unmistakably, for dots vanish in CloudFormation's names."""
    return NewRoute(slug=_slug(table, destination), table=table, target=target, destination=destination)


def _slug(table: str, destination: str) -> str:
    return slug("route", table, destination.replace(".", "x").replace(":", "x"))


def with_connection(target: Ref, written: Iterable[Made]) -> tuple[Made, ...]:
    """The pieces, after the connection where it has to be found first."""
    return (*((target,) if isinstance(target, Made) else ()), *written)


def stack_name(noun: str, peer: str, written: Sequence[NewRoute | ChangedRoute]) -> str:
    """The name of a stack of just these routes: one that made others before keeps them."""
    said = "\n".join(f"{piece.table} {piece.destination}" for piece in written)
    return f"clickhouse-byoc-{noun}-{peer}-{hashlib.sha256(said.encode()).hexdigest()[:6]}"


def _lacking(side: _Side) -> Draft:
    written = tuple(
        new_route(gap.table.fact.id, destination, side.target) for gap in side.gaps for destination in gap.lacking
    )
    tables = {gap.table.fact.id: gap.lacking for gap in side.gaps if gap.lacking}
    words = {"tables": ", ".join(tables), "peer": side.peer, "id": guides.shown(side.target)}
    return Draft(
        key=side.key,
        codes=(side.code,),
        title=_("Give %(tables)s the routes to %(peer)s") % words,
        effect=_(
            "Each range of %(peer)s gets a route to %(id)s in each of these tables. Only traffic for these ranges "
            "changes its way; no route that is there is touched."
        )
        % words,
        resources=tuple(tables),
        pieces=with_connection(side.target, written),
        shown=written[0],
        stack=stack_name(side.noun, side.peer, written),
        order=Order.ROUTES,
        console=guides.routes(side.network, written),
        undo_console=guides.without_routes(tables),
        cli_note=_("AWS adds no route where the table has one for the same range; then the script stops there."),
    )


def _changed(side: _Side, gap: Gap, routes: Iterable[RouteFact], *, gone: bool) -> Iterator[ChangedRoute]:
    for route in routes:
        table = gap.table.fact.id
        yield ChangedRoute(
            slug=_slug(table, route.destination),
            table=table,
            destination=route.destination,
            before="" if gone else route.target,
            target=side.target,
        )


def _dead(side: _Side) -> Draft:
    written = tuple(piece for gap in side.gaps for piece in _changed(side, gap, gap.dead, gone=True))
    listed = ", ".join(f"{gap.table.fact.id}: {named(route)}" for gap in side.gaps for route in gap.dead)
    words = {"routes": listed, "id": guides.shown(side.target)}
    return Draft(
        key=f"{side.key}-dead",
        codes=(side.code,),
        title=_("Lead routes of a connection that ended to %(id)s") % words,
        effect=_(
            "These routes lead to a peering connection that ended, so what they catch is lost: %(routes)s. They lead "
            "to %(id)s from then on; nothing that works today changes."
        )
        % words,
        resources=tuple(dict.fromkeys(piece.table for piece in written)),
        pieces=with_connection(side.target, written),
        shown=written[0],
        stack=stack_name(f"{side.noun}-dead", side.peer, written),
        order=Order.ROUTES,
        console=guides.routes(side.network, written),
        undo_console=guides.without_routes(_by_table(written)),
    )


def _elsewhere(side: _Side, gap: Gap) -> Draft:
    table = gap.table.fact
    written = tuple(_changed(side, gap, gap.others, gone=False))
    words = {
        "table": called(table),
        "routes": ", ".join(map(named, gap.others)),
        "subnets": ", ".join(gap.table.subnets),
        "peer": side.peer,
        "id": guides.shown(side.target),
    }
    return Draft(
        key=f"{side.key}-elsewhere-{table.id}",
        codes=(side.code,),
        title=_("Your decision: replace what leads elsewhere in %(table)s") % words,
        effect=_(
            "%(table)s sends addresses of %(peer)s elsewhere: %(routes)s. Ask whoever runs that first: from then on "
            "these routes lead to %(id)s, and what reached the former target by them no longer does, for %(subnets)s. "
            "The script of all steps leaves this out."
        )
        % words,
        resources=(table.id, *(route.target for route in gap.others)),
        pieces=with_connection(side.target, written),
        shown=written[0],
        stack=stack_name(f"{side.noun}-replaced", side.peer, written),
        order=Order.ROUTES,
        console=guides.routes(side.network, written),
        needs_decision=True,
    )


def _by_table(written: Iterable[ChangedRoute]) -> dict[str, list[str]]:
    tables: dict[str, list[str]] = {}
    for piece in written:
        tables.setdefault(piece.table, []).append(piece.destination)
    return tables
