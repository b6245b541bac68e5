"""What stands on the map of a VPC, without any geometry. Pure values."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from networking.maps.ways_out import WayOut
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.shapes import Tag, tag_value
from portal.aws.facts.subnets import SubnetFact
from portal.findings.shapes import SEVERITY, Finding, Level, verdict


class Link(StrEnum):
    """How sure a line is: it is there, it should be there, or nobody could look."""

    THERE = "there"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The worst level of what is said of a thing, and what was said beside *passed*, the worst first.

    `level` is None where no rule speaks of such a thing.
    """

    level: Level | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that are not fine, each once."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))

    @property
    def messages(self) -> tuple[str, ...]:
        """What is not fine, in sentences."""
        return tuple(dict.fromkeys(finding.message for finding in self.findings))

    @property
    def word(self) -> str:
        """The level in the reader's language."""
        words = {
            Level.PASSED: _("passed"),
            Level.WARNING: _("warning"),
            Level.FAILED: _("failed"),
            Level.UNKNOWN: _("unknown"),
        }
        return words[self.level] if self.level else ""


def judged(findings: Iterable[Finding]) -> Judged:
    """The level over `findings`; None when there are none."""
    said = tuple(dict.fromkeys(findings))
    bad = [finding for finding in said if finding.level is not Level.PASSED]
    bad.sort(key=lambda finding: SEVERITY.index(finding.level))
    return Judged(level=verdict(said) if said else None, findings=tuple(bad))


@dataclass(frozen=True, kw_only=True, order=True)
class Zone:
    """`id` (`use1-az1`) is the same place in every account, `name` (`us-east-1a`) this account's word for it."""

    id: str
    name: str = ""
    type: str = ""

    @property
    def label(self) -> str:
        """What the column is called."""
        return self.id or self.name or _("Zone unknown")


@dataclass(frozen=True, kw_only=True)
class SubnetNode:
    """A chosen subnet. `fact` is None when it was not found or could not be read, `table` is a table's key.

    `inherited`: it follows the main table for want of one of its own. `outside`: it lies in another VPC.
    """

    id: str
    fact: SubnetFact | None
    zone: Zone
    judged: Judged
    table: str = ""
    inherited: bool = False
    outside: bool = False

    @property
    def name(self) -> str:
        """Its tag `Name`."""
        return name_of(self.fact.tags) if self.fact else ""


@dataclass(frozen=True, kw_only=True)
class ZoneNode:
    """A zone with the chosen subnets in it and how many others the VPC has there."""

    zone: Zone
    subnets: tuple[SubnetNode, ...] = ()
    others: int = 0


@dataclass(frozen=True, kw_only=True)
class TableNode:
    """A route table that chosen subnets follow; `fact` is None for what could not be read.

    `s3` is its line to the S3 gateway endpoint, `explicit` and `inherited` count the chosen subnets that follow it.
    `count` is more than one for tables that are drawn as one.
    """

    key: str
    fact: RouteTableFact | None
    judged: Judged
    ways: tuple[WayOut, ...] = ()
    s3: Link = Link.UNKNOWN
    explicit: int = 0
    inherited: int = 0
    count: int = 1

    @property
    def name(self) -> str:
        """Its tag `Name`."""
        return name_of(self.fact.tags) if self.fact else ""

    @property
    def s3_messages(self) -> tuple[str, ...]:
        """What is said of its line to the S3 endpoint."""
        return tuple(one.message for one in self.judged.findings if one.code.startswith("s3-endpoint."))


@dataclass(frozen=True, kw_only=True)
class EndpointNode:
    """The S3 gateway endpoint. `ids` are those that are available, `waiting` those that are not (id and state);
    `read` is whether anybody could look.
    """

    ids: tuple[str, ...]
    name: str
    judged: Judged
    read: bool = True
    waiting: tuple[str, ...] = ()


def name_of(tags: tuple[Tag, ...]) -> str:
    """What people call a thing: its tag `Name`; empty when there is none."""
    return tag_value(tags, "Name") or ""
