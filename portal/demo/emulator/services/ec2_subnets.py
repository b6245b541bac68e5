"""Subnets: sizes, zones of the account's own map, and what keeps one from being deleted."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.services import ec2_zones, elbv2
from portal.demo.emulator.services.networks import blocks, canonical
from portal.demo.emulator.world import World


def create_subnet(world: World, call: Call) -> Mapping[str, Any]:
    """/16 to /28, canonical form, in a zone of this region.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html
    """
    given = dict(call.parameters)
    given["AvailabilityZone"] = _zone(world, call)
    given.pop("AvailabilityZoneId", None)
    if given.get("CidrBlock"):
        network = canonical(str(given["CidrBlock"]), "cidrBlock")
        if not 16 <= network.prefixlen <= 28:
            raise ServiceError("InvalidSubnet.Range", f"The CIDR '{network}' is invalid.")
        given["CidrBlock"] = str(network)
        _check_range(world, call, network)
    _check_quota(world, call)
    result = world.moto.perform("ec2", "CreateSubnet", given, call.account, call.region)
    subnet = world.moto.backend("ec2", call.account, call.region).get_subnet(result["Subnet"]["SubnetId"])
    # moto takes the first subnet of a zone for the default one; AWS makes defaults only with a default VPC.
    subnet.default_for_az = False
    subnet.map_public_ip_on_launch = False
    result["Subnet"] |= {"DefaultForAz": False, "MapPublicIpOnLaunch": False}
    ec2_zones.rename(world, call, [result["Subnet"]])
    return result


def _zone(world: World, call: Call) -> str:
    ids = ec2_zones.zone_ids(world, call.account, call.region)
    name, own = call.parameters.get("AvailabilityZone"), call.parameters.get("AvailabilityZoneId")
    if own:
        name = next((zone for zone, zone_id in ids.items() if zone_id == own), own)
    if not name:
        return next(iter(ids))
    if name not in ids:
        message = (
            f"Value ({name}) for parameter availabilityZone is invalid. Subnets can currently only be created in "
            f"the following availability zones: {', '.join(ids)}."
        )
        raise ServiceError("InvalidParameterValue", message)
    return str(name)


def _check_range(world: World, call: Call, network: IPv4Network) -> None:
    # moto also takes a block that the VPC has no longer.
    vpc = world.moto.backend("ec2", call.account, call.region).get_vpc(call.parameters["VpcId"])
    if not any(network.subnet_of(block) for block in blocks(vpc)):
        raise ServiceError("InvalidSubnet.Range", f"The CIDR '{network}' is invalid.")


def _check_quota(world: World, call: Call) -> None:
    ec2 = world.moto.backend("ec2", call.account, call.region)
    count = sum(subnet.vpc_id == call.parameters["VpcId"] for zone in ec2.subnets.values() for subnet in zone.values())
    if count >= world.quotas.value(call.account, call.region, "vpc", "L-407747CB"):
        raise ServiceError("SubnetLimitExceeded", "The maximum number of subnets has been reached.")


def delete_subnet(world: World, call: Call) -> Mapping[str, Any]:
    """Refused while NAT gateways or the network interfaces of endpoints and load balancers are in it."""
    ec2 = world.moto.backend("ec2", call.account, call.region)
    subnet = ec2.get_subnet(call.parameters["SubnetId"])
    gateways = any(n.subnet_id == subnet.id and n.state not in {"deleted", "failed"} for n in ec2.nat_gateways.values())
    interfaces = any(
        subnet.id in (e.subnet_ids or []) and e.state not in {"deleted"} for e in ec2.vpc_end_points.values()
    )
    if gateways or interfaces or elbv2.holds(world, call, subnet=subnet.id):
        message = f"The subnet '{subnet.id}' has dependencies and cannot be deleted."
        raise ServiceError("DependencyViolation", message)
    result = world.moto.perform("ec2", "DeleteSubnet", {"SubnetId": subnet.id}, call.account, call.region)
    # Its associations go with it; moto leaves them, and then the route table or network ACL could never be deleted.
    for table in ec2.route_tables.values():
        for association in [own for own, target in table._associations.items() if target == subnet.id]:
            del table._associations[association]
    for acl in ec2.network_acls.values():
        for association in [own for own, held in acl._associations.items() if held.subnet_id == subnet.id]:
            del acl._associations[association]
    return result


OPERATIONS = {"CreateSubnet": create_subnet, "DeleteSubnet": delete_subnet}
