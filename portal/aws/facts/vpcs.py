"""VPCs, as `ec2:DescribeVpcs` lists them, and their two DNS attributes."""

from dataclasses import dataclass, replace
from typing import Self

from portal.aws.facts.shapes import Document, Fact, Tag, flag, inner, required, several, tags, text

#: A range in these states is not, or no longer, one of the VPC.
_GONE = frozenset({"disassociated", "failing", "failed"})


@dataclass(frozen=True, kw_only=True)
class CidrFact(Fact):
    """A range of a VPC or subnet. `state`: associating, associated, disassociating, disassociated, failing,
    failed.
    """

    cidr: str
    state: str = ""
    association_id: str = ""
    status_message: str = ""

    @classmethod
    def from_ipv4(cls, document: Document) -> Self:
        """One entry of `CidrBlockAssociationSet`."""
        return cls._made(document, cidr="CidrBlock", state="CidrBlockState")

    @classmethod
    def from_ipv6(cls, document: Document) -> Self:
        """One entry of `Ipv6CidrBlockAssociationSet`."""
        return cls._made(document, cidr="Ipv6CidrBlock", state="Ipv6CidrBlockState")

    @classmethod
    def _made(cls, document: Document, *, cidr: str, state: str) -> Self:
        return cls(
            cidr=required(document, cidr),
            state=text(inner(document, state), "State"),
            association_id=text(document, "AssociationId"),
            status_message=text(inner(document, state), "StatusMessage"),
        )


@dataclass(frozen=True, kw_only=True)
class VpcFact(Fact):
    """`cidr` is the primary range; `cidrs` and `ipv6_cidrs` hold every association whatever its state.

    The DNS flags are None until `with_dns` brought them: they come from another call.
    """

    id: str
    cidr: str = ""
    cidrs: tuple[CidrFact, ...] = ()
    ipv6_cidrs: tuple[CidrFact, ...] = ()
    owner: str = ""
    state: str = ""
    is_default: bool | None = None
    tenancy: str = ""
    dns_support: bool | None = None
    dns_hostnames: bool | None = None
    tags: tuple[Tag, ...] = ()

    @property
    def ranges(self) -> tuple[str, ...]:
        """Every range that it has or is getting or losing, both families, each once; the primary one first.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcCidrBlockState.html
        """
        kept = (one.cidr for one in (*self.cidrs, *self.ipv6_cidrs) if one.state not in _GONE)
        return tuple(dict.fromkeys(text for text in (self.cidr, *kept) if text))

    @property
    def associated_cidrs(self) -> tuple[str, ...]:
        """The IPv4 ranges in use now or soon; the primary one when AWS listed no associations."""
        used = tuple(cidr.cidr for cidr in self.cidrs if cidr.state in {"associated", "associating", "disassociating"})
        return used or ((self.cidr,) if self.cidr and not self.cidrs else ())

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `Vpcs`. Raises `IncompleteAnswerError` without an id."""
        return cls(
            id=required(document, "VpcId"),
            cidr=text(document, "CidrBlock"),
            cidrs=several(document, "CidrBlockAssociationSet", CidrFact.from_ipv4),
            ipv6_cidrs=several(document, "Ipv6CidrBlockAssociationSet", CidrFact.from_ipv6),
            owner=text(document, "OwnerId"),
            state=text(document, "State"),
            is_default=flag(document, "IsDefault"),
            tenancy=text(document, "InstanceTenancy"),
            tags=tags(document),
        )

    def with_dns(self, *, support: Document | None = None, hostnames: Document | None = None) -> Self:
        """This VPC with what `ec2:DescribeVpcAttribute` answered for one attribute or the other."""
        return replace(
            self,
            dns_support=flag(inner(support or {}, "EnableDnsSupport"), "Value"),
            dns_hostnames=flag(inner(hostnames or {}, "EnableDnsHostnames"), "Value"),
        )
