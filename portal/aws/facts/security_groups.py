"""Security groups, as `ec2:DescribeSecurityGroups` lists them."""

from dataclasses import dataclass
from typing import Self

from portal.aws.facts.shapes import Document, Fact, Tag, number, required, several, tags, text


@dataclass(frozen=True, kw_only=True)
class PermissionFact(Fact):
    """One rule. `protocol`: tcp, udp, icmp, a number, or `-1` for all; ports are None where they do not
    apply. `notes` are the descriptions of its ranges, where they have one: the range is the key.
    """

    protocol: str
    from_port: int | None = None
    to_port: int | None = None
    cidrs: tuple[str, ...] = ()
    ipv6_cidrs: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    prefix_lists: tuple[str, ...] = ()
    notes: tuple[Tag, ...] = ()

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `IpPermissions` or `IpPermissionsEgress`."""
        return cls(
            protocol=text(document, "IpProtocol"),
            from_port=number(document, "FromPort"),
            to_port=number(document, "ToPort"),
            cidrs=several(document, "IpRanges", lambda entry: text(entry, "CidrIp")),
            ipv6_cidrs=several(document, "Ipv6Ranges", lambda entry: text(entry, "CidrIpv6")),
            groups=several(document, "UserIdGroupPairs", lambda entry: text(entry, "GroupId")),
            prefix_lists=several(document, "PrefixListIds", lambda entry: text(entry, "PrefixListId")),
            notes=(*_notes(document, "IpRanges", "CidrIp"), *_notes(document, "Ipv6Ranges", "CidrIpv6")),
        )


def _notes(document: Document, key: str, range_key: str) -> tuple[Tag, ...]:
    """The ranges with a description; the rule's range is the tag's key."""
    described = (
        Tag(key=text(entry, range_key), value=text(entry, "Description"))
        for entry in document.get(key) or ()
        if entry.get("Description")
    )
    return tuple(described)


@dataclass(frozen=True, kw_only=True)
class SecurityGroupFact(Fact):
    """One security group with its rules in both directions."""

    id: str
    name: str = ""
    vpc: str = ""
    owner: str = ""
    inbound: tuple[PermissionFact, ...] = ()
    outbound: tuple[PermissionFact, ...] = ()
    tags: tuple[Tag, ...] = ()

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `SecurityGroups`. Raises `IncompleteAnswerError` without an id."""
        return cls(
            id=required(document, "GroupId"),
            name=text(document, "GroupName"),
            vpc=text(document, "VpcId"),
            owner=text(document, "OwnerId"),
            inbound=several(document, "IpPermissions", PermissionFact.from_aws),
            outbound=several(document, "IpPermissionsEgress", PermissionFact.from_aws),
            tags=tags(document),
        )
