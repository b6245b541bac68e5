"""How the changes of one batch stand now, in one read: what is done, what is open, and what stands in the way."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils import timezone
from django.utils.translation import gettext as _

from networking.models import Peering, PeeringConnection
from networking.peering.change import (
    ACCEPT,
    CREATE,
    DELETE,
    DELETE_ROUTE,
    REVOKE,
    ROUTE,
    PeeringChange,
)
from networking.peering.checks.connection import ENDED, LIVE
from networking.peering.connection_changes import ACCEPTED
from networking.peering.connections import LAG, joins, joins_turned
from networking.peering.route_changes import stranger_of
from portal.aws import ec2
from portal.aws.facts.peerings import PeeringFact
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.security_groups import SecurityGroupFact
from portal.aws.peering_writes import Admission
from portal.aws.sessions import AccountSession
from portal.findings.languages import Spoken, spoken


class Stand(Enum):
    """How far a change is."""

    OPEN = "open"
    DONE = "done"
    LATER = "later"


@dataclass(frozen=True)
class Seen:
    """What one read showed for a batch. `connection` is `pcx-…`, empty before it is made."""

    peering: Peering
    connection: str
    links: tuple[PeeringFact, ...] = ()
    tables: tuple[RouteTableFact, ...] = ()
    groups: tuple[SecurityGroupFact, ...] = ()

    @classmethod
    def of(cls, session: AccountSession, peering: Peering, changes: Sequence[PeeringChange], connection: str) -> "Seen":
        """Reads what the batch is about. Raises AwsProblem."""
        first, region = changes[0], changes[0].region
        if first.kind in {CREATE, ACCEPT, DELETE}:
            return cls(peering, connection, links=links_of(session, region))
        ids = sorted({change.resource for change in changes})
        if first.kind in {ROUTE, DELETE_ROUTE}:
            request = {"Filters": [{"Name": "route-table-id", "Values": ids}]}
            listed = ec2.everything(session, region, "describe_route_tables", "RouteTables", request)
            return cls(peering, connection, tables=tuple(map(RouteTableFact.from_aws, listed)))
        request = {"Filters": [{"Name": "group-id", "Values": ids}]}
        listed = ec2.everything(session, region, "describe_security_groups", "SecurityGroups", request)
        return cls(peering, connection, groups=tuple(map(SecurityGroupFact.from_aws, listed)))

    def pair(self) -> tuple[PeeringFact, ...]:
        """The connections between the two registered ends, whichever asked."""
        return tuple(one for one in self.links if joins(self.peering, one) or joins_turned(self.peering, one))

    def link(self) -> PeeringFact | None:
        """The connection itself, if AWS lists it."""
        return next((one for one in self.links if one.id == self.connection), None)

    def stands(self, change: PeeringChange) -> Stand | Spoken:
        """How the change stands; a sentence where something forbids it for good."""
        judge: dict[str, Callable[[PeeringChange], Stand | Spoken]] = {
            CREATE: self._creation,
            ACCEPT: self._acceptance,
            DELETE: self._deletion,
            ROUTE: self._route,
            DELETE_ROUTE: self._route_left,
        }
        return judge.get(change.kind, self._rule)(change)

    def missing(self, change: PeeringChange) -> tuple[Admission, ...]:
        """Of a rule's ranges and ports those that the group does not admit by a rule of just these."""
        return _grouped((port, text) for port, text in _pairs(change) if not self._admits(change.resource, port, text))

    def present(self, change: PeeringChange) -> tuple[Admission, ...]:
        """Of a rule's ranges and ports those that the group admits by a rule of just these."""
        return _grouped((port, text) for port, text in _pairs(change) if self._admits(change.resource, port, text))

    def _creation(self, _change: PeeringChange) -> Stand | Spoken:
        live = [one for one in self.pair() if one.status in LIVE]
        turned = next((one for one in live if joins_turned(self.peering, one) and one.status != "active"), None)
        if turned is not None:
            return spoken(
                lambda: (
                    _("%(id)s was asked for from the other side and is %(state)s. AWS allows one connection between two"
                      " VPCs: have that request deleted or accepted, then begin again.")
                    % {"id": turned.id, "state": turned.status}
                )
            )  # fmt: skip
        return Stand.DONE if live else Stand.OPEN

    def _acceptance(self, _change: PeeringChange) -> Stand | Spoken:
        fact = self.link()
        if fact is None or fact.status == "initiating-request":
            return Stand.LATER
        if fact.status in ENDED:
            return ended(fact)
        if not joins(self.peering, fact):
            return foreign(fact)
        return Stand.DONE if fact.status in ACCEPTED else Stand.OPEN

    def _deletion(self, _change: PeeringChange) -> Stand | Spoken:
        fact = self.link()
        if fact is None and self._was_just_there():
            return Stand.LATER
        if fact is None or fact.status in ENDED:
            return Stand.DONE
        if not joins(self.peering, fact) and not joins_turned(self.peering, fact):
            return foreign(fact)
        return Stand.OPEN

    def _was_just_there(self) -> bool:
        """Whether our own record saw it a moment ago: AWS's lists lag, and what they lack need not be gone."""
        return PeeringConnection.objects.filter(
            organisation_id=self.peering.organisation_id,
            pcx_id=self.connection,
            ended_at__isnull=True,
            seen_at__gt=timezone.now() - LAG,
        ).exists()

    def _route(self, change: PeeringChange) -> Stand | Spoken:
        (destination,), table = change.ranges, self._table(change)
        if table is None:
            return spoken(lambda: _("The route table %(table)s is gone.") % {"table": change.resource})
        other = stranger_of(table, destination, self.connection)
        if other:
            return self._taken(change, other)
        return Stand.DONE if any(one.destination == destination for one in table.routes) else Stand.OPEN

    def _route_left(self, change: PeeringChange) -> Stand | Spoken:
        """A route that leads elsewhere by now is not the one that was shown: it stays."""
        table = self._table(change)
        leads = ((one.destination, one.target) for one in (table.routes if table is not None else ()))
        return Stand.OPEN if (change.ranges[0], change.connection) in leads else Stand.DONE

    def _rule(self, change: PeeringChange) -> Stand | Spoken:
        if all(group.id != change.resource for group in self.groups):
            return spoken(lambda: _("The security group %(group)s is gone.") % {"group": change.resource})
        left = self.present(change) if change.kind == REVOKE else self.missing(change)
        return Stand.OPEN if left else Stand.DONE

    def _taken(self, change: PeeringChange, other: str) -> Spoken:
        words = {"table": change.resource, "other": other, "ours": f"{change.ranges[0]} → {self.connection}"}
        return spoken(
            lambda: (
                _("%(table)s has the route %(other)s already, where %(ours)s was to be added. We never replace a route:"
                  " see who needs it, then look again.")
                % words
            )
        )  # fmt: skip

    def _table(self, change: PeeringChange) -> RouteTableFact | None:
        return next((one for one in self.tables if one.id == change.resource), None)

    def _admits(self, group: str, port: int, text: str) -> bool:
        return any(
            (rule.protocol, rule.from_port, rule.to_port) == ("tcp", port, port)
            and text in (*rule.cidrs, *rule.ipv6_cidrs)
            for one in self.groups
            if one.id == group
            for rule in one.inbound
        )


def links_of(session: AccountSession, region: str) -> tuple[PeeringFact, ...]:
    """All connections that the account sees in a region. Raises AwsProblem."""
    listed = ec2.everything(session, region, "describe_vpc_peering_connections", "VpcPeeringConnections")
    return tuple(map(PeeringFact.from_aws, listed))


def ended(fact: PeeringFact) -> Spoken:
    """That a connection ended, by AWS's own word; nothing brings it back."""
    words = {"id": fact.id, "state": fact.status, "why": fact.message or "–"}
    return spoken(
        lambda: (
            _("%(id)s is %(state)s, so it cannot be used again. AWS says: %(why)s. Begin anew on the page of the"
              " peering, and we ask for another connection.")
            % words
        )
    )  # fmt: skip


def foreign(fact: PeeringFact) -> Spoken:
    """That a connection is not between the registered sides."""
    return spoken(
        lambda: (
            _("%(id)s is not between the registered VPCs and accounts. We neither accept nor delete it.")
            % {"id": fact.id}
        )
    )


def _pairs(change: PeeringChange) -> list[tuple[int, str]]:
    return [(port, text) for port in change.ports for text in change.ranges]


def _grouped(pairs: Iterable[tuple[int, str]]) -> tuple[Admission, ...]:
    ranges: dict[int, list[str]] = {}
    for port, text in pairs:
        ranges.setdefault(port, []).append(text)
    return tuple(Admission(port=port, ranges=tuple(texts)) for port, texts in ranges.items())
