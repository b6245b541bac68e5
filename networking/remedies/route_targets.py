"""Where a route can lead, and what it can be for: how each language spells both.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-route.html
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route
"""

from dataclasses import dataclass

from networking.remedies.pieces import Made, Ref


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


_KINDS = (
    _kind("nat-", "nat-gateway-id", "NatGatewayId"),
    _kind("pcx-", "vpc-peering-connection-id", "VpcPeeringConnectionId"),
    _kind("tgw-", "transit-gateway-id", "TransitGatewayId"),
    _kind("eni-", "network-interface-id", "NetworkInterfaceId"),
    # Described as a gateway, created as an endpoint.
    _kind("vpce-", "vpc-endpoint-id", "GatewayId", own_property="VpcEndpointId"),
    _kind("lgw-", "local-gateway-id", "LocalGatewayId"),
    _kind("cagw-", "carrier-gateway-id", "CarrierGatewayId"),
    _kind("i-", "instance-id", "InstanceId"),
    # Internet gateways, virtual private gateways.
    _kind("", "gateway-id", "GatewayId"),
)


def kind_of(target: Ref) -> TargetKind:
    """The kind of a route's target."""
    start = target.id_start if isinstance(target, Made) else target
    return next(kind for kind in _KINDS if start.startswith(kind.start))


@dataclass(frozen=True, kw_only=True)
class DestinationKind:
    """A family of destinations: the CLI's `option`, the key of AWS's answer, which is CloudFormation's property as
    well, and Terraform's `argument`.
    """

    option: str
    key: str
    argument: str


_IPV4 = DestinationKind(
    option="--destination-cidr-block", key="DestinationCidrBlock", argument="destination_cidr_block"
)  # fmt: skip
_IPV6 = DestinationKind(
    option="--destination-ipv6-cidr-block", key="DestinationIpv6CidrBlock", argument="destination_ipv6_cidr_block"
)


def destination_of(text: str) -> DestinationKind:
    """The family of a range."""
    return _IPV6 if ":" in text else _IPV4
