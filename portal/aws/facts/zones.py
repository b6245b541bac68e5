"""Availability zones, as `ec2:DescribeAvailabilityZones` lists them."""

from dataclasses import dataclass
from typing import Self

from portal.aws.facts.shapes import Document, Fact, required, text


@dataclass(frozen=True, kw_only=True)
class ZoneFact(Fact):
    """`name` (`us-east-1a`) belongs to one account, `id` (`use1-az1`) is the same place in every account.

    `type`: availability-zone, local-zone, wavelength-zone. `state`: available, information, impaired,
    unavailable, constrained. `group` is the zone group, `opt_in_status` as for regions.
    """

    name: str
    id: str
    region: str = ""
    type: str = ""
    state: str = ""
    group: str = ""
    opt_in_status: str = ""

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `AvailabilityZones`. Raises `IncompleteAnswerError` without name or id."""
        return cls(
            name=required(document, "ZoneName"),
            id=required(document, "ZoneId"),
            region=text(document, "RegionName"),
            type=text(document, "ZoneType"),
            state=text(document, "State"),
            group=text(document, "GroupName"),
            opt_in_status=text(document, "OptInStatus"),
        )
