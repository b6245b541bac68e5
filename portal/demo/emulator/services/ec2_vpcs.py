"""VPCs: sizes, quotas, secondary blocks, and what keeps one from being deleted."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.services import ec2_peerings
from portal.demo.emulator.services.networks import blocks, canonical
from portal.demo.emulator.world import World

PRIVATE = tuple(
    ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.19.0.0/16")
)


def create_vpc(world: World, call: Call) -> Mapping[str, Any]:
    """/16 to /28, canonical form, quota, `pending` first.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
    """
    given = dict(call.parameters)
    if not given.get("CidrBlock"):
        raise ServiceError("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
    network = canonical(str(given["CidrBlock"]), "cidrBlock")
    _check_size(network)
    ec2 = world.moto.backend("ec2", call.account, call.region)
    if len(ec2.vpcs) >= world.quotas.value(call.account, call.region, "vpc", "L-F678F1CE"):
        raise ServiceError("VpcLimitExceeded", "The maximum number of VPCs has been reached.")
    result = world.moto.perform("ec2", "CreateVpc", given | {"CidrBlock": str(network)}, call.account, call.region)
    vpc = ec2.vpcs[result["Vpc"]["VpcId"]]
    vpc.state = "pending"
    world.timeline.after(world.durations["vpc"], lambda: setattr(vpc, "state", "available"))
    result["Vpc"]["State"] = "pending"
    return result


def _check_size(network: ipaddress.IPv4Network) -> None:
    if not 16 <= network.prefixlen <= 28:
        raise ServiceError("InvalidVpc.Range", f"The CIDR '{network}' is invalid.")


def associate_vpc_cidr_block(world: World, call: Call) -> Mapping[str, Any]:
    """A secondary block: same sizes, no overlap, not from a range that the primary's family restricts.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions
    """
    given = dict(call.parameters)
    vpc = world.moto.backend("ec2", call.account, call.region).get_vpc(given["VpcId"])
    ec2_peerings.refuse_while_pending(world, call, vpc.id)
    if given.get("CidrBlock"):
        network = canonical(str(given["CidrBlock"]), "cidrBlock")
        _check_size(network)
        _check_secondary(network, vpc)
        limit = world.quotas.value(call.account, call.region, "vpc", "L-83CA0A9D")
        if len(blocks(vpc)) >= limit:
            message = f"This network '{vpc.id}' has met its maximum number of allowed CIDRs: {int(limit)}"
            raise ServiceError("CidrLimitExceeded", message)
        given["CidrBlock"] = str(network)
    return world.moto.perform("ec2", "AssociateVpcCidrBlock", given, call.account, call.region)


def _check_secondary(network: ipaddress.IPv4Network, vpc: Any) -> None:
    present = blocks(vpc)
    taken = next((block for block in present if block.overlaps(network)), None)
    if taken is not None:
        message = f"The CIDR '{network}' conflicts with another block of the VPC ({taken})."
        raise ServiceError("InvalidVpc.Range", message)
    if _restricted(network, present):
        message = (
            f"The CIDR '{network}' is restricted. Use a CIDR from the same private address range as the current "
            "VPC CIDR, or use a publicly-routable CIDR."
        )
        raise ServiceError("InvalidVpc.Range", message)


def _restricted(network: ipaddress.IPv4Network, present: list[ipaddress.IPv4Network]) -> bool:
    home = next((private for private in PRIVATE if present[0].subnet_of(private)), None)
    if any(network.overlaps(private) for private in PRIVATE if private != home):
        return True
    lower, all_low = ipaddress.IPv4Network("10.0.0.0/16"), ipaddress.IPv4Network("10.0.0.0/15")
    if network.overlaps(lower) and any(block.subnet_of(all_low) for block in present):
        return True
    return home == PRIVATE[1] and network.overlaps(ipaddress.IPv4Network("172.31.0.0/16"))


def disassociate_vpc_cidr_block(world: World, call: Call) -> Mapping[str, Any]:
    """Refused while a subnet lies in the block.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateVpcCidrBlock.html
    """
    ec2 = world.moto.backend("ec2", call.account, call.region)
    own = call.parameters["AssociationId"]
    for vpc in ec2.vpcs.values():
        entries = [*vpc.get_cidr_block_association_set(), *vpc.get_cidr_block_association_set(ipv6=True)]
        block = next((entry["cidr_block"] for entry in entries if entry["association_id"] == own), None)
        if block is not None and block != vpc.cidr_block and _has_subnet_in(ec2, vpc.id, block):
            message = f"The vpc {vpc.id} currently has a subnet within CIDR block {block}"
            raise ServiceError("InvalidCidrBlock.InUse", message)
    return world.moto.perform("ec2", "DisassociateVpcCidrBlock", call.parameters, call.account, call.region)


def _has_subnet_in(ec2: Any, vpc_id: str, block: str) -> bool:
    whole = ipaddress.ip_network(block, strict=False)
    subnets = [subnet for zone in ec2.subnets.values() for subnet in zone.values() if subnet.vpc_id == vpc_id]
    cidrs = [subnet.cidr_block for subnet in subnets]
    cidrs += [entry["ipv6CidrBlock"] for subnet in subnets for entry in subnet.ipv6_cidr_block_associations.values()]
    return any(cidr and ipaddress.ip_network(cidr, strict=False).overlaps(whole) for cidr in cidrs)


def delete_vpc(world: World, call: Call) -> Mapping[str, Any]:
    """Refused while anything that does not come with every VPC is left in it."""
    ec2 = world.moto.backend("ec2", call.account, call.region)
    vpc = ec2.get_vpc(call.parameters["VpcId"])
    gateways = any(gateway.vpc is not None and gateway.vpc.id == vpc.id for gateway in ec2.internet_gateways.values())
    endpoints = any(e.vpc_id == vpc.id and e.state != "deleted" for e in ec2.vpc_end_points.values())
    groups = any(group.name != "default" for group in ec2.groups.get(vpc.id, {}).values())
    if gateways or endpoints or groups or ec2_peerings.awaits_answer(world, call, vpc.id):
        message = f"The vpc '{vpc.id}' has dependencies and cannot be deleted."
        raise ServiceError("DependencyViolation", message)
    result = world.moto.perform("ec2", "DeleteVpc", {"VpcId": vpc.id}, call.account, call.region)
    ec2_peerings.end_with(world, call, vpc.id)
    return result


OPERATIONS = {
    "CreateVpc": create_vpc,
    "AssociateVpcCidrBlock": associate_vpc_cidr_block,
    "DisassociateVpcCidrBlock": disassociate_vpc_cidr_block,
    "DeleteVpc": delete_vpc,
}
