"""VPC peering from the BYOC side: what the customer's option gives, and whom the private entrance admits.

A VPC and its route tables may be peered when our stacks made them, or when the customer said so with a tag of its own
(`PEERING_TAG`): no grant lets our roles set that tag on what is not theirs (docs/adr/0010-who-may-peer.md). What is
made carries the owner's and the deployment's tag, and only what carries both can be taken back. Resource types and
condition keys: docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html; the two resources of
CreateVpcPeeringConnection, of which the VPC is always the requester's:
docs.aws.amazon.com/vpc/latest/peering/security-iam.html. The tag of the entrance's security groups is the load balancer
controller's own: kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/.
"""

from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.grants import (
    DATA_PLANE,
    MADE_BY_US,
    MAKING_OURS,
    PEERING,
    Condition,
    Grant,
    RoleName,
    Step,
)
from onboarding.bootstrap.ledger.network import ec2_arns
from onboarding.stacks.naming import BALANCER_TAG, PEERING_ALLOWED, PEERING_TAG, PREFIX

_ONLY = (RoleName.MANAGEMENT,)
_CONSENTED: Condition = {"StringEquals": {f"aws:ResourceTag/{PEERING_TAG}": PEERING_ALLOWED}}
"""The customer said so on the very thing."""
_BY_HAND = _("You create the peering connection in the AWS console; the guide shows how.")
_ROUTES_BY_HAND = _("You add and remove the routes in the AWS console; the guide shows each.")
_SUPPORT_BY_HAND = _("Your network's administrator adds the rule by hand.")

_CONNECTION = (
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
        roles=_ONLY,
    ),
    Grant(
        sid="MakePeering",
        policy=PEERING,
        actions=("ec2:CreateVpcPeeringConnection",),
        resources=ec2_arns("vpc-peering-connection"),
        condition=MAKING_OURS,
        step=Step.PEERING,
        reason=_("The BYOC account asks for the peering connection, which carries the deployment's tags."),
        without=_BY_HAND,
        roles=_ONLY,
    ),
    Grant(
        sid="PeerOurVpc",
        policy=PEERING,
        actions=("ec2:CreateVpcPeeringConnection",),
        resources=ec2_arns("vpc"),
        condition=MADE_BY_US,
        step=Step.PEERING,
        reason=_("The VPC that the launch made can be peered."),
        without=_BY_HAND,
        roles=_ONLY,
    ),
    Grant(
        sid="PeerConsentedVpc",
        policy=PEERING,
        actions=("ec2:CreateVpcPeeringConnection",),
        resources=ec2_arns("vpc"),
        condition=_CONSENTED,
        step=Step.PEERING,
        reason=_("A VPC that you bring can be peered once you tag it so; nobody but you can set that tag on it."),
        without=_BY_HAND,
        roles=_ONLY,
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
        roles=_ONLY,
    ),
    Grant(
        sid="EndOurPeering",
        policy=PEERING,
        actions=("ec2:DeleteVpcPeeringConnection",),
        resources=ec2_arns("vpc-peering-connection"),
        condition=MADE_BY_US,
        step=Step.PEERING,
        reason=_("Takes back a connection that the portal made, and no other."),
        without=_("You delete the peering connection in the AWS console."),
        roles=_ONLY,
    ),
)

_ROUTES = (
    Grant(
        sid="RouteOurTables",
        policy=PEERING,
        actions=("ec2:CreateRoute", "ec2:DeleteRoute"),
        resources=ec2_arns("route-table"),
        condition=MADE_BY_US,
        step=Step.PEERING,
        reason=_("Routes to the other VPC, in the route tables that the launch made."),
        without=_ROUTES_BY_HAND,
        roles=_ONLY,
    ),
    Grant(
        sid="RouteConsentedTables",
        policy=PEERING,
        actions=("ec2:CreateRoute", "ec2:DeleteRoute"),
        resources=ec2_arns("route-table"),
        condition=_CONSENTED,
        step=Step.PEERING,
        reason=_("The same in route tables of a VPC that you bring, once you tag them so."),
        without=_ROUTES_BY_HAND,
        roles=_ONLY,
    ),
)

_ENTRANCE = (
    Grant(
        sid="AdmitAtEntrance",
        policy=DATA_PLANE,
        actions=("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"),
        resources=ec2_arns("security-group"),
        condition={"StringLike": {f"aws:ResourceTag/{BALANCER_TAG}": f"{PREFIX}*"}},
        step=Step.PEERING,
        reason=_(
            "The security group of the deployment's private load balancer admits the ranges of your VPC, and stops "
            "admitting them. It is one that the load balancer controller of the deployment's cluster made."
        ),
        without=_SUPPORT_BY_HAND,
        roles=_ONLY,
    ),
)

GRANTS = (*_CONNECTION, *_ROUTES, *_ENTRANCE)
