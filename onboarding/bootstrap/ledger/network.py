"""Networks: looking everywhere, writing only what carries our tag.

Which resource types and tag keys an action knows: docs.aws.amazon.com/service-authorization/latest/reference/
list_amazonec2.html. A creation is judged once for the thing that is made (which knows the tags of the request) and once
for each thing that it is put into (which knows its own tags), hence the pairs of grants below.
"""

from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.grants import (
    MADE_BY_US,
    NETWORK_READ,
    PEERING,
    TAGGED,
    TAGGING,
    VPC_WRITE,
    Grant,
    Step,
)


def ec2_arns(*kinds: str) -> tuple[str, ...]:
    """Everything of these kinds in the customer's account, in every region."""
    return tuple(f"arn:aws:ec2:*:${{AccountId}}:{kind}/*" for kind in kinds)


_LOOK = Grant(
    sid="LookAtNetworks",
    policy=NETWORK_READ,
    actions=(
        "ec2:DescribeAddresses",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeKeyPairs",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeNatGateways",
        "ec2:DescribeNetworkAcls",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcEndpoints",
        "ec2:DescribeVpcs",
    ),
    resources=("*",),
    step=Step.NETWORK,
    reason=_(
        "CloudFormation and EKS read back what they have made and look at what is there. EC2 has no narrower scope."
    ),
    without=_("No stack finishes: each creation waits for an answer that never comes."),
)

_MAKE = (
    Grant(
        sid="MakeNetwork",
        policy=VPC_WRITE,
        actions=(
            "ec2:AllocateAddress",
            "ec2:CreateInternetGateway",
            "ec2:CreateNatGateway",
            "ec2:CreateRouteTable",
            "ec2:CreateSubnet",
            "ec2:CreateVpc",
            "ec2:CreateVpcEndpoint",
        ),
        resources=ec2_arns(
            "elastic-ip", "internet-gateway", "natgateway", "route-table", "subnet", "vpc", "vpc-endpoint"
        ),
        condition=TAGGING,
        step=Step.NETWORK,
        reason=_(
            "The network stack makes the VPC, its subnets, gateways, addresses, route tables and the S3 endpoint."
        ),
        without=_("The VPC cannot be made. Bring a VPC of your own instead."),
    ),
    Grant(
        sid="PutIntoOurNetwork",
        policy=VPC_WRITE,
        actions=("ec2:CreateNatGateway", "ec2:CreateRouteTable", "ec2:CreateSubnet", "ec2:CreateVpcEndpoint"),
        resources=ec2_arns("elastic-ip", "route-table", "subnet", "vpc"),
        condition=MADE_BY_US,
        step=Step.NETWORK,
        reason=_("Subnets, route tables, gateways and the endpoint are put into the VPC of the deployment, no other."),
        without=_("The VPC stays empty."),
    ),
    Grant(
        sid="NameWhatIsMade",
        policy=VPC_WRITE,
        actions=("ec2:CreateTags",),
        resources=ec2_arns(
            "elastic-ip", "internet-gateway", "natgateway", "route-table", "subnet", "vpc", "vpc-endpoint"
        ),
        condition={
            "StringEquals": {
                "ec2:CreateAction": (
                    "AllocateAddress",
                    "CreateInternetGateway",
                    "CreateNatGateway",
                    "CreateRouteTable",
                    "CreateSubnet",
                    "CreateVpc",
                    "CreateVpcEndpoint",
                )
            }
        },
        step=Step.NETWORK,
        reason=_(
            "Tags go on at the moment of creation; they mark what is the deployment's. Nothing else can be tagged."
        ),
        without=_("Nothing can be made, because everything must carry the tag."),
    ),
)

_CHANGE = (
    Grant(
        sid="ChangeOurNetwork",
        policy=VPC_WRITE,
        actions=(
            "ec2:AssociateRouteTable",
            "ec2:AttachInternetGateway",
            "ec2:CreateRoute",
            "ec2:ModifySubnetAttribute",
            "ec2:ModifyVpcAttribute",
            "ec2:ModifyVpcEndpoint",
            "ec2:ReplaceRoute",
            "ec2:ReplaceRouteTableAssociation",
        ),
        resources=ec2_arns("internet-gateway", "route-table", "subnet", "vpc", "vpc-endpoint"),
        condition=MADE_BY_US,
        step=Step.NETWORK,
        reason=_("Routes, DNS settings and associations of the deployment's own network."),
        without=_("Private subnets reach neither the internet nor S3, and nodes never join the cluster."),
    ),
    Grant(
        sid="RetagOurNetwork",
        policy=VPC_WRITE,
        actions=("ec2:CreateTags", "ec2:DeleteTags"),
        resources=ec2_arns(
            "elastic-ip", "internet-gateway", "natgateway", "route-table", "subnet", "vpc", "vpc-endpoint"
        ),
        condition=MADE_BY_US,
        step=Step.OPERATION,
        reason=_("Tags of the deployment's own network change when a stack is updated."),
        without=_("A stack update that changes a tag fails and is rolled back."),
    ),
    Grant(
        sid="RemoveOurNetwork",
        policy=VPC_WRITE,
        actions=(
            "ec2:DeleteInternetGateway",
            "ec2:DeleteNatGateway",
            "ec2:DeleteRoute",
            "ec2:DeleteRouteTable",
            "ec2:DeleteSubnet",
            "ec2:DeleteVpc",
            "ec2:DeleteVpcEndpoints",
            "ec2:DetachInternetGateway",
            "ec2:DisassociateAddress",
            "ec2:DisassociateRouteTable",
            "ec2:ReleaseAddress",
        ),
        resources=ec2_arns(
            "elastic-ip", "internet-gateway", "natgateway", "route-table", "subnet", "vpc", "vpc-endpoint"
        ),
        condition=MADE_BY_US,
        step=Step.LAUNCH,
        reason=_("Rolling back a failed launch and tearing down, for what carries the deployment's tag alone."),
        without=_("A failed launch leaves NAT gateways and addresses behind, which cost money."),
    ),
)

_PEER = (
    Grant(
        sid="LookAtPeerings",
        policy=PEERING,
        actions=("ec2:DescribeVpcPeeringConnections",),
        resources=("*",),
        step=Step.PEERING,
        reason=_(
            "A connection changes its state by itself; it is looked at until it is active. EC2 has no narrower scope."
        ),
        without=_("The portal cannot tell whether the connection it has just made is active."),
    ),
    Grant(
        sid="MakePeering",
        policy=PEERING,
        actions=("ec2:CreateVpcPeeringConnection",),
        resources=ec2_arns("vpc-peering-connection"),
        condition=TAGGING,
        step=Step.PEERING,
        reason=_("The BYOC account asks for the peering connection."),
        without=_("You create the peering connection in the AWS console; the guide shows how."),
    ),
    Grant(
        sid="PeerOurVpc",
        policy=PEERING,
        actions=("ec2:CreateVpcPeeringConnection",),
        resources=ec2_arns("vpc"),
        condition=TAGGED,
        step=Step.PEERING,
        reason=_("Only the VPC of the deployment can be peered."),
        without=_("You create the peering connection in the AWS console; the guide shows how."),
    ),
    Grant(
        sid="NamePeering",
        policy=PEERING,
        actions=("ec2:CreateTags",),
        resources=ec2_arns("vpc-peering-connection"),
        condition={"StringEquals": {"ec2:CreateAction": "CreateVpcPeeringConnection"}},
        step=Step.PEERING,
        reason=_("The connection carries the deployment's tag from its first moment."),
        without=_("The connection cannot be made, because it must carry the tag."),
    ),
    Grant(
        sid="ChangeOurPeering",
        policy=PEERING,
        actions=(
            "ec2:AcceptVpcPeeringConnection",
            "ec2:DeleteVpcPeeringConnection",
            "ec2:ModifyVpcPeeringConnectionOptions",
        ),
        resources=ec2_arns("vpc", "vpc-peering-connection"),
        condition=TAGGED,
        step=Step.PEERING,
        reason=_("Accepting, taking back and DNS settings of a connection that carries the deployment's tag."),
        without=_("You accept and delete the peering connection in the AWS console."),
    ),
    Grant(
        sid="RoutePeering",
        policy=PEERING,
        actions=("ec2:CreateRoute", "ec2:DeleteRoute"),
        resources=ec2_arns("route-table"),
        condition=TAGGED,
        step=Step.PEERING,
        reason=_(
            "Routes to the other VPC, in route tables that carry the deployment's tag, also in a VPC of your own."
        ),
        without=_("You add and remove the routes in the AWS console."),
    ),
)

GRANTS = (_LOOK, *_MAKE, *_CHANGE, *_PEER)
