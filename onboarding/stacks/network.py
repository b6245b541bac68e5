"""The network stack: one VPC over three zones, with a private and a public subnet in each.

Rules: docs.aws.amazon.com/eks/latest/userguide/network-reqs.html (DNS support and hostnames, tags of the subnets),
docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html (one gateway in each zone, so that the loss of a zone
takes no other with it), docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html (gateway endpoint).
"""

from collections.abc import Mapping

from onboarding.stacks.choices import LaunchChoices
from onboarding.stacks.profiles import DeploymentProfile
from onboarding.stacks.subnets import subnet_plan
from onboarding.stacks.template import SLUG, Output, Parameter, Resource, Template, attribute, joined, ref, sub, tags

ZONES = (1, 2, 3)
BLOCK = r"^(\d{1,3}\.){3}\d{1,3}/(1[6-9]|2[0-8])$"


def network_template(profile: DeploymentProfile) -> Template:
    """The stack's template; every profile has the same network, which satisfies the stricter one."""
    resources = _vpc() | _endpoint()
    for zone in ZONES:
        resources |= _subnets(zone) | _nat(zone) | _routes(zone)
    return Template(
        description="ClickHouse BYOC: VPC, subnets in three zones, NAT gateways and the S3 gateway endpoint.",
        parameters=_parameters(),
        resources=resources,
        outputs=_outputs(),
        metadata={"Profile": profile.name},
    )


def network_parameters(choices: LaunchChoices, outputs: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """The values for `choices`. Raises ValueError for a customer-managed VPC: there is nothing to create."""
    if choices.cidr is None:
        raise ValueError("A customer-managed VPC has no network stack.")
    plan = subnet_plan(choices.cidr)
    values = {"Slug": choices.slug, "VpcCidr": str(plan.vpc)}
    for index, zone in enumerate(choices.zones):
        values |= {
            f"Zone{index + 1}": zone.name,
            f"PrivateCidr{index + 1}": str(plan.private[index].cidr),
            f"PublicCidr{index + 1}": str(plan.public[index].cidr),
        }
    return values


def _parameters() -> dict[str, Parameter]:
    parameters = {"Slug": SLUG, "VpcCidr": Parameter("The block of the VPC.", BLOCK)}
    for zone in ZONES:
        parameters |= {
            f"Zone{zone}": Parameter(f"Zone {zone} by its name in this account.", r"^[a-z0-9-]+[a-z]$"),
            f"PrivateCidr{zone}": Parameter(f"The block of the private subnet in zone {zone}.", BLOCK),
            f"PublicCidr{zone}": Parameter(f"The block of the public subnet in zone {zone}.", BLOCK),
        }
    return parameters


def _named(suffix: str) -> dict[str, str]:
    return sub(f"clickhouse-cloud-${{Slug}}-{suffix}")


def _vpc() -> dict[str, Resource]:
    return {
        "Vpc": Resource(
            "AWS::EC2::VPC",
            {
                "CidrBlock": ref("VpcCidr"),
                "EnableDnsSupport": True,
                "EnableDnsHostnames": True,
                "Tags": tags(Name=_named("vpc")),
            },
        ),
        "InternetGateway": Resource("AWS::EC2::InternetGateway", {"Tags": tags(Name=_named("igw"))}),
        "InternetGatewayAttachment": Resource(
            "AWS::EC2::VPCGatewayAttachment", {"VpcId": ref("Vpc"), "InternetGatewayId": ref("InternetGateway")}
        ),
        "PublicRouteTable": Resource(
            "AWS::EC2::RouteTable", {"VpcId": ref("Vpc"), "Tags": tags(Name=_named("public"))}
        ),
        "PublicDefaultRoute": Resource(
            "AWS::EC2::Route",
            {
                "RouteTableId": ref("PublicRouteTable"),
                "DestinationCidrBlock": "0.0.0.0/0",
                "GatewayId": ref("InternetGateway"),
            },
            depends_on=("InternetGatewayAttachment",),
        ),
    }


def _subnets(zone: int) -> dict[str, Resource]:
    return {
        f"PrivateSubnet{zone}": _subnet(zone, "Private", "kubernetes.io/role/internal-elb"),
        f"PublicSubnet{zone}": _subnet(zone, "Public", "kubernetes.io/role/elb"),
    }


def _subnet(zone: int, kind: str, role_tag: str) -> Resource:
    return Resource(
        "AWS::EC2::Subnet",
        {
            "VpcId": ref("Vpc"),
            "AvailabilityZone": ref(f"Zone{zone}"),
            "CidrBlock": ref(f"{kind}Cidr{zone}"),
            # Nothing in a public subnet needs an address of its own: NAT gateways bring theirs, load balancers too.
            "MapPublicIpOnLaunch": False,
            "Tags": tags(**{"Name": _named(f"{kind.lower()}-{zone}"), role_tag: "1"}),
        },
    )


def _nat(zone: int) -> dict[str, Resource]:
    return {
        f"NatAddress{zone}": Resource(
            "AWS::EC2::EIP",
            {"Domain": "vpc", "Tags": tags(Name=_named(f"nat-{zone}"))},
            depends_on=("InternetGatewayAttachment",),
        ),
        f"NatGateway{zone}": Resource(
            "AWS::EC2::NatGateway",
            {
                "SubnetId": ref(f"PublicSubnet{zone}"),
                "AllocationId": attribute(f"NatAddress{zone}", "AllocationId"),
                "Tags": tags(Name=_named(f"nat-{zone}")),
            },
            depends_on=("PublicDefaultRoute", f"PublicAssociation{zone}"),
        ),
    }


def _routes(zone: int) -> dict[str, Resource]:
    return {
        f"PrivateRouteTable{zone}": Resource(
            "AWS::EC2::RouteTable", {"VpcId": ref("Vpc"), "Tags": tags(Name=_named(f"private-{zone}"))}
        ),
        f"PrivateDefaultRoute{zone}": Resource(
            "AWS::EC2::Route",
            {
                "RouteTableId": ref(f"PrivateRouteTable{zone}"),
                "DestinationCidrBlock": "0.0.0.0/0",
                "NatGatewayId": ref(f"NatGateway{zone}"),
            },
        ),
        f"PrivateAssociation{zone}": _association(f"PrivateSubnet{zone}", f"PrivateRouteTable{zone}"),
        f"PublicAssociation{zone}": _association(f"PublicSubnet{zone}", "PublicRouteTable"),
    }


def _association(subnet: str, table: str) -> Resource:
    return Resource("AWS::EC2::SubnetRouteTableAssociation", {"SubnetId": ref(subnet), "RouteTableId": ref(table)})


def _endpoint() -> dict[str, Resource]:
    # No endpoint policy: the default lets everything through, and buckets guard themselves.
    return {
        "S3Endpoint": Resource(
            "AWS::EC2::VPCEndpoint",
            {
                "VpcId": ref("Vpc"),
                "VpcEndpointType": "Gateway",
                "ServiceName": sub("com.amazonaws.${AWS::Region}.s3"),
                "RouteTableIds": [ref(f"PrivateRouteTable{zone}") for zone in ZONES],
                "Tags": tags(Name=_named("s3")),
            },
        )
    }


def _outputs() -> dict[str, Output]:
    return {
        "VpcId": Output("The VPC.", ref("Vpc")),
        "VpcCidr": Output("The block of the VPC.", attribute("Vpc", "CidrBlock")),
        "PrivateSubnetIds": Output(
            "The private subnets in the order of the zones, with commas.",
            joined(ref(f"PrivateSubnet{zone}") for zone in ZONES),
        ),
        "PublicSubnetIds": Output(
            "The public subnets in the order of the zones, with commas.",
            joined(ref(f"PublicSubnet{zone}") for zone in ZONES),
        ),
        "PrivateRouteTableIds": Output(
            "The route tables of the private subnets, where peering routes go.",
            joined(ref(f"PrivateRouteTable{zone}") for zone in ZONES),
        ),
        "NatAddresses": Output(
            "The public addresses from which the deployment speaks to the internet.",
            joined(ref(f"NatAddress{zone}") for zone in ZONES),
        ),
        "S3EndpointId": Output("The S3 gateway endpoint.", ref("S3Endpoint")),
    }
