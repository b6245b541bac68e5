"""The way out of private subnets: a NAT gateway that works, or what it takes to make one. Pure.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from django.utils.translation import gettext as _

from networking.checks.egress import default_routes
from networking.exposure import leads_everywhere, to_internet_gateways
from networking.remedies.free_blocks import last_free_block, subnet_blocks, vpc_blocks
from networking.remedies.pieces import (
    Made,
    NewAddress,
    NewAssociation,
    NewGateway,
    NewNat,
    NewRoute,
    NewSubnet,
    NewTable,
    Ref,
    of_kind,
    slug,
)
from networking.routing import Routing
from portal.aws.facts.gateways import NatGatewayFact
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.subnets import SubnetFact

#: The smallest subnet that AWS allows; a NAT gateway needs one address of it.
_PUBLIC_PREFIX = 28


@dataclass(frozen=True, kw_only=True)
class Exit:
    """A NAT gateway to route to, and the pieces that make it; none when it is there."""

    nat: Ref
    pieces: tuple[Made, ...] = ()


def zone_of(network: VpcNetwork, subnet: SubnetFact) -> str:
    """The subnet's zone ID, through the zone's name where only that was said; empty when neither is known."""
    by_name = next((zone.id for zone in network.zones or () if zone.name == subnet.zone_name), "")
    return subnet.zone_id or by_name


def working_nats(network: VpcNetwork) -> tuple[NatGatewayFact, ...]:
    """The VPC's NAT gateways that are available and public, by id."""
    found = (
        nat
        for nat in network.nat_gateways or ()
        if nat.vpc in {"", network.vpc_id}
        and nat.state == "available"
        and nat.connectivity != "private"
        and (nat.connectivity == "public" or nat.public_ips)
    )
    return tuple(sorted(found, key=lambda nat: nat.id))


def serves(network: VpcNetwork, nat: NatGatewayFact, zone_id: str) -> bool:
    """Whether the gateway stands in that zone; a regional one stands in all."""
    subnet = network.subnet(nat.subnet)
    return nat.availability == "regional" or (subnet is not None and zone_of(network, subnet) == zone_id)


def nearest_nat(network: VpcNetwork, zone_id: str = "") -> NatGatewayFact | None:
    """A working NAT gateway: of that zone if there is one, else any; None when the VPC has none."""
    return min(working_nats(network), key=lambda nat: (not serves(network, nat, zone_id), nat.id), default=None)


def hosts_nat(network: VpcNetwork, subnet_id: str) -> bool:
    """Whether a NAT gateway stands in the subnet that leads others out: it works only while the subnet is public."""
    return any(
        nat.subnet == subnet_id and nat.state in {"pending", "available"} and nat.connectivity != "private"
        for nat in network.nat_gateways or ()
    )


def nat_of(network: VpcNetwork, table: RouteTableFact) -> NatGatewayFact | None:
    """The working NAT gateway that the table's default route leads to; None when it leads elsewhere."""
    targets = {route.target for route in default_routes(table) or () if route.state != "blackhole"}
    return next((nat for nat in working_nats(network) if nat.id in targets), None)


def public_subnet(network: VpcNetwork, zone_id: str, *, apart_from: Iterable[str]) -> SubnetFact | None:
    """A subnet whose table leads to an internet gateway, in that zone if possible; none of `apart_from`, the ids that
    are to be private.
    """
    routing, barred = Routing.of(network), set(apart_from)
    public = {table.id for table in network.route_tables or () if _is_public(table)}
    found = (
        subnet
        for subnet in network.subnets or ()
        if subnet.vpc in {"", network.vpc_id} and subnet.id not in barred and subnet.free != 0
        and (table := routing.followed(subnet.id).table) is not None and table.id in public
    )  # fmt: skip
    return min(found, key=lambda subnet: (zone_of(network, subnet) != zone_id, subnet.id), default=None)


def _is_public(table: RouteTableFact) -> bool:
    routes = [route for route in to_internet_gateways(table) if route.state != "blackhole"]
    return any(route.destination == "0.0.0.0/0" for route in routes) or (
        leads_everywhere(route for route in routes if "." in route.destination)
    )


def exit_for(
    network: VpcNetwork, zone_id: str, *, purpose: str, chosen: Sequence[str], taken: Sequence[IPv4Network] = ()
) -> Exit | None:
    """The nearest working NAT gateway, else a new one in a public subnet, which is made as well where there is none.

    `purpose` is part of the names of what is new, `chosen` the subnets that are to be private, `taken` the ranges that
    other remedies give away. None when NAT gateways could not be read, or when a public subnet is missing and the VPC
    has no room for one.
    """
    nat = nearest_nat(network, zone_id)
    if nat is not None:
        return Exit(nat=nat.id)
    if network.nat_gateways is None:
        return None
    public = public_subnet(network, zone_id, apart_from=chosen)
    if public is not None:
        return _new_nat(network, purpose, public.id)
    block = _public_block(network, taken)
    return _with_public_subnet(network, zone_id, purpose, block) if block else None


def _new_nat(
    network: VpcNetwork, purpose: str, subnet: Ref, route: NewRoute | None = None
) -> Exit:  # fmt: skip
    name = f"clickhouse-byoc-nat-{purpose}"
    address = NewAddress(slug="nat_address", name=f"{name}-{network.vpc_id}")
    nat = NewNat(slug="nat", name=name, vpc=network.vpc_id, subnet=subnet, address=address, route=route)
    return Exit(nat=nat, pieces=(address, nat))


def _with_public_subnet(network: VpcNetwork, zone_id: str, purpose: str, block: IPv4Network) -> Exit:
    vpc, name = network.vpc_id, f"clickhouse-byoc-public-{purpose}"
    known = known_gateway(network)
    gateway = NewGateway(slug="internet_gateway", name="clickhouse-byoc", vpc=vpc)
    subnet = NewSubnet(slug=slug("public", zone_id), name=name, vpc=vpc, zone_id=zone_id, cidr=str(block))
    table = NewTable(slug="public_table", name=name, vpc=vpc)
    route = NewRoute(
        slug="public_route", table=table, target=known or gateway, gateway=None if known else gateway
    )  # fmt: skip
    follows = NewAssociation(slug="public_association", subnet=subnet, table=table)
    exit_ = _new_nat(network, purpose, subnet, route)
    return Exit(nat=exit_.nat, pieces=(*(() if known else (gateway,)), table, route, subnet, follows, *exit_.pieces))


def known_gateway(network: VpcNetwork) -> str:
    """The VPC's internet gateway as its routes show it; empty when no route leads to one that is attached."""
    routes = [route for table in network.route_tables or () for route in to_internet_gateways(table)]
    return next((route.target for route in routes if route.state != "blackhole"), "")


def _public_block(network: VpcNetwork, taken: Sequence[IPv4Network]) -> IPv4Network | None:
    """From the end of the VPC's room, where new private subnets come last."""
    own, used = vpc_blocks(network), subnet_blocks(network)
    if used is None:
        return None
    return last_free_block(own, [*used, *taken], _PUBLIC_PREFIX)


def costs(pieces: Sequence[Made]) -> Iterator[str]:
    """What AWS bills for, in one sentence, if there is anything."""
    if of_kind(pieces, NewNat):
        yield _("AWS charges for the new NAT gateway by the hour and by the traffic through it.")
