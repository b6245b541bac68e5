"""AWS::EC2: VPCs, their blocks, subnets, internet gateways, peering.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html
"""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.calls import Credentials
from portal.demo.emulator.cloudformation.resources.ec2 import first, retag, specification
from portal.demo.emulator.cloudformation.resources.kinds import Kind, names
from portal.demo.emulator.cloudformation.work import Clients, Failed, NotStabilized, Work, boolean


def _create_vpc(work: Work) -> None:
    made = work.ec2.create_vpc(**work.only("CidrBlock", "InstanceTenancy"), **specification(work, "vpc"))
    work.identify(made["Vpc"]["VpcId"])
    _set_dns(work)


def _set_dns(work: Work) -> None:
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        if work.get(name) is not None and work.changed(name):
            work.ec2.modify_vpc_attribute(VpcId=work.physical_id, **{name: {"Value": boolean(work.get(name))}})


def _update_vpc(work: Work) -> None:
    _set_dns(work)
    retag(work)


def _vpc(work: Work) -> dict[str, Any]:
    return first(work.ec2.describe_vpcs(VpcIds=[work.physical_id]), "Vpcs")


def _vpc_ready(work: Work) -> bool:
    return bool(_vpc(work)["State"] == "available")


def _delete_vpc(work: Work) -> None:
    work.ec2.delete_vpc(VpcId=work.physical_id)


def _vpc_attributes(work: Work) -> Mapping[str, Any]:
    vpc, mine = _vpc(work), [{"Name": "vpc-id", "Values": [work.physical_id]}]
    groups = work.ec2.describe_security_groups(Filters=[*mine, {"Name": "group-name", "Values": ["default"]}])
    acls = work.ec2.describe_network_acls(Filters=[*mine, {"Name": "default", "Values": ["true"]}])
    return {
        "VpcId": work.physical_id,
        "CidrBlock": vpc["CidrBlock"],
        "CidrBlockAssociations": [entry["AssociationId"] for entry in vpc.get("CidrBlockAssociationSet", [])],
        "Ipv6CidrBlocks": [entry["Ipv6CidrBlock"] for entry in vpc.get("Ipv6CidrBlockAssociationSet", [])],
        "DefaultSecurityGroup": first(groups, "SecurityGroups")["GroupId"],
        "DefaultNetworkAcl": first(acls, "NetworkAcls")["NetworkAclId"],
    }


def _observe_vpc(work: Work) -> Mapping[str, Any]:
    def dns(name: str) -> bool:
        answer = work.ec2.describe_vpc_attribute(VpcId=work.physical_id, Attribute=name[:1].lower() + name[1:])
        return bool(answer[name]["Value"])

    names_of = ("EnableDnsSupport", "EnableDnsHostnames")
    return {"Tags": _vpc(work).get("Tags", []), **{name: dns(name) for name in names_of}}


def _observe_tags_of_subnet(work: Work) -> Mapping[str, Any]:
    subnet = _subnet(work)
    return {"Tags": subnet.get("Tags", []), "MapPublicIpOnLaunch": subnet["MapPublicIpOnLaunch"]}


def _create_block(work: Work) -> None:
    asked = work.only("CidrBlock")
    if boolean(work.get("AmazonProvidedIpv6CidrBlock", False)):
        asked["AmazonProvidedIpv6CidrBlock"] = True
    made = work.ec2.associate_vpc_cidr_block(VpcId=work.get("VpcId"), **asked)
    association = made.get("CidrBlockAssociation") or made["Ipv6CidrBlockAssociation"]
    work.identify(association["AssociationId"])


def _block_ready(work: Work) -> bool:
    vpc = first(work.ec2.describe_vpcs(VpcIds=[work.get("VpcId")]), "Vpcs")
    for kind in ("CidrBlock", "Ipv6CidrBlock"):
        for entry in vpc.get(f"{kind}AssociationSet", []):
            if entry["AssociationId"] == work.physical_id:
                return bool(entry[f"{kind}State"]["State"] == "associated")
    return False


def _delete_block(work: Work) -> None:
    work.ec2.disassociate_vpc_cidr_block(AssociationId=work.physical_id)


def _own_id(work: Work) -> Mapping[str, Any]:
    return {"Id": work.physical_id}


def _create_subnet(work: Work) -> None:
    asked = work.only("VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "Ipv6CidrBlock")
    made = work.ec2.create_subnet(**asked, **specification(work, "subnet"))
    work.identify(made["Subnet"]["SubnetId"])
    _set_subnet(work)


def _set_subnet(work: Work) -> None:
    for name in ("AssignIpv6AddressOnCreation", "MapPublicIpOnLaunch"):
        if work.get(name) is not None and work.changed(name):
            work.ec2.modify_subnet_attribute(SubnetId=work.physical_id, **{name: {"Value": boolean(work.get(name))}})


def _update_subnet(work: Work) -> None:
    _set_subnet(work)
    retag(work)


def _subnet(work: Work) -> dict[str, Any]:
    return first(work.ec2.describe_subnets(SubnetIds=[work.physical_id]), "Subnets")


def _subnet_ready(work: Work) -> bool:
    return bool(_subnet(work)["State"] == "available")


def _delete_subnet(work: Work) -> None:
    work.ec2.delete_subnet(SubnetId=work.physical_id)


def _subnet_attributes(work: Work) -> Mapping[str, Any]:
    subnet = _subnet(work)
    wanted = ("SubnetId", "VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId")
    blocks = [entry["Ipv6CidrBlock"] for entry in subnet.get("Ipv6CidrBlockAssociationSet", [])]
    return {**{name: subnet[name] for name in wanted}, "Ipv6CidrBlocks": blocks}


def _create_gateway(work: Work) -> None:
    made = work.ec2.create_internet_gateway(**specification(work, "internet-gateway"))
    work.identify(made["InternetGateway"]["InternetGatewayId"])


def _delete_gateway(work: Work) -> None:
    work.ec2.delete_internet_gateway(InternetGatewayId=work.physical_id)


def _gateway_attributes(work: Work) -> Mapping[str, Any]:
    return {"InternetGatewayId": work.physical_id}


def _attach_gateway(work: Work) -> None:
    if "InternetGatewayId" not in work.properties:
        raise Failed("Either 'InternetGatewayId' or 'VpnGatewayId' must be provided")
    work.ec2.attach_internet_gateway(**work.only("VpcId", "InternetGatewayId"))
    work.identify(f"IGW|{work.get('VpcId')}")


def _detach_gateway(work: Work) -> None:
    work.ec2.detach_internet_gateway(**work.only("VpcId", "InternetGatewayId"))


def _create_peering(work: Work) -> None:
    if work.get("PeerOwnerId", work.account) != work.account and not work.get("PeerRoleArn"):
        raise Failed("PeerRoleArn is required to peer with a VPC of another AWS account.")
    asked = work.only("VpcId", "PeerVpcId", "PeerOwnerId", "PeerRegion")
    made = work.ec2.create_vpc_peering_connection(**asked, **specification(work, "vpc-peering-connection"))
    work.identify(made["VpcPeeringConnection"]["VpcPeeringConnectionId"])


def _accepter(work: Work) -> Any:
    """The EC2 client of the other side: PeerRoleArn when it is another account."""
    region = work.get("PeerRegion", work.region)
    if not work.get("PeerRoleArn"):
        return work.clients.service("ec2", region)
    session = work.clients.service("sts").assume_role(RoleArn=work.get("PeerRoleArn"), RoleSessionName="CloudFormation")
    made = session["Credentials"]
    credentials = Credentials(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    return Clients(work.clients.endpoint, region, credentials).service("ec2")


def _peering_ready(work: Work) -> bool:
    answer = work.ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[work.physical_id])
    status = first(answer, "VpcPeeringConnections")["Status"]
    if status["Code"] in {"failed", "rejected", "expired", "deleted"}:
        raise NotStabilized(f"VpcPeeringConnection {work.physical_id} is {status['Code']}: {status.get('Message')}")
    if status["Code"] == "pending-acceptance" and not work.memory.get("accepted"):
        _accepter(work).accept_vpc_peering_connection(VpcPeeringConnectionId=work.physical_id)
        work.memory["accepted"] = True
    return bool(status["Code"] == "active")


def _delete_peering(work: Work) -> None:
    work.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=work.physical_id)


KINDS = (
    Kind(
        "AWS::EC2::VPC", names("CidrBlock EnableDnsHostnames EnableDnsSupport InstanceTenancy Tags"),
        _create_vpc, _delete_vpc, _vpc_attributes,
        names("CidrBlock CidrBlockAssociations DefaultNetworkAcl DefaultSecurityGroup Ipv6CidrBlocks VpcId"),
        ready=_vpc_ready, update=_update_vpc, updatable=names("EnableDnsHostnames EnableDnsSupport Tags"),
        observe=_observe_vpc,
    ),
    Kind(
        "AWS::EC2::VPCCidrBlock", names("VpcId CidrBlock AmazonProvidedIpv6CidrBlock"), _create_block, _delete_block,
        _own_id, names("Id"), ready=_block_ready,
    ),
    Kind(
        "AWS::EC2::Subnet",
        names("VpcId CidrBlock AvailabilityZone AvailabilityZoneId Ipv6CidrBlock AssignIpv6AddressOnCreation "
              "MapPublicIpOnLaunch Tags"),
        _create_subnet, _delete_subnet, _subnet_attributes,
        names("AvailabilityZone AvailabilityZoneId CidrBlock Ipv6CidrBlocks SubnetId VpcId"),
        ready=_subnet_ready, update=_update_subnet,
        updatable=names("AssignIpv6AddressOnCreation MapPublicIpOnLaunch Tags"), observe=_observe_tags_of_subnet,
    ),
    Kind(
        "AWS::EC2::InternetGateway", names("Tags"), _create_gateway, _delete_gateway, _gateway_attributes,
        names("InternetGatewayId"), update=retag, updatable=names("Tags"),
    ),
    Kind("AWS::EC2::VPCGatewayAttachment", names("VpcId InternetGatewayId"), _attach_gateway, _detach_gateway),
    Kind(
        "AWS::EC2::VPCPeeringConnection", names("VpcId PeerVpcId PeerOwnerId PeerRegion PeerRoleArn Tags"),
        _create_peering, _delete_peering, _own_id, names("Id"), ready=_peering_ready, update=retag,
        updatable=names("Tags"),
    ),
)  # fmt: skip
