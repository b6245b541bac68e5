"""What a VPC consists of, so that taking a remedy back can be compared with what was there before."""

from dataclasses import dataclass
from typing import Any

from networking.proposals import propose
from onboarding.rules.profiles import profile
from tests.networking.remedies.harness import Ground


@dataclass(frozen=True)
class Snapshot:
    """The parts of a VPC that remedies make or change."""

    ranges: frozenset[str]
    subnets: frozenset[str]
    tables: frozenset[tuple[str, frozenset[str], frozenset[tuple[str, str]]]]
    endpoints: frozenset[tuple[str, frozenset[str]]]
    nats: frozenset[str]
    addresses: frozenset[str]
    gateways: frozenset[str]


def snapshot(ground: Ground, vpc_id: str) -> Snapshot:
    """The VPC now; of the region its addresses, too. What is deleted counts as gone."""
    ec2, here = ground.ec2, [{"Name": "vpc-id", "Values": [vpc_id]}]
    ranges = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0]["CidrBlockAssociationSet"]
    tables = ec2.describe_route_tables(Filters=here)["RouteTables"]
    endpoints = ec2.describe_vpc_endpoints(Filters=here)["VpcEndpoints"]
    nats = ec2.describe_nat_gateways(Filter=here)["NatGateways"]
    attached = [{"Name": "attachment.vpc-id", "Values": [vpc_id]}]
    gateways = ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]
    return Snapshot(
        ranges=frozenset(one["CidrBlock"] for one in ranges if one["CidrBlockState"]["State"] == "associated"),
        subnets=frozenset(one["SubnetId"] for one in ec2.describe_subnets(Filters=here)["Subnets"]),
        tables=frozenset((one["RouteTableId"], followers(one), ways(one)) for one in tables),
        endpoints=frozenset((one["VpcEndpointId"], frozenset(one["RouteTableIds"])) for one in endpoints),
        nats=frozenset(one["NatGatewayId"] for one in nats if one["State"] != "deleted"),
        addresses=frozenset(one["AllocationId"] for one in ec2.describe_addresses()["Addresses"]),
        gateways=frozenset(one["InternetGatewayId"] for one in gateways),
    )


def followers(table: dict[str, Any]) -> frozenset[str]:
    """The subnets that are associated with a table as AWS describes it."""
    return frozenset(one["SubnetId"] for one in table["Associations"] if "SubnetId" in one)


def ways(table: dict[str, Any]) -> frozenset[tuple[str, str]]:
    """Its IPv4 routes as (destination, target)."""
    keys = ("NatGatewayId", "VpcPeeringConnectionId", "TransitGatewayId", "GatewayId", "NetworkInterfaceId")
    return frozenset(
        (route["DestinationCidrBlock"], next((route[key] for key in keys if route.get(key)), ""))
        for route in table["Routes"]
        if route.get("DestinationCidrBlock")
    )


def table_of(ground: Ground, subnet_id: str) -> dict[str, Any]:
    """The table that a subnet is associated with, as AWS describes it."""
    asked = [{"Name": "association.subnet-id", "Values": [subnet_id]}]
    (found,) = ground.ec2.describe_route_tables(Filters=asked)["RouteTables"]
    return dict(found)


def proposed(ground: Ground, vpc_id: str, edition: str = "seed") -> tuple[str, ...]:
    """What the portal proposes after a fresh look."""
    return propose(ground.network(vpc_id), profile=profile(edition))


def failures(ground: Ground, vpc_id: str, subnet_ids: tuple[str, ...], edition: str = "seed") -> set[str]:
    """The codes that fail or stay unknown in a fresh look, once AWS has made the VPC."""
    ground.ec2.get_waiter("vpc_available").wait(VpcIds=[vpc_id], WaiterConfig={"Delay": 1, "MaxAttempts": 10})
    return {one.code for one in ground.judged(vpc_id, subnet_ids, edition) if one.level in {"failed", "unknown"}}
