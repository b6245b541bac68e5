"""Network ACLs, as `ec2:DescribeNetworkAcls` lists them."""

from dataclasses import dataclass
from typing import Self

from portal.aws.facts.shapes import Document, Fact, Tag, flag, inner, number, required, several, tags, text


@dataclass(frozen=True, kw_only=True)
class AclEntryFact(Fact):
    """One entry; the lowest `number` that matches decides. `protocol` is a number as text, `-1` for all.

    `action`: allow, deny. Ports are None where the entry is for all of them. `egress` is None when AWS did
    not say.
    """

    number: int | None = None
    egress: bool | None = None
    action: str = ""
    protocol: str = ""
    cidr: str = ""
    ipv6_cidr: str = ""
    from_port: int | None = None
    to_port: int | None = None

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `Entries`."""
        ports = inner(document, "PortRange")
        return cls(
            number=number(document, "RuleNumber"),
            egress=flag(document, "Egress"),
            action=text(document, "RuleAction"),
            protocol=text(document, "Protocol"),
            cidr=text(document, "CidrBlock"),
            ipv6_cidr=text(document, "Ipv6CidrBlock"),
            from_port=number(ports, "From"),
            to_port=number(ports, "To"),
        )


@dataclass(frozen=True, kw_only=True)
class NetworkAclFact(Fact):
    """One network ACL, the subnets under it, and its entries as AWS lists them."""

    id: str
    vpc: str = ""
    is_default: bool | None = None
    subnets: tuple[str, ...] = ()
    entries: tuple[AclEntryFact, ...] = ()
    tags: tuple[Tag, ...] = ()

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `NetworkAcls`. Raises `IncompleteAnswerError` without an id."""
        return cls(
            id=required(document, "NetworkAclId"),
            vpc=text(document, "VpcId"),
            is_default=flag(document, "IsDefault"),
            subnets=several(document, "Associations", lambda entry: text(entry, "SubnetId")),
            entries=several(document, "Entries", AclEntryFact.from_aws),
            tags=tags(document),
        )
