"""AWS::EC2: addresses, NAT gateways, route tables, endpoints.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html
"""

import json
from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.cloudformation.resources.ec2 import first, retag, retag_as, specification
from portal.demo.emulator.cloudformation.resources.kinds import Kind, names
from portal.demo.emulator.cloudformation.work import NotStabilized, Work, boolean


def _create_address(work: Work) -> None:
    made = work.ec2.allocate_address(Domain=work.get("Domain", "vpc"), **specification(work, "elastic-ip"))
    work.identify(made["PublicIp"])


def _address(work: Work) -> dict[str, Any]:
    return first(work.ec2.describe_addresses(PublicIps=[work.physical_id]), "Addresses")


def _update_address(work: Work) -> None:
    retag_as(work, _address(work)["AllocationId"])


def _delete_address(work: Work) -> None:
    work.ec2.release_address(AllocationId=_address(work)["AllocationId"])


def _address_attributes(work: Work) -> Mapping[str, Any]:
    return {"PublicIp": work.physical_id, "AllocationId": _address(work)["AllocationId"]}


def _create_nat(work: Work) -> None:
    asked = work.only("SubnetId", "AllocationId", "ConnectivityType", "PrivateIpAddress")
    made = work.ec2.create_nat_gateway(**asked, **specification(work, "natgateway"))
    work.identify(made["NatGateway"]["NatGatewayId"])


def _nat(work: Work) -> dict[str, Any] | None:
    found = work.ec2.describe_nat_gateways(NatGatewayIds=[work.physical_id])["NatGateways"]
    return dict(found[0]) if found else None


def _nat_ready(work: Work) -> bool:
    nat = _nat(work)
    if nat and nat["State"] == "failed":
        raise NotStabilized(f"NatGateway {work.physical_id} is in state failed and hence failed to stabilize. "
                            f"Detailed failure message: {nat.get('FailureMessage')}")  # fmt: skip
    return bool(nat and nat["State"] == "available")


def _nat_gone(work: Work) -> bool:
    nat = _nat(work)
    return nat is None or nat["State"] == "deleted"


def _delete_nat(work: Work) -> None:
    work.ec2.delete_nat_gateway(NatGatewayId=work.physical_id)


def _nat_attributes(work: Work) -> Mapping[str, Any]:
    nat = _nat(work) or {}
    interfaces = [entry.get("NetworkInterfaceId") for entry in nat.get("NatGatewayAddresses", [])]
    return {"NatGatewayId": work.physical_id, "EniId": interfaces[0] if interfaces else None}


def _create_table(work: Work) -> None:
    made = work.ec2.create_route_table(VpcId=work.get("VpcId"), **specification(work, "route-table"))
    work.identify(made["RouteTable"]["RouteTableId"])


def _delete_table(work: Work) -> None:
    work.ec2.delete_route_table(RouteTableId=work.physical_id)


def _table_attributes(work: Work) -> Mapping[str, Any]:
    return {"RouteTableId": work.physical_id}


DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
TARGETS = (
    "GatewayId", "NatGatewayId", "VpcPeeringConnectionId", "NetworkInterfaceId", "InstanceId", "VpcEndpointId",
    "EgressOnlyInternetGatewayId", "TransitGatewayId",
)  # fmt: skip


def _destination(work: Work) -> str:
    return str(next((work.properties[name] for name in DESTINATIONS if name in work.properties), ""))


def _create_route(work: Work) -> None:
    work.ec2.create_route(**work.only("RouteTableId", *DESTINATIONS, *TARGETS))
    work.identify(f"{work.get('RouteTableId')}|{_destination(work)}")


def _update_route(work: Work) -> None:
    work.ec2.replace_route(**work.only("RouteTableId", *DESTINATIONS, *TARGETS))


def _delete_route(work: Work) -> None:
    work.ec2.delete_route(**work.only("RouteTableId", *DESTINATIONS))


def _route_attributes(work: Work) -> Mapping[str, Any]:
    return {"CidrBlock": _destination(work)}


def _associate(work: Work) -> None:
    made = work.ec2.associate_route_table(**work.only("RouteTableId", "SubnetId"))
    work.identify(made["AssociationId"])


def _disassociate(work: Work) -> None:
    work.ec2.disassociate_route_table(AssociationId=work.physical_id)


def _own_id(work: Work) -> Mapping[str, Any]:
    return {"Id": work.physical_id}


def _create_endpoint(work: Work) -> None:
    asked = work.only("VpcId", "ServiceName", "VpcEndpointType", "RouteTableIds", "SubnetIds", "SecurityGroupIds")
    if "PrivateDnsEnabled" in work.properties:
        asked["PrivateDnsEnabled"] = boolean(work.get("PrivateDnsEnabled"))
    policy = work.get("PolicyDocument")
    if policy is not None:
        asked["PolicyDocument"] = policy if isinstance(policy, str) else json.dumps(policy)
    made = work.ec2.create_vpc_endpoint(**asked, **specification(work, "vpc-endpoint"))
    work.identify(made["VpcEndpoint"]["VpcEndpointId"])


def _endpoint(work: Work) -> dict[str, Any] | None:
    found = work.ec2.describe_vpc_endpoints(VpcEndpointIds=[work.physical_id])["VpcEndpoints"]
    return dict(found[0]) if found else None


def _endpoint_ready(work: Work) -> bool:
    endpoint = _endpoint(work)
    state = str(endpoint["State"]).lower() if endpoint else ""
    if state in {"failed", "rejected", "expired"}:
        raise NotStabilized(f"VpcEndpoint {work.physical_id} is {state}.")
    return state == "available"


def _endpoint_gone(work: Work) -> bool:
    endpoint = _endpoint(work)
    return endpoint is None or str(endpoint["State"]).lower() == "deleted"


def _update_endpoint(work: Work) -> None:
    asked: dict[str, Any] = {}
    for name, word in (("RouteTableIds", "RouteTable"), ("SubnetIds", "Subnet"), ("SecurityGroupIds", "SecurityGroup")):
        old, new = set(work.previous.get(name, [])), set(work.get(name, []))
        asked |= {f"Add{word}Ids": sorted(new - old)} if new - old else {}
        asked |= {f"Remove{word}Ids": sorted(old - new)} if old - new else {}
    if work.changed("PolicyDocument"):
        asked["PolicyDocument"] = json.dumps(work.get("PolicyDocument"))
    if asked:
        work.ec2.modify_vpc_endpoint(VpcEndpointId=work.physical_id, **asked)
    retag(work)


def _delete_endpoint(work: Work) -> None:
    refused = work.ec2.delete_vpc_endpoints(VpcEndpointIds=[work.physical_id]).get("Unsuccessful", [])
    if refused:
        raise NotStabilized(str(refused[0]["Error"].get("Message")))


def _endpoint_attributes(work: Work) -> Mapping[str, Any]:
    endpoint = _endpoint(work) or {}
    entries = [f"{e.get('HostedZoneId')}:{e.get('DnsName')}" for e in endpoint.get("DnsEntries", [])]
    return {
        "Id": work.physical_id,
        "CreationTimestamp": str(endpoint.get("CreationTimestamp", "")),
        "DnsEntries": entries,
        "NetworkInterfaceIds": list(endpoint.get("NetworkInterfaceIds", [])),
    }


KINDS = (
    Kind(
        "AWS::EC2::EIP", names("Domain Tags"), _create_address, _delete_address, _address_attributes,
        names("AllocationId PublicIp"), update=_update_address, updatable=names("Tags"),
    ),
    Kind(
        "AWS::EC2::NatGateway", names("AllocationId ConnectivityType PrivateIpAddress SubnetId Tags"), _create_nat,
        _delete_nat, _nat_attributes, names("NatGatewayId EniId"), ready=_nat_ready, gone=_nat_gone, update=retag,
        updatable=names("Tags"),
    ),
    Kind(
        "AWS::EC2::RouteTable", names("VpcId Tags"), _create_table, _delete_table, _table_attributes,
        names("RouteTableId"), update=retag, updatable=names("Tags"),
    ),
    Kind(
        "AWS::EC2::Route", frozenset({"RouteTableId", *DESTINATIONS, *TARGETS}), _create_route, _delete_route,
        _route_attributes, names("CidrBlock"), update=_update_route, updatable=frozenset(TARGETS),
    ),
    Kind(
        "AWS::EC2::SubnetRouteTableAssociation", names("RouteTableId SubnetId"), _associate, _disassociate,
        _own_id, names("Id"),
    ),
    Kind(
        "AWS::EC2::VPCEndpoint",
        names("PolicyDocument PrivateDnsEnabled RouteTableIds SecurityGroupIds ServiceName SubnetIds Tags "
              "VpcEndpointType VpcId"),
        _create_endpoint, _delete_endpoint, _endpoint_attributes,
        names("CreationTimestamp DnsEntries Id NetworkInterfaceIds"), ready=_endpoint_ready, gone=_endpoint_gone,
        update=_update_endpoint, updatable=names("PolicyDocument RouteTableIds SecurityGroupIds SubnetIds Tags"),
    ),
)  # fmt: skip
