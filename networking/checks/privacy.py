"""Whether the chosen subnets are private: the table that each one follows has no default route to an internet gateway.

An egress-only internet gateway lets nobody in: https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
What makes a subnet public: https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from django.utils.translation import gettext as _

from networking.checks.scene import Effective, Scene, ids
from portal.aws.facts.route_tables import RouteFact, RouteTableFact
from portal.findings.shapes import Finding

CODE = "subnets.private"
INTERNET_GATEWAY = "igw-"


def private(scene: Scene, subnet_id: str) -> Finding | None:
    """`subnets.private`: why one subnet is not, or is not known to be, private; None when it is."""
    effective = scene.effective(subnet_id)
    if effective.table is None:
        return scene.say.unknown(CODE, effective.doubt, (subnet_id,))
    open_routes = to_internet_gateways(effective.table)
    if not open_routes:
        return None
    words = {
        "subnet": subnet_id,
        "table": effective.table.id,
        "routes": ", ".join(f"{route.destination} → {route.target}" for route in open_routes),
    }
    where = (subnet_id, effective.table.id)
    if leads_everywhere(open_routes):
        return scene.say.failed(CODE, _public(effective) % words, where)
    said = _(
        "%(subnet)s follows %(table)s, where part of the traffic goes to an internet gateway (%(routes)s). Remove the "
        "route unless it is meant."
    )
    return scene.say.warning(CODE, said % words, where)


def _public(effective: Effective) -> str:
    if effective.inherited:
        return _(
            "%(subnet)s has no route table of its own and so follows the main table %(table)s, which leads to the "
            "internet (%(routes)s). Associate it with a private route table, then look again."
        )
    return _(
        "%(subnet)s is public: its route table %(table)s leads to the internet (%(routes)s). Associate it with a "
        "private route table, then look again."
    )


def all_private(scene: Scene, chosen: Sequence[str]) -> str:
    """The sentence that all are private."""
    return _("No default route to an internet gateway: %(subnets)s.") % {"subnets": ids(chosen)}


def to_internet_gateways(table: RouteTableFact) -> tuple[RouteFact, ...]:
    """The table's routes to internet gateways, also those whose gateway is detached just now."""
    return tuple(route for route in table.routes if route.target.startswith(INTERNET_GATEWAY))


def leads_everywhere(routes: Iterable[RouteFact]) -> bool:
    """Whether the routes together cover all IPv4 or all IPv6 addresses, in one default route or in pieces."""
    networks = [network for route in routes if (network := _network(route.destination)) is not None]
    v4 = [network for network in networks if isinstance(network, IPv4Network)]
    v6 = [network for network in networks if isinstance(network, IPv6Network)]
    return IPv4Network("0.0.0.0/0") in collapse_addresses(v4) or IPv6Network("::/0") in collapse_addresses(v6)


def _network(destination: str) -> IPv4Network | IPv6Network | None:
    """The range of a route; None for a prefix list, into which nobody looked."""
    try:
        return ip_network(destination, strict=False)
    except ValueError:
        return None
