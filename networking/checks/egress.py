"""The way out to the internet: where the IPv4 default route of each chosen subnet leads.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
Peering never leads out: https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from networking.checks.scene import Scene, ids
from portal.aws.facts.gateways import NatGatewayFact
from portal.aws.facts.route_tables import RouteFact, RouteTableFact
from portal.findings.shapes import SEVERITY, Finding

CODE = "subnets.egress"
_DEFAULT = "0.0.0.0/0"
_HALVES = ("0.0.0.0/1", "128.0.0.0/1")
_NAT = "nat-"
#: Transit gateway, virtual private gateway, network interface, gateway load balancer or firewall endpoint, instance,
#: local gateway, cloud WAN: whether they lead out is decided where nobody can look from here.
_APPLIANCES = ("tgw-", "vgw-", "eni-", "vpce-", "i-", "lgw-", "arn:")


def egress(scene: Scene, subnet_id: str) -> Finding | None:
    """`subnets.egress`: why one subnet has no way out that is known to work; None when it has one."""
    effective = scene.effective(subnet_id)
    if effective.table is None:
        return scene.say.unknown(CODE, effective.doubt, (subnet_id,))
    routes = default_routes(effective.table)
    if routes is None:
        said = _(
            "%(subnet)s has no way out: its route table %(table)s has no default route. Add 0.0.0.0/0 to a NAT "
            "gateway, then look again."
        )
        words = {"subnet": subnet_id, "table": effective.table.id}
        return scene.say.failed(CODE, said % words, (subnet_id, effective.table.id))
    troubles = [_judge(scene, subnet_id, effective.table, route) for route in routes]
    found = [trouble for trouble in troubles if trouble is not None]
    return min(found, key=lambda trouble: SEVERITY.index(trouble.level), default=None)


def default_routes(table: RouteTableFact) -> tuple[RouteFact, ...] | None:
    """The routes that traffic to the internet takes: one, or two when halves of it lead apart; None without any.

    The longer prefix wins: a route for a half comes before the one for all.
    https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html#route-tables-priority
    """
    found = {route.destination: route for route in table.routes}
    whole = found.get(_DEFAULT)
    taken = [found.get(half, whole) for half in _HALVES]
    routes = tuple(dict.fromkeys(route for route in taken if route is not None))
    return None if None in taken else routes


def _judge(scene: Scene, subnet_id: str, table: RouteTableFact, route: RouteFact) -> Finding | None:
    words = {"subnet": subnet_id, "table": table.id, "target": route.target or "–", "destination": route.destination}
    where = tuple(part for part in (subnet_id, table.id, route.target) if part)
    if route.state == "blackhole":
        said = _(
            "%(subnet)s has no way out: in %(table)s the target %(target)s of %(destination)s is gone. Point the route "
            "to a NAT gateway, then look again."
        )
        return scene.say.failed(CODE, said % words, where)
    if route.target.startswith(_NAT):
        return _nat(scene, subnet_id, route.target)
    if route.target.startswith(_APPLIANCES):
        said = _(
            "The way out of %(subnet)s is %(target)s (in %(table)s). Whether it leads to the internet cannot be seen "
            "from here; see that it does."
        )
        return scene.say.warning(CODE, said % words, where)
    said = _(
        "%(subnet)s has no way out: in %(table)s %(destination)s leads to %(target)s, which lets no private subnet "
        "reach the internet. Point the route to a NAT gateway, then look again."
    )
    return scene.say.failed(CODE, said % words, where)


def _nat(scene: Scene, subnet_id: str, target: str) -> Finding | None:
    words = {"subnet": subnet_id, "nat": target}
    where = (subnet_id, target)
    if scene.network.nat_gateways is None:
        return scene.say.unknown(CODE, scene.unread("ec2:DescribeNatGateways"), where)
    gateway = scene.nat_gateways.get(target)
    if gateway is None and scene.shared:
        said = _(
            "The NAT gateway %(nat)s of %(subnet)s belongs to the VPC's owner and is not shown here. Ask the owner."
        )
        return scene.say.unknown(CODE, said % words, where)
    if gateway is None:
        said = _("The NAT gateway %(nat)s of %(subnet)s was not found. Create one and route to it, then look again.")
        return scene.say.failed(CODE, said % words, where)
    return _nat_state(scene, subnet_id, gateway)


def _nat_state(scene: Scene, subnet_id: str, gateway: NatGatewayFact) -> Finding | None:
    words = {"subnet": subnet_id, "nat": gateway.id, "state": gateway.state}
    where = (subnet_id, gateway.id)
    if gateway.connectivity == "private":
        said = _(
            "The NAT gateway %(nat)s of %(subnet)s is private and does not lead to the internet. Route to a public "
            "one, then look again."
        )
        return scene.say.failed(CODE, said % words, where)
    if not gateway.state or not (gateway.connectivity or gateway.public_ips):
        said = _("The state of the NAT gateway %(nat)s was not said. Look again with ec2:DescribeNatGateways.")
        return scene.say.unknown(CODE, said % words, where)
    if gateway.state == "available":
        return None
    if gateway.state == "pending":
        said = _("The NAT gateway %(nat)s of %(subnet)s is %(state)s. Wait until it is available, then look again.")
    else:
        said = _("The NAT gateway %(nat)s of %(subnet)s is %(state)s. Create one and route to it, then look again.")
    return scene.say.failed(CODE, said % words, where)


def leads_out(scene: Scene, chosen: Sequence[str]) -> str:
    """The sentence that all have a way out."""
    return _("Reach the internet through an available NAT gateway: %(subnets)s.") % {"subnets": ids(chosen)}


def one_nat_for_all(scene: Scene, chosen: Sequence[str]) -> Finding | None:
    """A warning when the subnets lie in several zones and all go out through one: its loss cuts off the others."""
    zones = {_zone(scene, subnet) for subnet in chosen} - {""}
    gateways = _gateways(scene, chosen)
    # A regional NAT gateway stands in every zone by itself:
    # https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
    if len(zones) < 2 or not gateways or any(gateway.availability == "regional" for gateway in gateways):
        return None
    places = {_place(scene, gateway) for gateway in gateways}
    if len(places) > 1:
        return None
    names = tuple(gateway.id for gateway in gateways)
    said = _(
        "All chosen subnets leave through %(nats)s in one zone; when it fails, the other zones are cut off. Add a NAT "
        "gateway in each zone."
    )
    return scene.say.warning(CODE, said % {"nats": ids(names)}, names)


def _place(scene: Scene, gateway: NatGatewayFact) -> str:
    """The zone of a NAT gateway; its own id when that cannot be said, as if it had a zone for itself."""
    return _zone(scene, gateway.subnet) or gateway.id


def _zone(scene: Scene, subnet_id: str) -> str:
    """The subnet's zone by whatever name there is: inside one account names tell zones apart as well as IDs."""
    subnet = scene.subnets.get(subnet_id)
    return (scene.zone_id(subnet) or subnet.zone_name) if subnet else ""


def _gateways(scene: Scene, chosen: Sequence[str]) -> tuple[NatGatewayFact, ...]:
    tables = (scene.effective(subnet).table for subnet in chosen)
    targets = {route.target for table in tables if table for route in default_routes(table) or ()}
    return tuple(scene.nat_gateways[target] for target in sorted(targets) if target in scene.nat_gateways)
