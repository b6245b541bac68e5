"""Routes: what a route may point to, and `blackhole` when its target is gone.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
"""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.services.ec2_peerings import OPEN
from portal.demo.emulator.services.networks import blocks, canonical
from portal.demo.emulator.world import World


def create_route(world: World, call: Call) -> Mapping[str, Any]:
    """Canonical destination, a target that exists and belongs to this VPC, the quota of routes."""
    given = _checked(world, call)
    ec2 = world.moto.backend("ec2", call.account, call.region)
    table = ec2.get_route_table(given["RouteTableId"])
    destination = given.get("DestinationCidrBlock") or given.get("DestinationIpv6CidrBlock")
    if destination and any(
        destination in {route.destination_cidr_block, route.destination_ipv6_cidr_block} for route in table.routes
    ):
        message = f"The route identified by {destination} already exists."
        raise ServiceError("RouteAlreadyExists", message)
    written = [route for route in table.routes if not route.local]
    limit = world.quotas.value(call.account, call.region, "vpc", "L-93826ACB")
    if len(written) >= limit:
        message = f"The maximum number of routes per route table has been reached: {int(limit)}"
        raise ServiceError("RouteLimitExceeded", message)
    return world.moto.perform("ec2", "CreateRoute", given, call.account, call.region)


def replace_route(world: World, call: Call) -> Mapping[str, Any]:
    """As CreateRoute, for a destination that is there already."""
    given = _checked(world, call)
    table = world.moto.backend("ec2", call.account, call.region).get_route_table(given["RouteTableId"])
    destination = given.get("DestinationCidrBlock")
    if destination and all(route.destination_cidr_block != destination for route in table.routes):
        message = f"There is no route defined for '{destination}' in the route table. Use CreateRoute instead."
        raise ServiceError("InvalidParameterValue", message)
    return world.moto.perform("ec2", "ReplaceRoute", given, call.account, call.region)


def delete_route(world: World, call: Call) -> Mapping[str, Any]:
    """Refuses to delete the local route or one that is not there."""
    given = _canonical(call)
    ec2 = world.moto.backend("ec2", call.account, call.region)
    table = ec2.get_route_table(given["RouteTableId"])
    destination = given.get("DestinationCidrBlock")
    route = next((r for r in table.routes if destination and r.destination_cidr_block == destination), None)
    if destination and route is None:
        message = f"no route with destination-cidr-block {destination} in route table {table.id}"
        raise ServiceError("InvalidRoute.NotFound", message)
    if route is not None and route.local:
        message = f"cannot remove local route {destination} in route table {table.id}"
        raise ServiceError("InvalidParameterValue", message)
    return world.moto.perform("ec2", "DeleteRoute", given, call.account, call.region)


def _canonical(call: Call) -> dict[str, Any]:
    given = dict(call.parameters)
    if given.get("DestinationCidrBlock"):
        given["DestinationCidrBlock"] = str(canonical(str(given["DestinationCidrBlock"]), "destinationCidrBlock"))
    return given


def _checked(world: World, call: Call) -> dict[str, Any]:
    given = _canonical(call)
    ec2 = world.moto.backend("ec2", call.account, call.region)
    table = ec2.get_route_table(given["RouteTableId"])
    _check_target(ec2, table, given)
    _check_local(ec2, table, given)
    return given


def _check_target(ec2: Any, table: Any, given: Mapping[str, Any]) -> None:
    peering, nat, gateway = (given.get(k) for k in ("VpcPeeringConnectionId", "NatGatewayId", "GatewayId"))
    if peering:
        found = ec2.vpc_pcxs.get(peering)
        if found is None or found.status["Code"] not in OPEN:
            message = f"The vpcPeeringConnection ID '{peering}' does not exist"
            raise ServiceError("InvalidVpcPeeringConnectionID.NotFound", message)
        if table.vpc_id not in {found.requester_vpc_info["VpcId"], found.accepter_vpc_info["VpcId"]}:
            _foreign(table, f"vpc peering connection {peering}")
    elif nat:
        owner = ec2.nat_gateways.get(nat)
        if owner is None or owner.state in {"deleted", "failed"}:
            raise ServiceError("InvalidNatGatewayID.NotFound", f"The natGateway ID '{nat}' does not exist")
        if owner.vpc_id != table.vpc_id:
            _foreign(table, f"NAT gateway {nat}")
    elif gateway and str(gateway).startswith("igw-"):
        attached = ec2.get_internet_gateway(gateway).vpc
        if attached is None or attached.id != table.vpc_id:
            _foreign(table, f"network gateway {gateway}")


def _foreign(table: Any, target: str) -> None:
    message = f"route table {table.id} and {target} belong to different networks"
    raise ServiceError("InvalidParameterValue", message)


def _check_local(ec2: Any, table: Any, given: Mapping[str, Any]) -> None:
    # More specific than a local route is allowed for appliances only:
    # https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    destination = given.get("DestinationCidrBlock")
    if not destination or given.get("NetworkInterfaceId") or given.get("InstanceId") or given.get("VpcEndpointId"):
        return
    network = canonical(destination, "destinationCidrBlock")
    vpc = ec2.vpcs.get(table.vpc_id)
    if any(network.subnet_of(block) for block in (blocks(vpc) if vpc is not None else [])):
        message = (
            f"The destination CIDR block {destination} is equal to or more specific than one of this VPC's CIDR "
            "blocks. This route can target only an interface or an instance."
        )
        raise ServiceError("InvalidParameterValue", message)


def describe_route_tables(world: World, call: Call) -> Mapping[str, Any]:
    """With the state of each route: `blackhole` while its target does not work."""
    parameters = {key: value for key, value in call.parameters.items() if key not in {"MaxResults", "NextToken"}}
    result = world.moto.perform("ec2", "DescribeRouteTables", parameters, call.account, call.region)
    ec2 = world.moto.backend("ec2", call.account, call.region)
    for table in result.get("RouteTables", []):
        for route in table.get("Routes", []):
            route["State"] = "active" if _works(ec2, table["VpcId"], route) else "blackhole"
    return result


def _works(ec2: Any, vpc_id: str, route: Mapping[str, Any]) -> bool:
    if "VpcPeeringConnectionId" in route:
        peering = ec2.vpc_pcxs.get(route["VpcPeeringConnectionId"])
        return peering is not None and peering.status["Code"] == "active"
    if "NatGatewayId" in route:
        nat = ec2.nat_gateways.get(route["NatGatewayId"])
        return nat is not None and nat.state in {"pending", "available"}
    gateway = str(route.get("GatewayId", ""))
    if gateway.startswith("igw-"):
        found = ec2.internet_gateways.get(gateway)
        return found is not None and found.vpc is not None and found.vpc.id == vpc_id
    return True


def associate_route_table(world: World, call: Call) -> Mapping[str, Any]:
    """A subnet has one table; naming the same one again is no error, naming another is."""
    ec2 = world.moto.backend("ec2", call.account, call.region)
    given = call.parameters
    table = ec2.get_route_table(given["RouteTableId"])
    subnet_id = given.get("SubnetId")
    if subnet_id:
        if ec2.get_subnet(subnet_id).vpc_id != table.vpc_id:
            _foreign(table, f"subnet {subnet_id}")
        for other in ec2.route_tables.values():
            if other.id != table.id and subnet_id in other._associations.values():
                message = f"the specified association for route table {table.id} conflicts with an existing association"
                raise ServiceError("Resource.AlreadyAssociated", message)
    return world.moto.perform("ec2", "AssociateRouteTable", given, call.account, call.region)


def replace_route_table_association(world: World, call: Call) -> Mapping[str, Any]:
    """Only to a table of the same VPC.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRouteTableAssociation.html
    """
    ec2 = world.moto.backend("ec2", call.account, call.region)
    given = call.parameters
    new = ec2.get_route_table(given["RouteTableId"])
    old = next((one for one in ec2.route_tables.values() if given["AssociationId"] in one.all_associations_ids), None)
    if old is not None and old.vpc_id != new.vpc_id:
        _foreign(new, f"route table association {given['AssociationId']}")
    return world.moto.perform("ec2", "ReplaceRouteTableAssociation", given, call.account, call.region)


OPERATIONS = {
    "CreateRoute": create_route,
    "ReplaceRoute": replace_route,
    "DeleteRoute": delete_route,
    "DescribeRouteTables": describe_route_tables,
    "AssociateRouteTable": associate_route_table,
    "ReplaceRouteTableAssociation": replace_route_table_association,
}
