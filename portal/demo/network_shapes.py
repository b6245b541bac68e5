"""VPCs and what is in them, as the console stand-in shows them, read from EC2's descriptions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Vpc:
    """One VPC; the primary block first."""

    id: str
    name: str
    state: str
    cidrs: tuple[str, ...]
    is_default: bool

    @property
    def title(self) -> str:
        """As the console's choices show it."""
        return f"{self.id} / {self.name}" if self.name else self.id


@dataclass(frozen=True)
class Subnet:
    """One subnet with the route table that is in force for it, its own or the VPC's main one."""

    id: str
    name: str
    cidr: str
    zone: str
    table_id: str
    explicit: bool


@dataclass(frozen=True)
class Route:
    """One route. `is_fixed`: the console offers no removal, as for the local one."""

    destination: str
    target: str
    state: str
    is_fixed: bool


@dataclass(frozen=True)
class Table:
    """A route table; `subnet_ids` are its explicit associations."""

    id: str
    name: str
    vpc_id: str
    is_main: bool
    subnet_ids: tuple[str, ...]
    routes: tuple[Route, ...]


@dataclass(frozen=True)
class Side:
    """One side of a peering connection. AWS shows the accepter's blocks only once the connection is active."""

    account_id: str
    region: str
    vpc_id: str
    cidrs: tuple[str, ...]


@dataclass(frozen=True)
class Connection:
    """A peering connection as this account and region see it. `expires` is set while it waits to be accepted."""

    id: str
    name: str
    status: str
    message: str
    requester: Side
    accepter: Side
    expires: datetime | None

    @property
    def is_pending(self) -> bool:
        """Whether it waits to be accepted."""
        return self.status == "pending-acceptance"

    @property
    def is_open(self) -> bool:
        """Whether a route may be led to it."""
        return self.status in {"initiating-request", "pending-acceptance", "provisioning", "active"}

    def asked_here(self, account_id: str, region: str) -> bool:
        """Whether the requester's side is there."""
        return (self.requester.account_id, self.requester.region) == (account_id, region)

    def answered_here(self, account_id: str, region: str) -> bool:
        """Whether the accepter's side is there."""
        return (self.accepter.account_id, self.accepter.region) == (account_id, region)


@dataclass(frozen=True)
class Rule:
    """One rule of a security group; `peer` is a source or a destination."""

    protocol: str
    ports: str
    peer: str
    description: str


@dataclass(frozen=True)
class Group:
    """A security group."""

    id: str
    name: str
    description: str
    vpc_id: str
    inbound: tuple[Rule, ...]
    outbound: tuple[Rule, ...]


def name_of(resource: Mapping[str, Any]) -> str:
    """The tag Name, or nothing."""
    return next((str(tag["Value"]) for tag in resource.get("Tags", ()) if tag["Key"] == "Name"), "")


def vpc_of(found: Mapping[str, Any]) -> Vpc:
    """A VPC of DescribeVpcs."""
    blocks = [one["CidrBlock"] for one in found.get("CidrBlockAssociationSet", ()) if _associated(one)]
    blocks += [one["Ipv6CidrBlock"] for one in found.get("Ipv6CidrBlockAssociationSet", ()) if _associated(one, "Ipv6")]
    ordered = dict.fromkeys([found["CidrBlock"], *blocks])
    return Vpc(found["VpcId"], name_of(found), found["State"], tuple(ordered), bool(found.get("IsDefault")))


def _associated(found: Mapping[str, Any], family: str = "") -> bool:
    return bool(found[f"{family}CidrBlockState"]["State"] == "associated")


def subnet_of(found: Mapping[str, Any], own: Mapping[str, str], main: str) -> Subnet:
    """A subnet of DescribeSubnets; `own` maps subnets to their own tables, `main` is the VPC's main one."""
    subnet_id = found["SubnetId"]
    zone = f"{found['AvailabilityZone']} ({found['AvailabilityZoneId']})"
    return Subnet(
        subnet_id, name_of(found), found["CidrBlock"], zone, own.get(subnet_id, main), explicit=subnet_id in own
    )


def table_of(found: Mapping[str, Any]) -> Table:
    """A table of DescribeRouteTables."""
    links = found.get("Associations", ())
    return Table(
        id=found["RouteTableId"],
        name=name_of(found),
        vpc_id=found["VpcId"],
        is_main=any(link.get("Main") for link in links),
        subnet_ids=tuple(link["SubnetId"] for link in links if link.get("SubnetId")),
        routes=tuple(_route(route) for route in found.get("Routes", ())),
    )


_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
_TARGETS = (
    "GatewayId", "NatGatewayId", "VpcPeeringConnectionId", "TransitGatewayId", "NetworkInterfaceId",
    "EgressOnlyInternetGatewayId", "CarrierGatewayId", "LocalGatewayId", "CoreNetworkArn",
)  # fmt: skip


def _route(found: Mapping[str, Any]) -> Route:
    destination = next(str(found[name]) for name in _DESTINATIONS if name in found)
    target = next((str(found[name]) for name in _TARGETS if name in found), "–")
    # An endpoint's route comes and goes with the endpoint.
    is_fixed = target == "local" or destination.startswith("pl-")
    return Route(destination, target, found.get("State", ""), is_fixed)


def connection_of(found: Mapping[str, Any]) -> Connection:
    """A connection of DescribeVpcPeeringConnections."""
    return Connection(
        id=found["VpcPeeringConnectionId"],
        name=name_of(found),
        status=found["Status"]["Code"],
        message=found["Status"].get("Message", ""),
        requester=_side(found["RequesterVpcInfo"]),
        accepter=_side(found["AccepterVpcInfo"]),
        expires=found.get("ExpirationTime") if found["Status"]["Code"] == "pending-acceptance" else None,
    )


def _side(found: Mapping[str, Any]) -> Side:
    blocks = [one["CidrBlock"] for one in found.get("CidrBlockSet", ())]
    blocks += [one["Ipv6CidrBlock"] for one in found.get("Ipv6CidrBlockSet", ())]
    cidrs = blocks or ([found["CidrBlock"]] if found.get("CidrBlock") else [])
    return Side(found["OwnerId"], found["Region"], found["VpcId"], tuple(cidrs))


def group_of(found: Mapping[str, Any]) -> Group:
    """A group of DescribeSecurityGroups."""
    return Group(
        id=found["GroupId"],
        name=found["GroupName"],
        description=found.get("Description", ""),
        vpc_id=found.get("VpcId", ""),
        inbound=tuple(_rules(found.get("IpPermissions", ()))),
        outbound=tuple(_rules(found.get("IpPermissionsEgress", ()))),
    )


def _rules(permissions: Iterable[Mapping[str, Any]]) -> Iterable[Rule]:
    sources = (
        ("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6"), ("PrefixListIds", "PrefixListId"),
        ("UserIdGroupPairs", "GroupId"),
    )  # fmt: skip
    for permission in permissions:
        protocol = "All" if permission["IpProtocol"] == "-1" else str(permission["IpProtocol"]).upper()
        for member, key in sources:
            for peer in permission.get(member, ()):
                yield Rule(protocol, _ports(permission), str(peer[key]), peer.get("Description", ""))


def _ports(permission: Mapping[str, Any]) -> str:
    first, last = permission.get("FromPort"), permission.get("ToPort")
    if first is None or first == -1:
        return "All"
    return str(first) if first == last else f"{first} - {last}"
