"""subnets.egress: a way out through a NAT gateway, for chosen subnets that have none.

A subnet whose table leads to an internet gateway is private_tables' matter: it gets another table.
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.checks.egress import CODE, default_routes
from networking.checks.privacy import CODE as PRIVATE
from networking.remedies.assembly import Draft, assembled
from networking.remedies.exits import Exit, costs, exit_for, working_nats, zone_of
from networking.remedies.pieces import ChangedRoute, Made, NewNat, NewRoute, named, of_kind, slug
from networking.remedies.scope import called, failed, in_place, own_subnets
from networking.remedies.shapes import Order, Remedy
from networking.routing import Routing
from onboarding.rules.profiles import Profile
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteFact, RouteTableFact
from portal.aws.facts.subnets import SubnetFact
from portal.findings.shapes import Finding

_ALL = "0.0.0.0/0"
_EVERYTHING = frozenset({_ALL, "0.0.0.0/1", "128.0.0.0/1"})
#: Peering never leads out, an internet gateway only for public addresses.
_NEVER = ("pcx-", "igw-", "eigw-")
#: What AWS writes by itself cannot be replaced by hand.
_PROPAGATED = "EnableVgwRoutePropagation"


@dataclass(frozen=True, kw_only=True)
class _Stuck:
    """A table that leads nowhere, and the first chosen subnet that follows it."""

    table: RouteTableFact
    subnet: SubnetFact


def remedies(
    network: VpcNetwork, subnet_ids: Sequence[str], findings: Sequence[Finding], profile: Profile
) -> Iterator[Remedy]:
    """One remedy for each zone that something has to go out from; none where NAT gateways could not be read, or where
    the only trouble is a NAT gateway that AWS is still making.
    """
    stuck = _stuck_tables(network, subnet_ids, findings)
    if not stuck or network.nat_gateways is None or not in_place(network):
        return
    zone = zone_of(network, stuck[0].subnet)
    groups = _by_zone(network, stuck) if working_nats(network) else {zone: stuck}
    for zone_id, tables in groups.items():
        exit_ = exit_for(network, zone_id, purpose=zone_id or network.vpc_id, chosen=tuple(subnet_ids))
        if exit_ is not None:
            yield _remedy(network, zone_id, tables, exit_)


def _by_zone(network: VpcNetwork, stuck: Sequence[_Stuck]) -> dict[str, list[_Stuck]]:
    groups: dict[str, list[_Stuck]] = {}
    for one in stuck:
        groups.setdefault(zone_of(network, one.subnet), []).append(one)
    return groups


def _stuck_tables(network: VpcNetwork, subnet_ids: Sequence[str], findings: Sequence[Finding]) -> list[_Stuck]:
    """The tables of subnets that fail here and are private, each once, in the order of the choice."""
    public = {finding.resources[0] for finding in failed(findings, PRIVATE) if finding.resources}
    failing = {finding.resources[0] for finding in failed(findings, CODE) if finding.resources} - public
    routing, found = Routing.of(network), dict[str, _Stuck]()
    for subnet in own_subnets(network, subnet_ids):
        table = routing.followed(subnet.id).table
        if subnet.id in failing and table is not None and not _is_coming(network, table):
            found.setdefault(table.id, _Stuck(table=table, subnet=subnet))
    return list(found.values())


def _is_coming(network: VpcNetwork, table: RouteTableFact) -> bool:
    """Whether the table leads to a NAT gateway that AWS is still making."""
    pending = {nat.id for nat in network.nat_gateways or () if nat.state == "pending"}
    return bool(pending & {route.target for route in default_routes(table) or ()})


def _remedy(network: VpcNetwork, zone_id: str, stuck: Sequence[_Stuck], exit_: Exit) -> Remedy:
    routes = tuple(piece for one in stuck for piece in _routes(network, one.table, exit_))
    names = ", ".join(called(one.table) for one in stuck)
    made = of_kind(exit_.pieces, NewNat)
    draft = Draft(
        key=f"subnets-egress-{zone_id or network.vpc_id}",
        codes=(CODE,),
        title=_("Lead %(tables)s out through a NAT gateway") % {"tables": names},
        effect=_effect(names, exit_, routes),
        resources=tuple(one.table.id for one in stuck),
        pieces=(*exit_.pieces, *routes),
        shown=made[0] if made else routes[0],
        stack=f"clickhouse-byoc-egress-{slug(zone_id or network.vpc_id).replace('_', '-')}",
        order=Order.EGRESS,
    )
    return assembled(network, draft)


def _routes(network: VpcNetwork, table: RouteTableFact, exit_: Exit) -> Iterator[Made]:
    """What the table needs: its wrong default routes changed, and one for all where some addresses have none."""
    for route in table.routes:
        if route.destination in _EVERYTHING and _is_wrong(network, route):
            yield ChangedRoute(
                slug=slug("route", table.id, route.destination),
                table=table.id,
                destination=route.destination,
                before="" if route.state == "blackhole" else route.target,
                target=exit_.nat,
            )
    if default_routes(table) is None and all(route.destination != _ALL for route in table.routes):
        yield NewRoute(slug=slug("route", table.id), table=table.id, target=exit_.nat)


def _is_wrong(network: VpcNetwork, route: RouteFact) -> bool:
    if route.origin == _PROPAGATED:
        return False
    if route.target.startswith("nat-"):
        return route.target not in {nat.id for nat in working_nats(network)}
    return route.state == "blackhole" or route.target.startswith(_NEVER)


def _effect(names: str, exit_: Exit, routes: Sequence[Made]) -> str:
    words = {"tables": names, "nat": named(exit_.nat)}
    said = [_("Every subnet that follows %(tables)s goes out through %(nat)s from then on.") % words]
    for route in of_kind(routes, ChangedRoute):
        words = {"table": route.table, "destination": route.destination, "before": route.before}
        if route.before:
            said.append(_("In %(table)s the route %(destination)s → %(before)s is replaced.") % words)
        else:
            said.append(_("In %(table)s the route %(destination)s, whose target is gone, is replaced.") % words)
    return " ".join([*said, *costs(exit_.pieces)])
