"""From the facts and findings of one VPC to what its map shows. Pure.

A level comes from the findings alone and a line from the facts alone, so the picture says the same as the list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from networking.maps.nodes import EndpointNode, Judged, Link, SubnetNode, TableNode, Zone, ZoneNode, judged, name_of
from networking.maps.ways_out import is_s3_gateway, ways_out
from networking.routing import Followed, Routing
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.subnets import SubnetFact
from portal.findings.shapes import Finding, Level

#: Keys of tables that nobody can name.
UNREAD, CHANGING, ABSENT = "unread", "changing", "absent"
#: Codes about a subnet that its route table is the cause of.
OF_ROUTES = frozenset({"subnets.private", "subnets.egress"})


@dataclass(frozen=True, kw_only=True)
class Topology:
    """Everything on the map, each thing once."""

    network: VpcNetwork
    judged: Judged
    zones: tuple[ZoneNode, ...]
    outside: tuple[SubnetNode, ...]
    tables: tuple[TableNode, ...]
    endpoint: EndpointNode
    said: Mapping[str, Judged]

    @property
    def subnets(self) -> tuple[SubnetNode, ...]:
        """Every chosen subnet, zone by zone; those of other VPCs last."""
        return (*(subnet for zone in self.zones for subnet in zone.subnets), *self.outside)

    def table(self, key: str) -> TableNode | None:
        """The table of that key."""
        return next((table for table in self.tables if table.key == key), None)


def topology(network: VpcNetwork, subnet_ids: Sequence[str], findings: Iterable[Finding]) -> Topology:
    """What the map of one VPC with the chosen subnets shows; an id chosen twice is shown once."""
    return _Survey(network, tuple(dict.fromkeys(subnet_ids)), tuple(findings)).topology()


@dataclass(frozen=True)
class _Survey:
    network: VpcNetwork
    chosen: tuple[str, ...]
    findings: tuple[Finding, ...]

    def topology(self) -> Topology:
        nodes = [self._subnet(subnet_id) for subnet_id in self.chosen]
        zones = self._zones([node for node in nodes if not node.outside])
        ordered = [node for zone in zones for node in zone.subnets]
        return Topology(
            network=self.network,
            judged=judged(one for one in self.findings if one.code.startswith("vpc.")),
            zones=zones,
            outside=tuple(node for node in nodes if node.outside),
            tables=self._tables(ordered),
            endpoint=self._endpoint(),
            said={resource: judged(said) for resource, said in self._said.items()},
        )

    @cached_property
    def _routing(self) -> Routing:
        return Routing.of(self.network)

    @cached_property
    def _facts(self) -> Mapping[str, SubnetFact]:
        return {fact.id: fact for fact in self.network.subnets or ()}

    @cached_property
    def _said(self) -> Mapping[str, list[Finding]]:
        """Resource → the findings that name it."""
        said: dict[str, list[Finding]] = {}
        for finding in self.findings:
            for resource in dict.fromkeys(finding.resources):
                said.setdefault(resource, []).append(finding)
        return said

    def _here(self, fact: SubnetFact) -> bool:
        return fact.vpc in {"", self.network.vpc_id}

    def _subnet(self, subnet_id: str) -> SubnetNode:
        fact = self._facts.get(subnet_id)
        inside = fact is not None and self._here(fact)
        followed = self._routing.followed(subnet_id) if inside else Followed(None)
        if fact is not None and followed.inherited and fact.vpc != self.network.vpc_id:
            followed = Followed(None)  # the main table counts only where the subnet is known to be in this VPC
        return SubnetNode(
            id=subnet_id,
            fact=fact,
            zone=self._zone(fact),
            judged=self._of_subnet(subnet_id),
            table=self._key(followed) if inside else "",
            inherited=followed.inherited and followed.table is not None,
            outside=fact is not None and not inside,
        )

    def _key(self, followed: Followed) -> str:
        if followed.table is not None:
            return followed.table.id
        if self._routing.tables is None:
            return UNREAD
        return CHANGING if followed.changing else ABSENT

    def _zone(self, fact: SubnetFact | None) -> Zone:
        if fact is None:
            return Zone(id="")
        for zone in self.network.zones or ():
            if zone.id == fact.zone_id or (not fact.zone_id and zone.name == fact.zone_name):
                return Zone(id=zone.id, name=zone.name, type=zone.type)
        return Zone(id=fact.zone_id, name=fact.zone_name)

    def _zones(self, nodes: Sequence[SubnetNode]) -> tuple[ZoneNode, ...]:
        others: dict[Zone, int] = {}
        for fact in self._facts.values():
            if self._here(fact) and fact.id not in self.chosen:
                zone = self._zone(fact)
                others[zone] = others.get(zone, 0) + 1
        zones = sorted({node.zone for node in nodes} | others.keys(), key=lambda zone: (not zone.id, zone))
        return tuple(
            ZoneNode(zone=zone, subnets=tuple(n for n in nodes if n.zone == zone), others=others.get(zone, 0))
            for zone in zones
        )

    def _of_subnet(self, subnet_id: str) -> Judged:
        """What names it; and what could not be looked at and names nothing, which concerns every subnet."""
        blind = (one for one in self.findings if one.level is Level.UNKNOWN and not one.resources)
        return self._judged([*self._said.get(subnet_id, ()), *(one for one in blind if one.code in self._of_subnets)])

    @cached_property
    def _of_subnets(self) -> frozenset[str]:
        codes = {one.code for one in self.findings}
        return frozenset(code for code in codes if code.startswith("subnets.") or code == "s3-endpoint.routes")

    def _judged(self, said: Iterable[Finding]) -> Judged:
        """The level of what is said. Codes name what is not fine, so silence means *passed* once rules were judged."""
        found = judged(said)
        if found.level is None:
            return Judged(level=Level.PASSED if self.findings else Level.UNKNOWN)
        return found

    def _tables(self, nodes: Sequence[SubnetNode]) -> tuple[TableNode, ...]:
        facts = {table.id: table for table in self.network.route_tables or ()}
        keys = dict.fromkeys(node.table for node in nodes if node.table)
        return tuple(self._table(key, facts.get(key), [node for node in nodes if node.table == key]) for key in keys)

    def _table(self, key: str, fact: RouteTableFact | None, followers: Sequence[SubnetNode]) -> TableNode:
        inherited = sum(node.inherited for node in followers)
        of_routes = [one for node in followers for one in self._said.get(node.id, ()) if one.code in OF_ROUTES]
        said = [*self._said.get(key, ()), *of_routes]
        return TableNode(
            key=key,
            fact=fact,
            judged=self._judged(said) if fact else Judged(level=Level.UNKNOWN),
            ways=ways_out(fact) if fact else (),
            s3=self._s3(fact),
            explicit=len(followers) - inherited,
            inherited=inherited,
        )

    def _s3(self, fact: RouteTableFact | None) -> Link:
        if fact is None or self.network.endpoints is None:
            return Link.UNKNOWN
        return Link.THERE if fact.id in self._attached else Link.MISSING

    @cached_property
    def _attached(self) -> frozenset[str]:
        gateways = (one for one in self.network.endpoints or () if is_s3_gateway(one, self.network))
        return frozenset(table for one in gateways if one.state == "available" for table in one.route_tables)

    def _endpoint(self) -> EndpointNode:
        here = [one for one in self.network.endpoints or () if is_s3_gateway(one, self.network)]
        ready = [one for one in here if one.state == "available"]
        return EndpointNode(
            ids=tuple(one.id for one in ready),
            name=next((name_of(one.tags) for one in ready or here), ""),
            judged=judged(one for one in self.findings if one.code == "s3-endpoint.present"),
            read=self.network.endpoints is not None,
            waiting=tuple(f"{one.id}: {one.state or '?'}" for one in here if one.state != "available"),
        )
