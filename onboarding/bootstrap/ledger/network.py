"""Networks: looking everywhere, writing only what carries our tag.

Which resource types and tag keys an action knows: docs.aws.amazon.com/service-authorization/latest/reference/
list_amazonec2.html. A creation is judged once for the thing that is made (which knows the tags of the request) and once
for each thing that it is put into (which knows its own tags), hence the pairs of grants below.
"""

from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.grants import (
    MADE_BY_US,
    NETWORK_READ,
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

GRANTS = (_LOOK, *_MAKE, *_CHANGE)
