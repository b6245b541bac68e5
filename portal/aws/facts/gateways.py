"""NAT gateways, internet gateways and Elastic IP addresses."""

from dataclasses import dataclass
from typing import Self

from portal.aws.facts.shapes import Document, Fact, Tag, required, several, tags, text


@dataclass(frozen=True, kw_only=True)
class NatGatewayFact(Fact):
    """One entry of `ec2:DescribeNatGateways`. `state`: pending, failed, available, deleting, deleted."""

    id: str
    vpc: str = ""
    subnet: str = ""
    state: str = ""
    connectivity: str = ""
    availability: str = ""
    failure_code: str = ""
    failure_message: str = ""
    public_ips: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `NatGateways`. Raises `IncompleteAnswerError` without an id."""
        addresses = several(document, "NatGatewayAddresses", lambda address: text(address, "PublicIp"))
        return cls(
            id=required(document, "NatGatewayId"),
            vpc=text(document, "VpcId"),
            subnet=text(document, "SubnetId"),
            state=text(document, "State"),
            connectivity=text(document, "ConnectivityType"),
            availability=text(document, "AvailabilityMode"),
            failure_code=text(document, "FailureCode"),
            failure_message=text(document, "FailureMessage"),
            public_ips=tuple(address for address in addresses if address),
            tags=tags(document),
        )


@dataclass(frozen=True, kw_only=True)
class AttachmentFact(Fact):
    """The VPC an internet gateway hangs on. `state`: attaching, attached, detaching, detached, available."""

    vpc: str
    state: str = ""

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `Attachments`. Raises `IncompleteAnswerError` without a VPC."""
        return cls(vpc=required(document, "VpcId"), state=text(document, "State"))


@dataclass(frozen=True, kw_only=True)
class InternetGatewayFact(Fact):
    """One entry of `ec2:DescribeInternetGateways`."""

    id: str
    attachments: tuple[AttachmentFact, ...] = ()
    owner: str = ""
    tags: tuple[Tag, ...] = ()

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `InternetGateways`. Raises `IncompleteAnswerError` without an id."""
        return cls(
            id=required(document, "InternetGatewayId"),
            attachments=several(document, "Attachments", AttachmentFact.from_aws),
            owner=text(document, "OwnerId"),
            tags=tags(document),
        )


@dataclass(frozen=True, kw_only=True)
class AddressFact(Fact):
    """One entry of `ec2:DescribeAddresses`: an Elastic IP address and what uses it."""

    allocation_id: str
    public_ip: str = ""
    association_id: str = ""
    network_interface: str = ""
    tags: tuple[Tag, ...] = ()

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `Addresses`. Raises `IncompleteAnswerError` without an allocation."""
        return cls(
            allocation_id=required(document, "AllocationId"),
            public_ip=text(document, "PublicIp"),
            association_id=text(document, "AssociationId"),
            network_interface=text(document, "NetworkInterfaceId"),
            tags=tags(document),
        )
