"""The cluster: everything by the name `clickhouse-cloud-…`, and the launch template of its nodes.

docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
"""

from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.grants import CLUSTER, TAGGED, TAGGING, Grant, Step


def _eks(*kinds: str) -> tuple[str, ...]:
    return tuple(f"arn:aws:eks:*:${{AccountId}}:{kind}" for kind in kinds)


_ALL = _eks(
    "cluster/clickhouse-cloud-*",
    "nodegroup/clickhouse-cloud-*/*/*",
    "addon/clickhouse-cloud-*/*/*",
    "access-entry/clickhouse-cloud-*/*",
    "podidentityassociation/clickhouse-cloud-*/*",
)
_TEMPLATES = ("arn:aws:ec2:*:${AccountId}:launch-template/*",)

GRANTS = (
    Grant(
        sid="MakeCluster",
        policy=CLUSTER,
        actions=(
            "eks:AssociateAccessPolicy",
            "eks:CreateAccessEntry",
            "eks:CreateAddon",
            "eks:CreateCluster",
            "eks:CreateNodegroup",
            "eks:CreatePodIdentityAssociation",
            "eks:TagResource",
        ),
        resources=_ALL,
        step=Step.CLUSTER,
        reason=_("The cluster stack makes the cluster, its nodes, add-ons and the links between pods and roles."),
        without=_("There is no cluster."),
    ),
    Grant(
        sid="LookAtCluster",
        policy=CLUSTER,
        actions=(
            "eks:DescribeAccessEntry",
            "eks:DescribeAddon",
            "eks:DescribeCluster",
            "eks:DescribeNodegroup",
            "eks:DescribePodIdentityAssociation",
            "eks:DescribeUpdate",
            "eks:ListAssociatedAccessPolicies",
            "eks:ListUpdates",
        ),
        resources=_ALL,
        step=Step.CLUSTER,
        reason=_("CloudFormation asks every few seconds how far EKS is."),
        without=_("The cluster stack does not finish."),
    ),
    Grant(
        sid="ChangeCluster",
        policy=CLUSTER,
        actions=(
            "eks:DisassociateAccessPolicy",
            "eks:UntagResource",
            "eks:UpdateAccessEntry",
            "eks:UpdateAddon",
            "eks:UpdateClusterConfig",
            "eks:UpdateClusterVersion",
            "eks:UpdateNodegroupConfig",
            "eks:UpdateNodegroupVersion",
            "eks:UpdatePodIdentityAssociation",
        ),
        resources=_ALL,
        step=Step.OPERATION,
        reason=_("Upgrades of Kubernetes, nodes and add-ons inside the maintenance window."),
        without=_("The cluster stays at its version until AWS upgrades it by force."),
    ),
    Grant(
        sid="RemoveCluster",
        policy=CLUSTER,
        actions=(
            "eks:DeleteAccessEntry",
            "eks:DeleteAddon",
            "eks:DeleteCluster",
            "eks:DeleteNodegroup",
            "eks:DeletePodIdentityAssociation",
        ),
        resources=_ALL,
        step=Step.LAUNCH,
        reason=_("Rolling back a failed launch and tearing down."),
        without=_("A failed launch leaves a cluster behind, which costs money."),
    ),
    Grant(
        sid="MakeNodeTemplate",
        policy=CLUSTER,
        actions=("ec2:CreateLaunchTemplate",),
        resources=_TEMPLATES,
        condition=TAGGING,
        step=Step.CLUSTER,
        reason=_("The template of the nodes: encrypted disks, IMDSv2 alone, the deployment's tags."),
        without=_("The node group cannot be made."),
    ),
    Grant(
        sid="NameNodes",
        policy=CLUSTER,
        actions=("ec2:CreateTags",),
        resources=(
            *_TEMPLATES,
            "arn:aws:ec2:*:${AccountId}:instance/*",
            "arn:aws:ec2:*:${AccountId}:network-interface/*",
            "arn:aws:ec2:*:${AccountId}:volume/*",
        ),
        condition={"StringEquals": {"ec2:CreateAction": ("CreateLaunchTemplate", "RunInstances")}},
        step=Step.CLUSTER,
        reason=_("Nodes, their disks and the template carry the deployment's tags from their first moment."),
        without=_("The node group cannot be made."),
    ),
    Grant(
        sid="ChangeNodeTemplate",
        policy=CLUSTER,
        actions=(
            "ec2:CreateLaunchTemplateVersion",
            "ec2:CreateTags",
            "ec2:DeleteLaunchTemplate",
            "ec2:DeleteTags",
        ),
        resources=_TEMPLATES,
        condition=TAGGED,
        step=Step.OPERATION,
        reason=_("A new version of the template for an upgrade, and its removal at the end."),
        without=_("Nodes cannot be changed, and the template stays after a tear-down."),
    ),
    Grant(
        sid="TryNodes",
        policy=CLUSTER,
        actions=("ec2:RunInstances",),
        resources=("*",),
        condition={"ArnLike": {"ec2:LaunchTemplate": _TEMPLATES}},
        step=Step.CLUSTER,
        reason=_("EKS asks whether whoever makes a node group could start instances from its launch template."),
        without=_("EKS refuses the node group."),
    ),
)
