"""The permissions of the peering role: each with the step that needs it, and what the customer does without it.

Resource types and condition keys: docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
(`ec2:AccepterVpc` and `ec2:RequesterVpc` on a peering connection, `ec2:Vpc` on a route table; all three are ARNs). How
the two stand in policies: docs.aws.amazon.com/vpc/latest/peering/security-iam.html. Whatever is not named here the role
cannot do: it makes no connection, replaces no route, sets no tag and sees no data.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.grants import Condition, Grant, PolicyName, Step
from onboarding.bootstrap.ledger.network import ec2_arns

POLICY: Final = PolicyName("PeeringRole")
TARGET_VPCS: Final = "${TargetVpcArns}"
BYOC_VPCS: Final = "${ByocVpcArns}"
"""Stand for the lists that the customer's parameters give: ARNs of the VPCs of both sides."""

_BETWEEN: Final[Condition] = {"ArnEquals": {"ec2:AccepterVpc": TARGET_VPCS, "ec2:RequesterVpc": BYOC_VPCS}}
"""The connection was asked for by a registered BYOC VPC, and asks a registered target VPC."""
_REVERSED: Final[Condition] = {"ArnEquals": {"ec2:AccepterVpc": BYOC_VPCS, "ec2:RequesterVpc": TARGET_VPCS}}

GRANTS: Final = (
    Grant(
        sid="LookAtTargetNetwork",
        policy=POLICY,
        actions=(
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeNatGateways",
            "ec2:DescribeNetworkAcls",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcEndpoints",
            "ec2:DescribeVpcPeeringConnections",
            "ec2:DescribeVpcs",
        ),
        resources=("*",),
        step=Step.PEERING,
        reason=_("Shows which route table lacks which route, and when the connection is active. EC2 has no narrower "
                 "scope for looking."),
        without=_("Your side stays unknown: you run a script and upload what it saw, after each change."),
    ),
    Grant(
        sid="LookAtTargetVpc",
        policy=POLICY,
        actions=("ec2:DescribeVpcAttribute",),
        resources=(TARGET_VPCS,),
        step=Step.PEERING,
        reason=_("Reads the DNS settings of the VPC that you registered."),
        without=_("Whether private names can work in your VPC stays unknown."),
    ),
    Grant(
        sid="AcceptOurPeering",
        policy=POLICY,
        actions=("ec2:AcceptVpcPeeringConnection",),
        resources=ec2_arns("vpc-peering-connection"),
        condition=_BETWEEN,
        step=Step.PEERING,
        reason=_("Accepts the request of the BYOC VPC that you registered, for the VPC that you registered; no other."),
        without=_("You accept the request in the AWS console; the guide shows how."),
    ),
    Grant(
        sid="AcceptIntoTargetVpc",
        policy=POLICY,
        actions=("ec2:AcceptVpcPeeringConnection",),
        resources=(TARGET_VPCS,),
        step=Step.PEERING,
        reason=_("AWS judges the accepting for the VPC as well: it is one that you registered."),
        without=_("You accept the request in the AWS console; the guide shows how."),
    ),
    Grant(
        sid="EndOurPeering",
        policy=POLICY,
        actions=("ec2:DeleteVpcPeeringConnection",),
        resources=ec2_arns("vpc-peering-connection"),
        condition=_BETWEEN,
        step=Step.PEERING,
        reason=_("Takes a connection between the registered VPCs back, when you remove the peering."),
        without=_("You delete the connection in the AWS console."),
    ),
    Grant(
        sid="EndReversedPeering",
        policy=POLICY,
        actions=("ec2:DeleteVpcPeeringConnection",),
        resources=ec2_arns("vpc-peering-connection"),
        condition=_REVERSED,
        step=Step.PEERING,
        reason=_("The same for a connection between them that your side asked for; only when you name it."),
        without=_("You delete the connection in the AWS console."),
    ),
    Grant(
        sid="WriteReturnRoutes",
        policy=POLICY,
        actions=("ec2:CreateRoute", "ec2:DeleteRoute"),
        resources=ec2_arns("route-table"),
        condition={"ArnEquals": {"ec2:Vpc": TARGET_VPCS}},
        step=Step.PEERING,
        reason=_("Adds the routes to the BYOC VPC in route tables of the VPC that you registered, and takes them back. "
                 "A route that is there is never replaced."),
        without=_("You add and remove the routes in the AWS console; the guide shows each."),
    ),
)  # fmt: skip
