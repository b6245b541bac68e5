"""The path of a connection, from each target subnet to the private endpoint and back, hop by hop. Pure.

Every hop is judged for itself, so that the first red one is the first thing to mend and nothing behind it is hidden.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from networking.checks.scene import ids
from networking.maps.path_acls import Crossing, Gate, gate_of
from networking.maps.path_routes import Way, way_of
from networking.peering.balancers import PRIVATE_PORTS, private_balancers
from networking.peering.checks.connection import check_accepted, check_connection
from networking.peering.checks.private_load_balancer import check_private_load_balancer
from networking.peering.checks.ranges import Block, outermost
from networking.peering.checks.scene import PeeringScene, View
from networking.peering.checks.security_groups import check_security_groups
from portal.aws.facts.load_balancers import LoadBalancerFact
from portal.aws.facts.shapes import tag_value
from portal.aws.facts.subnets import SubnetFact
from portal.findings.shapes import SEVERITY, Finding, Level

if TYPE_CHECKING:
    from networking.peering.standing import Standing


@dataclass(frozen=True, kw_only=True)
class Hop:
    """One thing that packets pass. `detail` names it (an id), `reason` is one sentence on why it stands so."""

    key: str
    level: Level
    title: str
    detail: str
    reason: str

    @property
    def names(self) -> tuple[str, ...]:
        """What `detail` lists, one by one."""
        return tuple(filter(None, self.detail.split(", ")))


@dataclass(frozen=True, kw_only=True)
class PathStart:
    """A target subnet; name and range are empty where nobody saw it."""

    id: str
    name: str = ""
    cidr: str = ""


@dataclass(frozen=True, kw_only=True)
class Lane:
    """The way of those subnets for which every hop stands the same."""

    subnets: tuple[PathStart, ...]
    hops: tuple[Hop, ...]

    @property
    def level(self) -> Level:
        """The worst of its hops."""
        return _worst(hop.level for hop in self.hops)

    @property
    def first_trouble(self) -> Hop | None:
        """The first hop that is not passed, failed ones first; None where all are."""
        bad = [hop for hop in self.hops if hop.level is not Level.PASSED]
        return min(bad, key=lambda hop: SEVERITY.index(hop.level), default=None)


@dataclass(frozen=True, kw_only=True)
class PeeringPath:
    """All lanes of one peering, to the endpoint's `ports`."""

    lanes: tuple[Lane, ...]
    ports: tuple[int, ...]

    @property
    def level(self) -> Level:
        """The worst of its lanes."""
        return _worst(lane.level for lane in self.lanes)


def peering_path(standing: "Standing") -> PeeringPath:
    """The path of a peering as it stands."""
    return path_of(PeeringScene(standing.registered, standing.requester, standing.accepter, standing.profile))


def path_of(scene: PeeringScene) -> PeeringPath:
    """The path in what was seen of both sides."""
    walk = _Walk(scene)
    lanes: dict[tuple[Hop, ...], list[PathStart]] = {}
    for subnet in tuple(dict.fromkeys(scene.registered.accepter_subnets)) or ("",):
        lanes.setdefault(walk.hops(subnet), []).append(walk.start(subnet))
    return PeeringPath(
        lanes=tuple(
            Lane(hops=hops, subnets=tuple(start for start in starts if start.id)) for hops, starts in lanes.items()
        ),
        ports=walk.ports,
    )


def _worst(levels: Iterable[Level]) -> Level:
    return min(levels, key=SEVERITY.index, default=Level.UNKNOWN)


@dataclass(frozen=True)
class _Walk:
    """The hops of one scene; those behind the connection are the same for every subnet, but for the way back to it."""

    scene: PeeringScene

    @cached_property
    def ports(self) -> tuple[int, ...]:
        return self.scene.registered.ports or PRIVATE_PORTS

    @cached_property
    def balancer(self) -> LoadBalancerFact | None:
        held = self.scene.registered
        found = private_balancers(self.scene.requester.side, held.requester_vpc, held.security_group_ids)
        return next(iter(found or ()), None)

    @cached_property
    def balancer_subnets(self) -> tuple[str, ...]:
        """Where the private load balancer is, or may be."""
        own = self.balancer.subnets if self.balancer else ()
        return tuple(sorted(own)) or self.scene.registered.requester_subnets

    @cached_property
    def is_dual(self) -> bool:
        """Whether the endpoint has IPv6 addresses too."""
        return self.balancer is not None and self.balancer.address_type.startswith("dualstack")

    def hops(self, subnet: str) -> tuple[Hop, ...]:
        """The hops from one subnet, in the order in which packets pass them."""
        scene = self.scene
        here = self._blocks(scene.requester, self.balancer_subnets)
        there = self._blocks(scene.accepter, (subnet,))
        own = (subnet,) if subnet else ()
        out = Crossing(view=scene.accepter, enters=False, far=here, ports=self.ports)
        into = Crossing(view=scene.requester, enters=True, far=there, ports=self.ports)
        return (
            self._subnet_hop(subnet),
            _acl_hop("target-acl", _("Network ACL of the subnet"), gate_of(out, own)),
            _route_hop("route-out", _("Route out"), way_of(scene, scene.accepter, scene.requester, own)),
            self._connection,
            _acl_hop("byoc-acl", _("Network ACLs in the BYOC VPC"), gate_of(into, self.balancer_subnets)),
            self._group,
            self._endpoint,
            self._way_back,
        )

    def start(self, subnet: str) -> PathStart:
        """The subnet as the lane names it."""
        found = self._seen(self.scene.accepter, subnet)
        if found is None:
            return PathStart(id=subnet)
        return PathStart(id=subnet, name=tag_value(found.tags, "Name") or "", cidr=found.cidr)

    def _seen(self, view: View, subnet: str) -> SubnetFact | None:
        return view.network.subnet(subnet) if view.network is not None else None

    def _blocks(self, view: View, subnets: Iterable[str]) -> tuple[Block, ...]:
        """The ranges of the subnets; of the whole VPC where nobody saw one of them."""
        found = [self._seen(view, subnet) for subnet in subnets]
        texts = [one.cidr for one in found if one is not None and one.cidr]
        if not found or len(texts) < len(found):
            blocks = self.scene.ranges(view).blocks
            return blocks if self.is_dual else tuple(block for block in blocks if block.version == 4)
        if self.is_dual:
            texts += [range_.cidr for one in found if one is not None for range_ in one.ipv6_cidrs]
        return outermost(texts)

    def _subnet_hop(self, subnet: str) -> Hop:
        level, said = self._subnet_stands(subnet)
        reason = said % {"vpc": self.scene.accepter.vpc_id}
        return Hop(key="subnet", level=level, title=_("Target subnet"), detail="", reason=reason)

    def _subnet_stands(self, subnet: str) -> tuple[Level, str]:
        """How it stands, as a sentence with a blank for the VPC."""
        view, found = self.scene.accepter, self._seen(self.scene.accepter, subnet)
        if not subnet:
            return Level.UNKNOWN, _("No subnet of %(vpc)s is named or was seen. Name those that must reach it.")
        if view.network is None or view.network.subnets is None:
            return Level.UNKNOWN, view.unread("ec2:DescribeSubnets").replace("%", "%%")
        if found is None or found.vpc not in {"", view.vpc_id}:
            return Level.FAILED, _("This subnet was not found in %(vpc)s. Name one that is there.")
        return Level.PASSED, _("It is in %(vpc)s.")

    @cached_property
    def _connection(self) -> Hop:
        findings = (*check_connection(self.scene), *check_accepted(self.scene))
        return _judged("connection", _("Peering connection"), self.scene.registered.id, findings)

    @cached_property
    def _group(self) -> Hop:
        detail = ids(self.scene.registered.security_group_ids)
        return _judged("security-group", _("Security group"), detail, check_security_groups(self.scene))

    @cached_property
    def _endpoint(self) -> Hop:
        detail = self.balancer.name if self.balancer else ""
        hop = _judged("balancer", _("Private load balancer"), detail, check_private_load_balancer(self.scene))
        if hop.level is not Level.PASSED or self.balancer is None:
            return hop
        return replace(hop, reason=_("It is active in %(vpc)s.") % {"vpc": self.balancer.vpc})

    @cached_property
    def _way_back(self) -> Hop:
        scene = self.scene
        way = way_of(scene, scene.requester, scene.accepter, self.balancer_subnets)
        return _route_hop("route-back", _("Route back"), way)


def _judged(key: str, title: str, detail: str, findings: Iterable[Finding]) -> Hop:
    """A hop that a check of the steps judges already; of findings alike the last one says most."""
    every = tuple(findings)
    level = _worst(finding.level for finding in every)
    reason = next(
        finding.message for finding in (every[::-1] if level is Level.PASSED else every) if finding.level is level
    )
    return Hop(key=key, level=level, title=title, detail=detail, reason=reason)


def _acl_hop(key: str, title: str, gate: Gate) -> Hop:
    return Hop(key=key, level=gate.level, title=title, detail=gate.acls, reason=gate.reason)


def _route_hop(key: str, title: str, way: Way) -> Hop:
    return Hop(key=key, level=way.level, title=title, detail=way.tables, reason=way.reason)
