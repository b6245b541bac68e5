"""VPC endpoints: one gateway endpoint per service and route table, acceptance of interface endpoints.

https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.services.filtering import select
from portal.demo.emulator.world import World


def create_vpc_endpoint(world: World, call: Call) -> Mapping[str, Any]:
    """Refuses a second route to the same prefix list; waits for acceptance where the service asks for it."""
    given = dict(call.parameters)
    given.setdefault("VpcEndpointType", "Gateway")
    ec2 = world.moto.backend("ec2", call.account, call.region)
    if given["VpcEndpointType"] == "Gateway":
        _check_gateway(world, call, ec2)
        for table in given.get("RouteTableIds") or []:
            _check_table(ec2, given, table)
    result = world.moto.perform("ec2", "CreateVpcEndpoint", given, call.account, call.region)
    endpoint = ec2.vpc_end_points[result["VpcEndpoint"]["VpcEndpointId"]]
    if any(service.acceptance_required for service in _services(world, given["ServiceName"])):
        endpoint.state = "pendingAcceptance"
    elif world.durations["vpc_endpoint"] > 0:
        endpoint.state = "pending"
        world.timeline.after(world.durations["vpc_endpoint"], lambda: setattr(endpoint, "state", "available"))
    result["VpcEndpoint"]["State"] = endpoint.state
    return result


def _check_gateway(world: World, call: Call, ec2: Any) -> None:
    service = call.parameters["ServiceName"]
    if service not in {f"com.amazonaws.{call.region}.{name}" for name in ("s3", "dynamodb")}:
        raise ServiceError("InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist")
    live = [e for e in ec2.vpc_end_points.values() if e.vpc_endpoint_type == "Gateway" and e.state != "deleted"]
    if len(live) >= world.quotas.value(call.account, call.region, "vpc", "L-1B52E74A"):
        raise ServiceError("VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached.")


def _check_table(ec2: Any, given: Mapping[str, Any], table: str) -> None:
    found = ec2.route_tables.get(table)
    if found is None:
        raise ServiceError("InvalidRouteTableId.NotFound", f"The routeTable ID '{table}' does not exist")
    if found.vpc_id != given["VpcId"]:
        message = f"Route table {table} and VPC {given['VpcId']} belong to different networks"
        raise ServiceError("InvalidParameter", message)
    for endpoint in ec2.vpc_end_points.values():
        same = endpoint.service_name == given["ServiceName"] and endpoint.state != "deleted"
        if same and table in (endpoint.route_table_ids or []):
            message = f"route table {table} already has a route with destination-prefix-list-id of {endpoint.id}"
            raise ServiceError("RouteAlreadyExists", message)


def modify_vpc_endpoint(world: World, call: Call) -> Mapping[str, Any]:
    """Adds route tables to a gateway endpoint and takes some off; their routes to the service follow.

    A table that has a route to the service already, through whichever endpoint, is refused as by CreateVpcEndpoint:
    a destination stands in a route table once.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html
    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-routing
    """
    ec2 = world.moto.backend("ec2", call.account, call.region)
    own = call.parameters["VpcEndpointId"]
    endpoint = ec2.vpc_end_points.get(own)
    if endpoint is None or endpoint.state == "deleted":
        raise ServiceError("InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{own}' does not exist")
    new = call.parameters.get("AddRouteTableIds") or []
    gone = [table for table in call.parameters.get("RemoveRouteTableIds") or [] if table in endpoint.route_table_ids]
    for table in new:
        _check_table(ec2, {"VpcId": endpoint.vpc_id, "ServiceName": endpoint.service_name}, table)
    result = world.moto.perform("ec2", "ModifyVpcEndpoint", dict(call.parameters), call.account, call.region)
    prefixes = endpoint.destination_prefix_list_id
    if prefixes:
        for table in new:
            ec2.create_route(table, None, gateway_id=own, destination_prefix_list_id=prefixes)
        for table in gone:
            ec2.delete_route(table, prefixes)
    return result


def _services(world: World, name: str) -> Iterator[Any]:
    for regions in world.moto.accounts("ec2").values():
        for ec2 in regions.values():
            yield from (service for service in ec2.configurations.values() if service.service_name == name)


def accept_vpc_endpoint_connections(world: World, call: Call) -> Mapping[str, Any]:
    """The owner of an endpoint service lets endpoints in, wherever they are."""
    own = world.moto.backend("ec2", call.account, call.region).configurations.get(call.parameters["ServiceId"])
    if own is None:
        service = call.parameters["ServiceId"]
        raise ServiceError(
            "InvalidVpcEndpointServiceId.NotFound", f"The VpcEndpointService Id '{service}' does not exist"
        )
    for regions in world.moto.accounts("ec2").values():
        for ec2 in regions.values():
            for wanted in call.parameters.get("VpcEndpointIds") or []:
                endpoint = ec2.vpc_end_points.get(wanted)
                if endpoint is not None and endpoint.service_name == own.service_name:
                    endpoint.state = "available"
    return {"Unsuccessful": []}


def describe_vpc_endpoints(world: World, call: Call) -> Mapping[str, Any]:
    """Without the deleted ones, which AWS stops showing soon; with all filters that AWS documents."""
    wanted = call.parameters.get("VpcEndpointIds") or []
    parameters = {"VpcEndpointIds": wanted} if wanted else {}
    result = world.moto.perform("ec2", "DescribeVpcEndpoints", parameters, call.account, call.region)
    items = [item for item in result.get("VpcEndpoints", []) if item.get("State") != "deleted"]
    for own in wanted:
        if own not in {item["VpcEndpointId"] for item in items}:
            raise ServiceError("InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{own}' does not exist")
    return {"VpcEndpoints": select(items, call.parameters.get("Filters") or [])}


OPERATIONS = {
    "CreateVpcEndpoint": create_vpc_endpoint,
    "ModifyVpcEndpoint": modify_vpc_endpoint,
    "DescribeVpcEndpoints": describe_vpc_endpoints,
    "AcceptVpcEndpointConnections": accept_vpc_endpoint_connections,
}
