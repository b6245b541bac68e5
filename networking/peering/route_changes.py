"""The routes of one side: which lack, which stand in the way, and which lead to a connection of ours. Pure.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from networking.checks.scene import ids
from networking.peering.change import ACCEPTER, DELETE_ROUTE, REQUESTER, ROUTE, PeeringChange
from networking.peering.checks.ranges import Shelf
from networking.peering.checks.reach import Reach, named, reach_of
from networking.peering.checks.routes import Table, followed_tables
from networking.peering.checks.scene import PeeringScene, View
from networking.peering.permission import may_change
from onboarding.stacks.naming import PEERING_ALLOWED, PEERING_TAG
from portal.aws.facts.route_tables import RouteFact, RouteTableFact
from portal.findings.shapes import Evidence


@dataclass(frozen=True)
class SideRoutes:
    """The routes of one side (`side`: requester or accepter). `former` are connections of this peering that ended."""

    scene: PeeringScene
    side: str
    former: frozenset[str] = frozenset()

    @property
    def here(self) -> View:
        """The side whose tables these are."""
        return self.scene.requester if self.side == REQUESTER else self.scene.accepter

    @property
    def there(self) -> View:
        """The side that they lead to."""
        return self.scene.accepter if self.side == REQUESTER else self.scene.requester

    @property
    def is_seen(self) -> bool:
        """Whether we saw the tables ourselves: what somebody stated changes nothing in an account."""
        network = self.here.network
        seen = network is not None and network.route_tables is not None
        return seen and self.here.side.evidence is Evidence.OBSERVED

    def lacking(self) -> tuple[PeeringChange, ...]:
        """One route for each range of the other side that a followed table lacks; each table once.

        Before them, blackholes to former connections of this peering go, because they hold the ranges' place.
        """
        changes = [change for table in self._tables if self._may(table.fact) for change in self._of_table(table)]
        return tuple(sorted(changes, key=lambda change: change.kind == ROUTE))

    def obstacles(self) -> tuple[str, ...]:
        """What stands in the way, in sentences; nothing of it is ever replaced."""
        return tuple(said for table in self._tables for said in self._in_the_way(table))

    def leading(self, connections: frozenset[str], *, dead: bool = False) -> tuple[PeeringChange, ...]:
        """The deletion of every route of the VPC that leads to one of `connections`; only blackholes where `dead`."""
        return tuple(
            self._change(DELETE_ROUTE, table.id, route.destination, route.target)
            for table in self._every
            for route in table.routes
            if route.target in connections and (not dead or route.state == "blackhole")
        )

    @property
    def _every(self) -> tuple[RouteTableFact, ...]:
        """All tables of the VPC, whoever follows them."""
        network = self.here.network
        tables = network.route_tables if network is not None else None
        return tuple(table for table in tables or () if table.vpc in {"", self.here.vpc_id})

    @property
    def _tables(self) -> list[Table]:
        held = self.scene.registered
        listed = held.requester_subnets if self.side == REQUESTER else held.accepter_subnets
        return followed_tables(self.here, sorted(set(listed)))[0] if self.is_seen else []

    def is_open(self, table: str) -> bool:
        """Whether we may write into the route table of that id, as it was seen."""
        return any(self._may(one) for one in self._every if one.id == table)

    def _may(self, table: RouteTableFact) -> bool:
        """In the BYOC account only what is ours or what the customer opened; in the target's, the role's VPC."""
        return self.side == ACCEPTER or may_change(table.tags)

    def _reach(self, table: Table) -> Reach:
        """What the table does with the other side's ranges once the blackholes to former connections are gone."""
        kept = tuple(route for route in table.fact.routes if not self._is_left(route))
        shelf = Shelf(self.scene.ranges(self.there).blocks)
        return reach_of(replace(table.fact, routes=kept), shelf, self.scene.registered.named)

    def _is_left(self, route: RouteFact) -> bool:
        return route.target in self.former and route.state == "blackhole"

    def _of_table(self, table: Table) -> Iterator[PeeringChange]:
        reach = self._reach(table)
        if not reach.lacking or reach.hidden:  # nobody knows what a prefix list through the connection holds
            return
        for route in table.fact.routes:
            if self._is_left(route):
                yield self._change(DELETE_ROUTE, table.fact.id, route.destination, route.target, table.subnets)
        for destination in reach.lacking:
            yield self._change(ROUTE, table.fact.id, destination, self.scene.registered.id, table.subnets)

    def _change(
        self, kind: str, table: str, destination: str, connection: str, subnets: Iterable[str] = ()
    ) -> PeeringChange:
        held = self.scene.registered
        mine = self.side == REQUESTER
        return PeeringChange(
            kind=kind,
            side=self.side,
            account=held.requester_account if mine else held.accepter_account,
            region=held.requester_region if mine else held.accepter_region,
            resource=table,
            connection=connection,
            peer_vpc=held.accepter_vpc if mine else held.requester_vpc,
            ranges=(destination,),
            subnets=tuple(subnets),
        )

    def _in_the_way(self, table: Table) -> Iterator[str]:
        reach, id_ = self._reach(table), self.scene.registered.named
        words = {"table": table.fact.id, "id": id_, "tag": f"{PEERING_TAG} = {PEERING_ALLOWED}"}
        if reach.lacking and not self._may(table.fact):
            said = _(
                "The route table %(table)s is yours, and it does not carry the tag %(tag)s, so we may not write into"
                " it. Put the tag on it and look again, or add the routes yourself."
            )
            yield said % words
        told = (
            (_("In %(table)s a route for the same range leads elsewhere: %(things)s, not to %(id)s. We never replace a"
               " route; see who needs it."), reach.elsewhere),
            (_("In %(table)s more specific routes take the traffic away from %(id)s: %(things)s. We remove none that"
               " is not ours; see who needs them."), [*reach.stolen, *reach.stealing]),
            (_("In %(table)s these ranges of the other side are the VPC's own: %(things)s. The two VPCs overlap"
               " there."), reach.local),
        )  # fmt: skip
        for said, things in told:
            if things:
                yield said % {**words, "things": ids(things)}


def stranger_of(table: RouteTableFact, destination: str, connection: str) -> str:
    """The route that a table has for just this range to another target than `connection`; empty without one."""
    return next(
        (named(route) for route in table.routes if route.destination == destination and route.target != connection), ""
    )
