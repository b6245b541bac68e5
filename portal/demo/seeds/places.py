"""A few words for building VPCs with plain boto3: everything named, nothing remembered between runs."""

import time
from dataclasses import dataclass
from typing import Any

from portal.demo import aws

BYOC_TAG = {"clickhouse-byoc": "true"}
ELB_TAG = {"kubernetes.io/role/internal-elb": "1"}


class SeedError(Exception):
    """The emulator did not do what the seeds need."""


@dataclass(frozen=True)
class Place:
    """One region of one account."""

    account_id: str
    region: str
    ec2: Any

    def vpc(self, name: str, cidr: str, **tags: str) -> str:
        """Makes a VPC that answers names, and returns its id."""
        vpc_id = str(self.ec2.create_vpc(CidrBlock=cidr, TagSpecifications=tagged("vpc", name, tags))["Vpc"]["VpcId"])
        self.ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsSupport={"Value": True})
        self.ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})
        return vpc_id

    def subnet(self, vpc_id: str, name: str, cidr: str, letter: str, tags: dict[str, str] | None = None) -> str:
        """Makes a subnet in the zone with that letter and returns its id."""
        made = self.ec2.create_subnet(
            VpcId=vpc_id,
            CidrBlock=cidr,
            AvailabilityZone=f"{self.region}{letter}",
            TagSpecifications=tagged("subnet", name, tags or {}),
        )
        return str(made["Subnet"]["SubnetId"])

    def main_table(self, vpc_id: str) -> str:
        """The id of the VPC's main route table."""
        filters = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "association.main", "Values": ["true"]}]
        return str(self.ec2.describe_route_tables(Filters=filters)["RouteTables"][0]["RouteTableId"])

    def table(self, vpc_id: str, name: str, *subnet_ids: str) -> str:
        """Makes a route table, associates the subnets with it, and returns its id."""
        made = self.ec2.create_route_table(VpcId=vpc_id, TagSpecifications=tagged("route-table", name, {}))
        table_id = str(made["RouteTable"]["RouteTableId"])
        for subnet_id in subnet_ids:
            self.ec2.associate_route_table(RouteTableId=table_id, SubnetId=subnet_id)
        return table_id

    def internet_gateway(self, vpc_id: str, name: str) -> str:
        """Makes an internet gateway, attaches it, and returns its id."""
        made = self.ec2.create_internet_gateway(TagSpecifications=tagged("internet-gateway", name, {}))
        gateway_id = str(made["InternetGateway"]["InternetGatewayId"])
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
        return gateway_id

    def nat_gateway(self, subnet_id: str, name: str) -> str:
        """Asks for a NAT gateway with an address of its own and returns its id; `available` awaits it."""
        address = self.ec2.allocate_address(Domain="vpc", TagSpecifications=tagged("elastic-ip", name, {}))
        made = self.ec2.create_nat_gateway(
            SubnetId=subnet_id,
            AllocationId=address["AllocationId"],
            TagSpecifications=tagged("natgateway", name, {}),
        )
        return str(made["NatGateway"]["NatGatewayId"])

    def available(self, nat_ids: list[str], patience: float = 30) -> None:
        """Waits until the NAT gateways are available. Raises SeedError after `patience` seconds."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            found = self.ec2.describe_nat_gateways(NatGatewayIds=nat_ids)["NatGateways"]
            if {nat["State"] for nat in found} == {"available"}:
                return
            time.sleep(0.2)
        raise SeedError(f"NAT gateways {', '.join(nat_ids)} are not available after {patience:.0f} s.")

    def default_route(self, table_id: str, *, gateway: str = "", nat: str = "") -> None:
        """Sends 0.0.0.0/0 to an internet gateway or to a NAT gateway."""
        target = {"GatewayId": gateway} if gateway else {"NatGatewayId": nat}
        self.ec2.create_route(RouteTableId=table_id, DestinationCidrBlock="0.0.0.0/0", **target)

    def s3_endpoint(self, vpc_id: str, name: str, *table_ids: str) -> str:
        """Makes the S3 gateway endpoint on those route tables and returns its id."""
        made = self.ec2.create_vpc_endpoint(
            VpcId=vpc_id,
            VpcEndpointType="Gateway",
            ServiceName=f"com.amazonaws.{self.region}.s3",
            RouteTableIds=list(table_ids),
            TagSpecifications=tagged("vpc-endpoint", name, {}),
        )
        return str(made["VpcEndpoint"]["VpcEndpointId"])

    def clear_default_vpc(self) -> None:
        """Deletes the default VPC that AWS puts into every region."""
        for vpc in self.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]:
            of_vpc = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
            attached = [{"Name": "attachment.vpc-id", "Values": [vpc["VpcId"]]}]
            for gateway in self.ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]:
                self.ec2.detach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=vpc["VpcId"])
                self.ec2.delete_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"])
            for subnet in self.ec2.describe_subnets(Filters=of_vpc)["Subnets"]:
                self.ec2.delete_subnet(SubnetId=subnet["SubnetId"])
            self.ec2.delete_vpc(VpcId=vpc["VpcId"])


def place(account_id: str, region: str) -> Place:
    """A region of an emulated account, reached as its root."""
    return Place(account_id, region, aws.client("ec2", account_id, region))


def tagged(kind: str, name: str, tags: dict[str, str]) -> list[dict[str, Any]]:
    """TagSpecifications for one resource: its name and further tags."""
    pairs = {"Name": name, **tags}
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in pairs.items()]}]
