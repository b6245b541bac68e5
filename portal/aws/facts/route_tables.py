"""Route tables, as `ec2:DescribeRouteTables` lists them."""

from dataclasses import dataclass
from typing import Self

from portal.aws.facts.shapes import Document, Fact, Tag, flag, inner, required, several, tags, text

#: Where a route can lead, by the key that AWS uses, most telling first. `GatewayId` covers igw-, vgw-, vpce-
#: and `local`.
_TARGETS = (
    "NatGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "EgressOnlyInternetGatewayId",
    "LocalGatewayId",
    "CarrierGatewayId",
    "CoreNetworkArn",
    "OdbNetworkArn",
    "GatewayId",
    "NetworkInterfaceId",
    "InstanceId",
)
_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


@dataclass(frozen=True, kw_only=True)
class RouteFact(Fact):
    """One route: `destination` is a range (v4, v6) or a prefix list, `target` the id it leads to, `local`
    inside the VPC.

    `state`: active, blackhole, filtered. `origin`: CreateRouteTable, CreateRoute, EnableVgwRoutePropagation,
    Advertisement.
    """

    destination: str = ""
    target: str = ""
    state: str = ""
    origin: str = ""

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `Routes`."""
        return cls(
            destination=_first(document, _DESTINATIONS),
            target=_first(document, _TARGETS),
            state=text(document, "State"),
            origin=text(document, "Origin"),
        )


def _first(document: Document, keys: tuple[str, ...]) -> str:
    return next((text(document, key) for key in keys if document.get(key)), "")


@dataclass(frozen=True, kw_only=True)
class RouteTableAssociationFact(Fact):
    """What a table applies to: a subnet, a gateway, or with `main` everything without a table of its own.

    `state`: associating, associated, disassociating, disassociated, failed; empty when AWS did not say.
    """

    id: str = ""
    main: bool = False
    subnet: str = ""
    gateway: str = ""
    state: str = ""

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `Associations`."""
        return cls(
            id=text(document, "RouteTableAssociationId"),
            main=flag(document, "Main") or False,
            subnet=text(document, "SubnetId"),
            gateway=text(document, "GatewayId"),
            state=text(inner(document, "AssociationState"), "State"),
        )


@dataclass(frozen=True, kw_only=True)
class RouteTableFact(Fact):
    """One route table with its associations, routes and the virtual private gateways that propagate into it."""

    id: str
    vpc: str = ""
    associations: tuple[RouteTableAssociationFact, ...] = ()
    routes: tuple[RouteFact, ...] = ()
    propagating: tuple[str, ...] = ()
    owner: str = ""
    tags: tuple[Tag, ...] = ()

    @property
    def is_main(self) -> bool:
        """Whether subnets without a table of their own use this one."""
        return any(association.main for association in self.associations)

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `RouteTables`. Raises `IncompleteAnswerError` without an id."""
        return cls(
            id=required(document, "RouteTableId"),
            vpc=text(document, "VpcId"),
            associations=several(document, "Associations", RouteTableAssociationFact.from_aws),
            routes=several(document, "Routes", RouteFact.from_aws),
            propagating=several(document, "PropagatingVgws", lambda gateway: text(gateway, "GatewayId")),
            owner=text(document, "OwnerId"),
            tags=tags(document),
        )
