"""A VPC that the customer brings: the few changes that the portal makes when somebody presses «Apply for me».

Only the management role has them, each session of it is narrowed to the one call that was confirmed
(networking/tasks/mend_sessions.py), and the customer's switch for VPC changes takes all of them away. Nothing here
deletes; a tag of another value is overwritten, as the confirmed plan showed it. Resource types and condition keys:
docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html; why a set operator on `aws:TagKeys`
needs a value that must be there beside it:
docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html.
"""

from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.grants import VPC_MENDING, Condition, Grant, RoleName, Step
from onboarding.bootstrap.ledger.network import ec2_arns
from onboarding.rules import profile, profile_names
from onboarding.stacks.naming import OWNER_TAG

_ONLY = (RoleName.MANAGEMENT,)
_BALANCER_TAG = "kubernetes.io/role/internal-elb"


def _only_tag(key: str, value: str) -> Condition:
    """This tag with this value, and no other beside it."""
    return {
        "StringEquals": {f"aws:RequestTag/{key}": value},
        "ForAllValues:StringEquals": {"aws:TagKeys": (key,)},
    }


def _asked_for(key: str) -> tuple[str, ...]:
    """The profiles whose rules ask for a tag."""
    return tuple(name for name in profile_names() if any(tag.key == key for tag in profile(name).required_tags))


GRANTS = (
    Grant(
        sid="TagBroughtSubnets",
        policy=VPC_MENDING,
        actions=("ec2:CreateTags",),
        resources=ec2_arns("subnet"),
        condition=_only_tag(_BALANCER_TAG, "1"),
        step=Step.INFRASTRUCTURE,
        reason=_(
            "Subnets that you bring get the tag by which internal load balancers find them, after you confirmed it. No"
            " other tag can be set."
        ),
        without=_("You set the tag yourself; the page shows the commands."),
        roles=_ONLY,
        profiles=_asked_for(_BALANCER_TAG),
    ),
    Grant(
        sid="MarkBroughtNetwork",
        policy=VPC_MENDING,
        actions=("ec2:CreateTags",),
        resources=ec2_arns("subnet", "vpc"),
        condition=_only_tag(OWNER_TAG, "true"),
        step=Step.INFRASTRUCTURE,
        reason=_(
            "The VPC that you bring and its subnets get the mark that these rules ask for, after you confirmed it. The"
            " mark alone lets nobody change or delete them."
        ),
        without=_("You set the mark yourself; the page shows the commands."),
        roles=_ONLY,
        profiles=_asked_for(OWNER_TAG),
    ),
    Grant(
        sid="PutEndpointIntoBroughtVpc",
        policy=VPC_MENDING,
        actions=("ec2:CreateVpcEndpoint",),
        resources=ec2_arns("route-table", "vpc"),
        step=Step.INFRASTRUCTURE,
        reason=_(
            "An S3 gateway endpoint is made in the VPC that you bring, after you confirmed it; your VPC and its route"
            " tables need not carry a tag of ours for that. An interface endpoint cannot be put into your subnets."
        ),
        without=_("You make the endpoint yourself; the page shows the commands."),
        roles=_ONLY,
    ),
    Grant(
        sid="AttachBroughtTables",
        policy=VPC_MENDING,
        actions=("ec2:ModifyVpcEndpoint",),
        resources=ec2_arns("route-table", "vpc-endpoint"),
        step=Step.INFRASTRUCTURE,
        reason=_(
            "Route tables of your private subnets are attached to the S3 gateway endpoint that you have, after you"
            " confirmed it. Each session may touch that endpoint and those tables alone."
        ),
        without=_("You attach the route tables yourself; the page shows the commands."),
        roles=_ONLY,
    ),
)
