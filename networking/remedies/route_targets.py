"""What a route can lead to, and how each language spells it.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-route.html
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route
"""

from dataclasses import dataclass

from networking.remedies.pieces import Made, NewNat, Ref


@dataclass(frozen=True, kw_only=True)
class TargetKind:
    """Targets whose ids begin with `start`: the CLI's `option`, the key of DescribeRouteTables' answer, Terraform's
    `argument` and CloudFormation's property.
    """

    start: str
    option: str
    key: str
    argument: str
    property: str


def _kind(start: str, noun: str, key: str, argument: str = "", own_property: str = "") -> TargetKind:
    return TargetKind(
        start=start,
        option=f"--{noun}",
        key=key,
        argument=argument or noun.replace("-", "_"),
        property=own_property or key,
    )


_NAT = _kind("nat-", "nat-gateway-id", "NatGatewayId")
#: Internet gateways, virtual private gateways.
_GATEWAY = _kind("", "gateway-id", "GatewayId")
_KINDS = (
    _NAT,
    _kind("pcx-", "vpc-peering-connection-id", "VpcPeeringConnectionId"),
    _kind("tgw-", "transit-gateway-id", "TransitGatewayId"),
    _kind("eni-", "network-interface-id", "NetworkInterfaceId"),
    # Described as a gateway, created as an endpoint.
    _kind("vpce-", "vpc-endpoint-id", "GatewayId", own_property="VpcEndpointId"),
    _kind("lgw-", "local-gateway-id", "LocalGatewayId"),
    _kind("cagw-", "carrier-gateway-id", "CarrierGatewayId"),
    _kind("i-", "instance-id", "InstanceId"),
    _GATEWAY,
)


def kind_of(target: Ref) -> TargetKind:
    """The kind of a route's target."""
    if isinstance(target, Made):
        return _NAT if isinstance(target, NewNat) else _GATEWAY
    return next(kind for kind in _KINDS if target.startswith(kind.start))
