"""Subnets, as `ec2:DescribeSubnets` lists them."""

from dataclasses import dataclass
from typing import Self

from portal.aws.facts.shapes import Document, Fact, Tag, flag, number, required, several, tags, text
from portal.aws.facts.vpcs import CidrFact


@dataclass(frozen=True, kw_only=True)
class SubnetFact(Fact):
    """`state`: pending, available, unavailable, failed, failed-insufficient-capacity. `free` counts IPv4
    addresses.

    Tags of a subnet shared through RAM are those of the account that looked.
    """

    id: str
    vpc: str = ""
    cidr: str = ""
    ipv6_cidrs: tuple[CidrFact, ...] = ()
    zone_name: str = ""
    zone_id: str = ""
    state: str = ""
    free: int | None = None
    owner: str = ""
    maps_public_ip: bool | None = None
    tags: tuple[Tag, ...] = ()

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `Subnets`. Raises `IncompleteAnswerError` without an id."""
        return cls(
            id=required(document, "SubnetId"),
            vpc=text(document, "VpcId"),
            cidr=text(document, "CidrBlock"),
            ipv6_cidrs=several(document, "Ipv6CidrBlockAssociationSet", CidrFact.from_ipv6),
            zone_name=text(document, "AvailabilityZone"),
            zone_id=text(document, "AvailabilityZoneId"),
            state=text(document, "State"),
            free=number(document, "AvailableIpAddressCount"),
            owner=text(document, "OwnerId"),
            maps_public_ip=flag(document, "MapPublicIpOnLaunch"),
            tags=tags(document),
        )
