"""Where a route table leads out of the VPC: its default routes, and every route to an internet gateway. Pure.

https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html
"""

from dataclasses import dataclass
from ipaddress import ip_network

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.networks import VpcNetwork, s3_service
from portal.aws.facts.route_tables import RouteFact, RouteTableFact

#: Targets of one table that are named. A VPC has one internet gateway, and wide routes are six at most, so only
#: a facts file that somebody made up has more.
MOST_NAMED = 12

#: A route this wide, or wider, decides where the internet lies: 0.0.0.0/0, ::/0 and their halves.
WIDE = 1


@dataclass(frozen=True, kw_only=True)
class WayOut:
    """One target of such routes. `kind` is the prefix of AWS's id (`nat`, `igw`, `tgw`), `destinations` the ranges."""

    target: str
    destinations: tuple[str, ...]
    #: AWS keeps the route, but what it led to is gone.
    blackhole: bool = False
    #: For how many ways it stands.
    count: int = 1

    @property
    def kind(self) -> str:
        """The prefix of the target's id; `core` for a core network, which AWS names by its ARN."""
        return "core" if self.target.startswith("arn:") else self.target.partition("-")[0]

    @property
    def label(self) -> str:
        """What the target is."""
        if self.count > 1:
            return ngettext("%(count)d more way out", "%(count)d more ways out", self.count) % {"count": self.count}
        labels = {
            "nat": _("NAT gateway"),
            "igw": _("Internet gateway"),
            "eigw": _("Egress-only gateway"),
            "tgw": _("Transit gateway"),
            "vgw": _("VPN gateway"),
            "pcx": _("Peering connection"),
            "eni": _("Network interface"),
            "vpce": _("Gateway appliance"),
            "core": _("Core network"),
            "i": _("Instance"),
            "lgw": _("Local gateway"),
            "cagw": _("Carrier gateway"),
        }
        return labels.get(self.kind, _("Route target"))


def ways_out(table: RouteTableFact) -> tuple[WayOut, ...]:
    """The targets of the table's wide routes and the internet gateways it leads to, the widest first."""
    out = sorted((route for route in table.routes if _leads_out(route)), key=lambda route: _prefix(route.destination))
    by_target: dict[str, list[RouteFact]] = {}
    for route in out:
        by_target.setdefault(route.target, []).append(route)
    found = tuple(_way(target, routes) for target, routes in by_target.items())
    return found if len(found) <= MOST_NAMED else (*found[: MOST_NAMED - 1], _others(found[MOST_NAMED - 1 :]))


def _others(ways: tuple[WayOut, ...]) -> WayOut:
    """Many ways as one that names how many they are."""
    return WayOut(
        target="…",
        destinations=tuple(way.destinations[0] for way in ways[:3]),
        blackhole=all(way.blackhole for way in ways),
        count=len(ways),
    )


def _way(target: str, routes: list[RouteFact]) -> WayOut:
    return WayOut(
        target=target,
        destinations=tuple(route.destination for route in routes),
        blackhole=all(route.state == "blackhole" for route in routes),
    )


def _leads_out(route: RouteFact) -> bool:
    if not route.target or route.target == "local":
        return False
    return route.target.startswith("igw-") or _prefix(route.destination) <= WIDE


def _prefix(destination: str) -> int:
    """The length of the prefix; a prefix list counts as narrow."""
    try:
        return ip_network(destination).prefixlen
    except ValueError:
        return 128


def is_s3_gateway(endpoint: EndpointFact, network: VpcNetwork) -> bool:
    """Whether it is a gateway endpoint for S3 of this region and VPC, whatever its state."""
    kind = (endpoint.type.lower(), endpoint.service, endpoint.vpc)
    return kind == ("gateway", s3_service(network.region), network.vpc_id)
