"""NAT gateways, internet gateways and Elastic IPs.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
"""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.services.filtering import select
from portal.demo.emulator.world import World

LIVE = frozenset({"pending", "available", "deleting"})
SHOWN_FOR = 3600
"""Seconds for which a deleted or failed gateway is still described."""


def create_nat_gateway(world: World, call: Call) -> Mapping[str, Any]:
    """`pending`, then `available`; `failed` when the VPC has no internet gateway for a public one."""
    given = dict(call.parameters)
    given.setdefault("ConnectivityType", "public")
    ec2 = world.moto.backend("ec2", call.account, call.region)
    if given["ConnectivityType"] == "public" and not given.get("AllocationId"):
        raise ServiceError("MissingParameter", "The request must contain the parameter AllocationId")
    subnet = ec2.get_subnet(given["SubnetId"])
    _check_quota(world, call, ec2, subnet)
    result = world.moto.perform("ec2", "CreateNatGateway", given, call.account, call.region)
    gateway = ec2.nat_gateways[result["NatGateway"]["NatGatewayId"]]
    gateway.state = "pending"
    gateway._created_at = world.clock.now().replace(tzinfo=None)
    if given["ConnectivityType"] == "public" and not _has_internet(ec2, subnet.vpc_id):
        failure = ("Gateway.NotAttached", f"Network {subnet.vpc_id} has no Internet gateway attached")
        world.timeline.after(world.durations["nat_gateway"], lambda: _fail(world, call, gateway, failure))
    else:
        world.timeline.after(world.durations["nat_gateway"], lambda: _turn(gateway, "pending", "available"))
    result["NatGateway"] |= {"State": "pending", "CreateTime": gateway.create_time}
    return result


def _check_quota(world: World, call: Call, ec2: Any, subnet: Any) -> None:
    live = [gateway for gateway in ec2.nat_gateways.values() if gateway.state in LIVE]
    same = [g for g in live if ec2.get_subnet(g.subnet_id).availability_zone == subnet.availability_zone]
    limit = world.quotas.value(call.account, call.region, "vpc", "L-FE5A380F")
    if len(same) >= limit:
        zone = subnet.availability_zone
        message = f"The maximum number of NAT Gateways per Availability Zone has been reached in {zone}: {int(limit)}"
        raise ServiceError("NatGatewayLimitExceeded", message)


def _has_internet(ec2: Any, vpc_id: str) -> bool:
    return any(gateway.vpc is not None and gateway.vpc.id == vpc_id for gateway in ec2.internet_gateways.values())


def _turn(thing: Any, before: str, after: str) -> None:
    if thing.state == before:
        thing.state = after


def _fail(world: World, call: Call, gateway: Any, failure: tuple[str, str]) -> None:
    if gateway.state == "pending":
        gateway.state = "failed"
        world.shelf("nat-failures")[gateway.id] = failure
        _free(world, call, gateway)


def delete_nat_gateway(world: World, call: Call) -> Mapping[str, Any]:
    """`deleting`, then `deleted`; its address is free again only then."""
    ec2 = world.moto.backend("ec2", call.account, call.region)
    own = call.parameters["NatGatewayId"]
    gateway = ec2.nat_gateways.get(own)
    if gateway is None or gateway.state == "deleted":
        raise ServiceError("NatGatewayNotFound", f"The Nat Gateway {own} was not found")
    if gateway.state != "deleting":
        gateway.state = "deleting"
        world.shelf("nat-deleted")[own] = world.clock.now()
        world.timeline.after(world.durations["nat_gateway_delete"], lambda: _end(world, call, gateway))
    return {"NatGatewayId": own}


def _end(world: World, call: Call, gateway: Any) -> None:
    gateway.state = "deleted"
    _free(world, call, gateway)


def _free(world: World, call: Call, gateway: Any) -> None:
    ec2 = world.moto.backend("ec2", call.account, call.region)
    for address in gateway.address_set:
        if address.get("associationId"):
            ec2.disassociate_address(association_id=address["associationId"])
    ec2.enis.pop(gateway._eni.id, None)
    world.timeline.after(SHOWN_FOR, lambda: ec2.nat_gateways.pop(gateway.id, None))


def describe_nat_gateways(world: World, call: Call) -> Mapping[str, Any]:
    """With every documented filter, tags included, and why a failed one failed."""
    wanted = call.parameters.get("NatGatewayIds") or []
    result = world.moto.perform(
        "ec2", "DescribeNatGateways", {"NatGatewayIds": wanted} if wanted else {}, call.account, call.region
    )
    items = [dict(item) for item in result.get("NatGateways", [])]
    for own in wanted:
        if own not in {item["NatGatewayId"] for item in items}:
            raise ServiceError("NatGatewayNotFound", f"The Nat Gateway {own} was not found")
    for item in items:
        failure = world.shelf("nat-failures").get(item["NatGatewayId"])
        if failure is not None:
            item["FailureCode"], item["FailureMessage"] = failure
        if item["NatGatewayId"] in world.shelf("nat-deleted"):
            item["DeleteTime"] = world.shelf("nat-deleted")[item["NatGatewayId"]]
    return {"NatGateways": select(items, call.parameters.get("Filter") or [])}


def detach_internet_gateway(world: World, call: Call) -> Mapping[str, Any]:
    """Refused while public addresses are mapped into the VPC."""
    ec2 = world.moto.backend("ec2", call.account, call.region)
    vpc_id = call.parameters["VpcId"]
    if any(
        g.vpc_id == vpc_id and g.state in LIVE and g.connectivity_type == "public" for g in ec2.nat_gateways.values()
    ):
        message = (
            f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before "
            "detaching the gateway."
        )
        raise ServiceError("DependencyViolation", message)
    return world.moto.perform("ec2", "DetachInternetGateway", call.parameters, call.account, call.region)


def create_internet_gateway(world: World, call: Call) -> Mapping[str, Any]:
    """By the quota of internet gateways per region."""
    ec2 = world.moto.backend("ec2", call.account, call.region)
    if len(ec2.internet_gateways) >= world.quotas.value(call.account, call.region, "vpc", "L-A4707A72"):
        message = "The maximum number of internet gateways has been reached."
        raise ServiceError("InternetGatewayLimitExceeded", message)
    return world.moto.perform("ec2", "CreateInternetGateway", call.parameters, call.account, call.region)


def allocate_address(world: World, call: Call) -> Mapping[str, Any]:
    """By the quota of Elastic IPs.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html
    """
    ec2 = world.moto.backend("ec2", call.account, call.region)
    if len(ec2.addresses) >= world.quotas.value(call.account, call.region, "ec2", "L-0263D0A3"):
        raise ServiceError("AddressLimitExceeded", "The maximum number of addresses has been reached.")
    return world.moto.perform("ec2", "AllocateAddress", call.parameters, call.account, call.region)


def release_address(world: World, call: Call) -> Mapping[str, Any]:
    """Refused while the address is in use."""
    ec2 = world.moto.backend("ec2", call.account, call.region)
    own = call.parameters.get("AllocationId")
    for address in ec2.address_by_allocation([own]) if own else []:
        if address.association_id:
            raise ServiceError("InvalidIPAddress.InUse", f"The address {address.public_ip} is in use.")
    return world.moto.perform("ec2", "ReleaseAddress", call.parameters, call.account, call.region)


OPERATIONS = {
    "CreateNatGateway": create_nat_gateway,
    "DeleteNatGateway": delete_nat_gateway,
    "DescribeNatGateways": describe_nat_gateways,
    "CreateInternetGateway": create_internet_gateway,
    "DetachInternetGateway": detach_internet_gateway,
    "AllocateAddress": allocate_address,
    "ReleaseAddress": release_address,
}
