"""The map of one VPC: as a picture, and the same in words. Pure; networking/maps has its parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from networking.maps import words
from networking.maps.drawing import Drawing, drawing_of
from networking.maps.nodes import EndpointNode, Judged, SubnetNode, TableNode, ZoneNode, judged
from networking.maps.strokes import legend
from networking.maps.topology import Topology, topology
from networking.maps.ways_out import WayOut
from portal.aws.facts.networks import VpcNetwork
from portal.findings.shapes import Finding, Level


@dataclass(frozen=True, kw_only=True)
class MapRow:
    """One chosen subnet in words: where it lies, which table it follows, where that leads."""

    subnet: SubnetNode
    table: TableNode | None

    @property
    def cidr(self) -> str:
        """Its range; empty when it could not be read."""
        return self.subnet.fact.cidr if self.subnet.fact else ""

    @property
    def free(self) -> str:
        """Its free addresses, grouped; empty when unknown."""
        return words.free(self.subnet)

    @property
    def zone_note(self) -> str:
        """The account's name of its zone, and what kind it is if it is no availability zone."""
        return words.zone_note(self.subnet.zone)

    @property
    def following(self) -> str:
        """Which table it follows, and why."""
        return words.following(self.subnet)

    @property
    def table_id(self) -> str:
        """The id of that table; empty when nobody knows."""
        return self.table.fact.id if self.table and self.table.fact else ""

    @property
    def ways(self) -> tuple[WayOut, ...]:
        """Where the table leads."""
        return self.table.ways if self.table else ()

    @property
    def no_way(self) -> str:
        """Why it leads nowhere, or that nobody knows; for a row without ways."""
        return words.no_way() if self.table and self.table.fact else words.no_table()

    @property
    def s3(self) -> str:
        """Whether the table has the S3 gateway endpoint."""
        return words.s3_line(self.table) if self.table else ""

    @property
    def level(self) -> Level:
        """The worst of what is said of the subnet and of its table."""
        levels = {self.subnet.judged.level, self.table.judged.level if self.table else None}
        order = (Level.FAILED, Level.UNKNOWN, Level.WARNING, Level.PASSED)
        return next((level for level in order if level in levels), Level.UNKNOWN)

    @property
    def judged(self) -> Judged:
        """What is not fine with it or its table."""
        return judged([*self.subnet.judged.findings, *(self.table.judged.findings if self.table else ())])

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of that, the worst first."""
        return self.judged.codes


@dataclass(frozen=True, kw_only=True)
class VpcMap:
    """What templates/networking/_vpc_map.html shows."""

    topology: Topology

    @cached_property
    def drawing(self) -> Drawing:
        """The picture."""
        return drawing_of(self.topology)

    @property
    def network(self) -> VpcNetwork:
        """The facts."""
        return self.topology.network

    @property
    def rows(self) -> tuple[MapRow, ...]:
        """The chosen subnets in words, zone by zone."""
        return tuple(MapRow(subnet=one, table=self.topology.table(one.table)) for one in self.topology.subnets)

    @property
    def messages(self) -> tuple[str, ...]:
        """What is marked on the map, in sentences, the worst first."""
        rows = (finding for row in self.rows for finding in row.judged.findings)
        return judged([*self.topology.judged.findings, *self.endpoint.judged.findings, *rows]).messages

    @property
    def others(self) -> tuple[tuple[ZoneNode, str, str], ...]:
        """(Zone, note, count in words) of the zones with subnets that were not chosen."""
        zones = (zone for zone in self.topology.zones if zone.others)
        return tuple((zone, words.zone_note(zone.zone), words.subnets(zone.others)) for zone in zones)

    @property
    def endpoint(self) -> EndpointNode:
        """The S3 gateway endpoint."""
        return self.topology.endpoint

    @property
    def endpoint_text(self) -> str:
        """What stands in the place of the S3 gateway endpoint."""
        return words.endpoint_kind(self.endpoint) or words.endpoint_name(self.endpoint)

    @property
    def summary(self) -> str:
        """The picture in a sentence."""
        return words.summary(self.network, self.topology.subnets, self.topology.tables)

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """(Class, words) of each kind of line."""
        return legend()


def vpc_map(network: VpcNetwork, subnet_ids: Sequence[str], findings: Iterable[Finding]) -> VpcMap:
    """The map of `network`'s VPC with the chosen subnets, marked with what `findings` say, in the reader's language."""
    return VpcMap(topology=topology(network, subnet_ids, findings))
