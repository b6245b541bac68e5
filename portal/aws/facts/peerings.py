"""VPC peering connections, as `ec2:DescribeVpcPeeringConnections` lists them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from portal.aws.facts.shapes import Document, Fact, Tag, flag, inner, moment, required, several, tags, text


@dataclass(frozen=True, kw_only=True)
class PeeringSideFact(Fact):
    """One side. AWS lists the ranges of both sides only once the connection is active; `cidr` may be empty
    before.
    """

    vpc: str = ""
    owner: str = ""
    region: str = ""
    cidr: str = ""
    cidrs: tuple[str, ...] = ()
    ipv6_cidrs: tuple[str, ...] = ()
    resolves_dns: bool | None = None

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """`RequesterVpcInfo` or `AccepterVpcInfo`."""
        return cls(
            vpc=text(document, "VpcId"),
            owner=text(document, "OwnerId"),
            region=text(document, "Region"),
            cidr=text(document, "CidrBlock"),
            cidrs=several(document, "CidrBlockSet", lambda block: text(block, "CidrBlock")),
            ipv6_cidrs=several(document, "Ipv6CidrBlockSet", lambda block: text(block, "Ipv6CidrBlock")),
            resolves_dns=flag(inner(document, "PeeringOptions"), "AllowDnsResolutionFromRemoteVpc"),
        )


@dataclass(frozen=True, kw_only=True)
class PeeringFact(Fact):
    """`status`: initiating-request, pending-acceptance, provisioning, active, rejected, expired, failed,
    deleting, deleted.
    """

    id: str
    status: str = ""
    message: str = ""
    requester: PeeringSideFact = PeeringSideFact()
    accepter: PeeringSideFact = PeeringSideFact()
    expires_at: datetime | None = None
    tags: tuple[Tag, ...] = ()

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `VpcPeeringConnections`. Raises `IncompleteAnswerError` without an id."""
        return cls(
            id=required(document, "VpcPeeringConnectionId"),
            status=text(inner(document, "Status"), "Code"),
            message=text(inner(document, "Status"), "Message"),
            requester=PeeringSideFact.from_aws(inner(document, "RequesterVpcInfo")),
            accepter=PeeringSideFact.from_aws(inner(document, "AccepterVpcInfo")),
            expires_at=moment(document, "ExpirationTime"),
            tags=tags(document),
        )
