"""What the console stand-in sees and changes in VPCs, as the root of an emulated account."""

from typing import Any

from portal.demo import aws
from portal.demo.network_shapes import (
    Connection,
    Group,
    Side,
    Subnet,
    Table,
    Vpc,
    connection_of,
    group_of,
    name_of,
    subnet_of,
    table_of,
    vpc_of,
)


class Networks:
    """One region of one account. Every method raises ClientError for what AWS refuses."""

    def __init__(self, account_id: str, region: str) -> None:
        self.account_id = account_id
        self.region = region
        self._ec2 = aws.client("ec2", account_id, region)

    def vpcs(self) -> list[Vpc]:
        """All VPCs of the region, by name."""
        found = self._everything("describe_vpcs", "Vpcs")
        return sorted((vpc_of(one) for one in found), key=lambda vpc: (vpc.name, vpc.id))

    def vpc(self, vpc_id: str) -> Vpc:
        """One VPC."""
        return vpc_of(self._ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0])

    def subnets(self, vpc_id: str) -> list[Subnet]:
        """A VPC's subnets with their effective route tables."""
        tables = self.tables(vpc_id)
        main = next((table.id for table in tables if table.is_main), "")
        own = {subnet_id: table.id for table in tables for subnet_id in table.subnet_ids}
        found = self._everything("describe_subnets", "Subnets", vpc_id)
        return [subnet_of(one, own, main) for one in sorted(found, key=name_of)]

    def home_of(self, subnet_id: str) -> str:
        """The VPC of a subnet."""
        return str(self._ec2.describe_subnets(SubnetIds=[subnet_id])["Subnets"][0]["VpcId"])

    def tables(self, vpc_id: str = "") -> list[Table]:
        """The route tables of a VPC, or of all."""
        found = self._everything("describe_route_tables", "RouteTables", vpc_id)
        return sorted((table_of(one) for one in found), key=lambda table: (table.vpc_id, not table.is_main, table.name))

    def table(self, table_id: str) -> Table:
        """One route table."""
        return table_of(self._ec2.describe_route_tables(RouteTableIds=[table_id])["RouteTables"][0])

    def groups(self, vpc_id: str = "") -> list[Group]:
        """The security groups of a VPC, or of all."""
        found = self._everything("describe_security_groups", "SecurityGroups", vpc_id)
        return sorted((group_of(one) for one in found), key=lambda group: (group.vpc_id, group.name))

    def group(self, group_id: str) -> Group:
        """One security group."""
        return group_of(self._ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0])

    def peerings(self) -> list[Connection]:
        """Every connection that this account and region may still see, those that wait first."""
        found = self._everything("describe_vpc_peering_connections", "VpcPeeringConnections")
        rows = (connection_of(one) for one in found)
        return sorted(rows, key=lambda row: (row.status != "pending-acceptance", row.status != "active", row.id))

    def peering(self, own: str) -> Connection:
        """One connection."""
        asked = {"VpcPeeringConnectionIds": [own]}
        return connection_of(self._ec2.describe_vpc_peering_connections(**asked)["VpcPeeringConnections"][0])

    def ask(self, *, name: str, vpc_id: str, accepter: Side) -> str:
        """CreateVpcPeeringConnection; returns the connection's id."""
        tags = [{"ResourceType": "vpc-peering-connection", "Tags": [{"Key": "Name", "Value": name}]}]
        made = self._ec2.create_vpc_peering_connection(
            VpcId=vpc_id,
            PeerVpcId=accepter.vpc_id,
            PeerOwnerId=accepter.account_id,
            PeerRegion=accepter.region,
            **({"TagSpecifications": tags} if name else {}),
        )
        return str(made["VpcPeeringConnection"]["VpcPeeringConnectionId"])

    def accept(self, own: str) -> None:
        """AcceptVpcPeeringConnection."""
        self._ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=own)

    def reject(self, own: str) -> None:
        """RejectVpcPeeringConnection."""
        self._ec2.reject_vpc_peering_connection(VpcPeeringConnectionId=own)

    def delete(self, own: str, *, with_routes: bool) -> None:
        """DeleteVpcPeeringConnection; `with_routes` first deletes this account's routes that lead to it."""
        for table in self.tables() if with_routes else ():
            for route in table.routes:
                if route.target == own:
                    self.remove_route(table.id, route.destination)
        self._ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=own)

    def add_route(self, table_id: str, destination: str, peering_id: str) -> None:
        """CreateRoute."""
        asked = {**_destination(destination), "VpcPeeringConnectionId": peering_id}
        self._ec2.create_route(RouteTableId=table_id, **asked)

    def change_route(self, table_id: str, destination: str, peering_id: str) -> None:
        """ReplaceRoute."""
        asked = {**_destination(destination), "VpcPeeringConnectionId": peering_id}
        self._ec2.replace_route(RouteTableId=table_id, **asked)

    def remove_route(self, table_id: str, destination: str) -> None:
        """DeleteRoute."""
        self._ec2.delete_route(RouteTableId=table_id, **_destination(destination))

    def _everything(self, operation: str, member: str, vpc_id: str = "") -> list[dict[str, Any]]:
        given = {"Filters": [{"Name": "vpc-id", "Values": [vpc_id]}]} if vpc_id else {}
        return [one for page in self._ec2.get_paginator(operation).paginate(**given) for one in page[member]]


def _destination(text: str) -> dict[str, str]:
    if text.startswith("pl-"):
        return {"DestinationPrefixListId": text}
    return {"DestinationIpv6CidrBlock" if ":" in text else "DestinationCidrBlock": text}
