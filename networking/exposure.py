"""What a route table lets in from the internet. Pure.

An egress-only internet gateway lets nobody in: https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from portal.aws.facts.route_tables import RouteFact, RouteTableFact

INTERNET_GATEWAY = "igw-"
#: How many routes a sentence lists.
_NAMED = 6


@dataclass(frozen=True)
class Exposure:
    """`open`: the table has routes to internet gateways; `full`: together they cover all of IPv4 or of IPv6.

    `routes` names some of them, for a sentence.
    """

    open: bool
    full: bool
    routes: str


def exposure_of(table: RouteTableFact) -> Exposure:
    """What the table's routes to internet gateways let in, also those whose gateway is detached just now."""
    found = to_internet_gateways(table)
    # Those that cover most are the ones to name.
    first = sorted(found, key=lambda route: _length(route.destination))[:_NAMED]
    named = ", ".join(f"{route.destination} → {route.target}" for route in first)
    return Exposure(bool(found), leads_everywhere(found), f"{named}, …" if len(found) > _NAMED else named)


def to_internet_gateways(table: RouteTableFact) -> tuple[RouteFact, ...]:
    """The table's routes to internet gateways, also those whose gateway is detached just now."""
    return tuple(route for route in table.routes if route.target.startswith(INTERNET_GATEWAY))


def leads_everywhere(routes: Iterable[RouteFact]) -> bool:
    """Whether the routes together cover all IPv4 or all IPv6 addresses, in one default route or in pieces."""
    networks = [network for route in routes if (network := _network(route.destination)) is not None]
    v4 = [network for network in networks if isinstance(network, IPv4Network)]
    v6 = [network for network in networks if isinstance(network, IPv6Network)]
    return IPv4Network("0.0.0.0/0") in collapse_addresses(v4) or IPv6Network("::/0") in collapse_addresses(v6)


def _length(destination: str) -> int:
    network = _network(destination)
    return network.prefixlen if network is not None else 129


def _network(destination: str) -> IPv4Network | IPv6Network | None:
    """The range of a route; None for a prefix list, into which nobody looked."""
    try:
        return ip_network(destination, strict=False)
    except ValueError:
        return None
