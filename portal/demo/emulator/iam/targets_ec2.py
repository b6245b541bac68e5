"""EC2's resources: every id among the parameters, and the resource that a Create call will make.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.demo.emulator.backends import Moto
from portal.demo.emulator.calls import Call
from portal.demo.emulator.iam.keys_ec2 import existing_keys
from portal.demo.emulator.iam.tags import request_tags

Keys = dict[str, tuple[str, ...]]

# Id prefix -> resource type in an ARN.
TYPES: Mapping[str, str] = {
    "vpc": "vpc",
    "subnet": "subnet",
    "rtb": "route-table",
    "igw": "internet-gateway",
    "eigw": "egress-only-internet-gateway",
    "nat": "natgateway",
    "eipalloc": "elastic-ip",
    "vpce": "vpc-endpoint",
    "vpce-svc": "vpc-endpoint-service",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "pcx": "vpc-peering-connection",
    "acl": "network-acl",
    "i": "instance",
    "vol": "volume",
    "eni": "network-interface",
    "lt": "launch-template",
    "pl": "prefix-list",
    "dopt": "dhcp-options",
    "tgw": "transit-gateway",
    "fl": "vpc-flow-log",
}
# Operation -> the type of what it creates.
CREATED: Mapping[str, str] = {
    "CreateVpc": "vpc",
    "CreateSubnet": "subnet",
    "CreateRouteTable": "route-table",
    "CreateInternetGateway": "internet-gateway",
    "CreateEgressOnlyInternetGateway": "egress-only-internet-gateway",
    "CreateNatGateway": "natgateway",
    "AllocateAddress": "elastic-ip",
    "CreateVpcEndpoint": "vpc-endpoint",
    "CreateVpcEndpointServiceConfiguration": "vpc-endpoint-service",
    "CreateSecurityGroup": "security-group",
    "CreateVpcPeeringConnection": "vpc-peering-connection",
    "CreateNetworkAcl": "network-acl",
    "RunInstances": "instance",
    "CreateVolume": "volume",
    "CreateLaunchTemplate": "launch-template",
    "CreateManagedPrefixList": "prefix-list",
    "CreateTransitGateway": "transit-gateway",
    "CreateFlowLogs": "vpc-flow-log",
}
# Operation -> the type of what it creates, judged only where the request gives it tags.
CREATED_IF_TAGGED: Mapping[str, str] = {
    "AuthorizeSecurityGroupEgress": "security-group-rule",
    "AuthorizeSecurityGroupIngress": "security-group-rule",
}
# What looks and is judged on the resource all the same; other Describe calls have no resource level.
LOOKS = frozenset({"DescribeVpcAttribute"})
# Only the table is checked when a route is written; its gateway is not.
_ROUTES = frozenset({"CreateRoute", "ReplaceRoute", "DeleteRoute"})
_PARAMETERS = (
    "VpcId",
    "SubnetId",
    "SubnetIds",
    "RouteTableId",
    "RouteTableIds",
    "InternetGatewayId",
    "NatGatewayId",
    "AllocationId",
    "VpcEndpointId",
    "VpcEndpointIds",
    "GroupId",
    "SecurityGroupIds",
    "VpcPeeringConnectionId",
    "NetworkAclId",
    "NetworkInterfaceId",
    "InstanceId",
    "InstanceIds",
    "AddRouteTableIds",
    "RemoveRouteTableIds",
    "AddSubnetIds",
    "RemoveSubnetIds",
    "LaunchTemplateId",
    "Resources",
)


def targets(call: Call, moto: Moto) -> Iterator[tuple[str, str, Keys]]:
    """Action, resource and keys for each resource of an EC2 call; `*` where EC2 has no resource level."""
    action = f"ec2:{call.operation}"
    region: Keys = {"ec2:region": (call.region,)}
    found = False
    if call.operation in LOOKS or not call.operation.startswith(("Describe", "Get")):
        for resource, keys in _existing(call, moto):
            found = True
            yield action, resource, region | keys
        kind = _made(call)
        if kind:
            found = True
            yield action, _arn(call, kind, "*"), region | _new_keys(call, kind)
            yield from _tagging(call, region)
    if not found:
        yield action, "*", region


def _made(call: Call) -> str:
    """The type of what the call makes, empty where nothing that is judged."""
    optional = CREATED_IF_TAGGED.get(call.operation, "")
    return CREATED.get(call.operation, "") or (optional if optional and specified(call, optional) else "")


def _existing(call: Call, moto: Moto) -> Iterator[tuple[str, Keys]]:
    ec2 = moto.backend("ec2", call.account, call.region)
    added = request_tags(call.parameters.get("Tags")) if call.operation in {"CreateTags", "DeleteTags"} else {}
    for own in _ids(call, ec2):
        kind = TYPES.get(own.rsplit("-", 1)[0])
        if kind is not None:
            yield _arn(call, kind, own), {**added, **existing_keys(ec2, kind, own)}


def _ids(call: Call, ec2: Any) -> Iterator[str]:
    names = ("RouteTableId",) if call.operation in _ROUTES else _PARAMETERS
    for name in names:
        value = call.parameters.get(name)
        yield from [value] if isinstance(value, str) else (value or [])
    association = call.parameters.get("AssociationId", "")
    if association.startswith("rtbassoc-"):
        for own, table in ec2.route_tables.items():
            if association in table.all_associations_ids:
                yield own
    if call.operation == "AcceptVpcPeeringConnection":
        peering = ec2.vpc_pcxs.get(call.parameters.get("VpcPeeringConnectionId"))
        if peering is not None:
            yield peering.accepter_vpc_info["VpcId"]


def _arn(call: Call, kind: str, own: str) -> str:
    return f"arn:aws:ec2:{call.region}:{call.account}:{kind}/{own}"


def _new_keys(call: Call, kind: str) -> Keys:
    keys = request_tags(specified(call, kind))
    for name, key in (("VpcId", "ec2:requestervpc"), ("PeerVpcId", "ec2:acceptervpc")):
        if call.operation == "CreateVpcPeeringConnection" and call.parameters.get(name):
            owner = call.parameters.get("PeerOwnerId", call.account) if name == "PeerVpcId" else call.account
            region = call.parameters.get("PeerRegion", call.region) if name == "PeerVpcId" else call.region
            keys[key] = (f"arn:aws:ec2:{region}:{owner}:vpc/{call.parameters[name]}",)
    return keys


def specified(call: Call, kind: str) -> list[dict[str, str]]:
    """The tags that TagSpecifications give to resources of that type."""
    return [
        tag
        for entry in call.parameters.get("TagSpecifications") or []
        if entry.get("ResourceType") == kind
        for tag in entry.get("Tags") or []
    ]


def _tagging(call: Call, region: Keys) -> Iterator[tuple[str, str, Keys]]:
    # Tags at creation need ec2:CreateTags too, narrowed by ec2:CreateAction:
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
    for entry in call.parameters.get("TagSpecifications") or []:
        if entry.get("Tags"):
            kind = str(entry.get("ResourceType"))
            keys = region | request_tags(entry["Tags"]) | {"ec2:createaction": (call.operation,)}
            yield "ec2:CreateTags", _arn(call, kind, "*"), keys
