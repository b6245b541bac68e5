"""subnets.private: a route table without an internet gateway for chosen subnets whose table leads to one.

https://docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.checks.egress import CODE as EGRESS
from networking.checks.privacy import CODE
from networking.exposure import INTERNET_GATEWAY
from networking.remedies import s3_endpoint
from networking.remedies.assembly import Draft, assembled
from networking.remedies.exits import Exit, costs, exit_for, hosts_nat, nearest_nat, working_nats, zone_of
from networking.remedies.pieces import (
    Attachment,
    ChangedAssociation,
    Made,
    NewAssociation,
    NewRoute,
    NewTable,
    named,
    of_kind,
    slug,
)
from networking.remedies.s3_endpoint_forms import gateways
from networking.remedies.scope import called, failed, followed_tables, in_place, own_subnets
from networking.remedies.shapes import Order, Remedy
from networking.routing import Followed, Routing
from onboarding.rules.profiles import Profile
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteFact, RouteTableFact
from portal.aws.facts.subnets import SubnetFact
from portal.findings.shapes import Finding

_EVERYTHING = frozenset({"0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"})
_LOCAL = "local"
_WRITTEN_BY_HAND = frozenset({"CreateRoute", ""})


@dataclass(frozen=True, kw_only=True)
class _Move:
    """Chosen subnets that leave the public table `before` for a new one, in one zone or (empty) wherever they are."""

    before: RouteTableFact
    zone_id: str
    subnets: tuple[SubnetFact, ...]


def remedies(
    network: VpcNetwork, subnet_ids: Sequence[str], findings: Sequence[Finding], profile: Profile
) -> Iterator[Remedy]:
    """One remedy for each public table that is followed; one for each zone of its subnets where NAT gateways stand in
    several zones.
    """
    public = {finding.resources[0] for finding in failed(findings, CODE) if finding.resources}
    if not in_place(network) or not public:
        return
    # A NAT gateway in a private subnet leads nowhere: such a subnet stays public, and new_subnets makes another one.
    movable = {subnet_id for subnet_id in public if not hosts_nat(network, subnet_id)}
    subnets = tuple(subnet for subnet in own_subnets(network, subnet_ids) if subnet.id in movable)
    for move in _moves(network, subnets):
        yield _remedy(network, move, tuple(subnet_ids), profile)


def _moves(network: VpcNetwork, subnets: Iterable[SubnetFact]) -> Iterator[_Move]:
    routing, apart = Routing.of(network), _zones_apart(network)
    groups: dict[tuple[str, str], list[SubnetFact]] = {}
    for subnet in subnets:
        table = routing.followed(subnet.id).table
        if table is not None:
            groups.setdefault((table.id, zone_of(network, subnet) if apart else ""), []).append(subnet)
    tables = {table.id: table for table in network.route_tables or ()}
    for (table_id, zone), members in sorted(groups.items()):
        yield _Move(before=tables[table_id], zone_id=zone, subnets=tuple(members))


def _zones_apart(network: VpcNetwork) -> bool:
    """Whether there is a NAT gateway to go out through in more than one zone."""
    places = (network.subnet(nat.subnet) for nat in working_nats(network))
    return len({zone_of(network, place) for place in places if place is not None} - {""}) > 1


def _remedy(network: VpcNetwork, move: _Move, chosen: Sequence[str], profile: Profile) -> Remedy:
    words = "-".join(part for part in (move.before.id, move.zone_id) if part)
    exit_ = _exit(network, move, chosen, profile)
    pieces = _pieces(network, move, exit_, words, chosen)
    named = ", ".join(called(subnet) for subnet in move.subnets)
    draft = Draft(
        key=f"subnets-private-{words}",
        codes=(CODE, EGRESS) if exit_ and profile.egress else (CODE,),
        title=_("Give %(subnets)s a route table without an internet gateway") % {"subnets": named},
        effect=_effect(network, move, exit_, pieces),
        resources=(*(subnet.id for subnet in move.subnets), move.before.id),
        pieces=pieces,
        shown=of_kind(pieces, NewTable)[-1],
        stack=f"clickhouse-byoc-private-{slug(words).replace('_', '-')}",
        order=Order.PRIVATE_TABLES,
    )
    return assembled(network, draft)


def _exit(network: VpcNetwork, move: _Move, chosen: Sequence[str], profile: Profile) -> Exit | None:
    """A NAT gateway that works; a new one only where the profile asks for a way out."""
    zone = move.zone_id or zone_of(network, move.subnets[0])
    nat = nearest_nat(network, zone)
    if nat is not None:
        return Exit(nat=nat.id)
    return exit_for(network, zone, purpose=move.before.id, chosen=chosen) if profile.egress else None


def _pieces(
    network: VpcNetwork, move: _Move, exit_: Exit | None, words: str, chosen: Sequence[str]
) -> tuple[Made, ...]:  # fmt: skip
    table = NewTable(slug=slug("table", words), name=f"clickhouse-byoc-private-{words}", vpc=network.vpc_id)
    endpoint = s3_endpoint.fit_endpoint(network, followed_tables(network, chosen))
    served = endpoint.id if endpoint else ""
    pieces: list[Made] = [*(exit_.pieces if exit_ else ()), table]
    if exit_:
        pieces.append(NewRoute(slug=slug("route", words), table=table, target=exit_.nat))
    pieces += _kept(network, move.before, table)
    pieces.append(Attachment(slug=slug("s3", words), vpc=network.vpc_id, table=table, endpoint=served))
    routing = Routing.of(network)
    return (*pieces, *(_association(subnet, routing.followed(subnet.id), table) for subnet in move.subnets))


def _association(subnet: SubnetFact, followed: Followed, table: NewTable) -> Made:
    """A subnet without an association of its own gets one; another's is replaced."""
    name = slug("association", subnet.id)
    if followed.inherited or followed.table is None:
        return NewAssociation(slug=name, subnet=subnet.id, table=table)
    return ChangedAssociation(slug=name, subnet=subnet.id, before=followed.table.id, table=table)


def _kept(network: VpcNetwork, before: RouteTableFact, table: NewTable) -> Iterator[NewRoute]:
    """The routes of the public table that go on working in the new one: to peers, transit gateways, appliances."""
    for index, route in enumerate(_carried(network, before)):
        yield NewRoute(
            slug=slug("kept", table.slug, str(index)), table=table, destination=route.destination, target=route.target
        )


def _carried(network: VpcNetwork, before: RouteTableFact) -> tuple[RouteFact, ...]:
    others = _others(network, before)
    return tuple(route for route in others if "." in route.destination and route.origin in _WRITTEN_BY_HAND)


def _others(network: VpcNetwork, before: RouteTableFact) -> tuple[RouteFact, ...]:
    """The routes that lead neither to the internet, nor into the VPC, nor to S3 (which the new table gets anyway)."""
    s3 = {endpoint.id for endpoint in gateways(network)}
    return tuple(
        route
        for route in before.routes
        if route.destination not in _EVERYTHING
        and route.target not in {_LOCAL, ""}
        and not route.target.startswith(INTERNET_GATEWAY)
        and route.target not in s3
        and route.state != "blackhole"
    )


def _effect(network: VpcNetwork, move: _Move, exit_: Exit | None, pieces: Sequence[Made]) -> str:
    said = [
        _(
            "These subnets leave %(before)s. Instances and load balancers in them that have public addresses can no "
            "longer be reached from the internet, and no longer reach it by those addresses."
        )
        % {"before": called(move.before)}
    ]
    if exit_ is None:
        said.append(_("There is no NAT gateway to go out through, so nothing in these subnets reaches the internet."))
    else:
        said.append(_("They go out through %(nat)s.") % {"nat": named(exit_.nat)})
    carried = _carried(network, move.before)
    left = [route for route in _others(network, move.before) if route not in carried]
    if carried:
        said.append(_("Other routes go along: %(routes)s.") % {"routes": _listed(carried)})
    if left:
        said.append(_("These do not, add them yourself where they are needed: %(routes)s.") % {"routes": _listed(left)})
    return " ".join([*said, *costs(pieces)])


def _listed(routes: Iterable[RouteFact]) -> str:
    return ", ".join(f"{route.destination} → {route.target}" for route in routes)
