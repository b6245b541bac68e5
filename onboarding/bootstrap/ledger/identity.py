"""Roles and policies: only on our path, only under the boundary, passed only to the services that need them.

Delegating with a boundary: docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html; condition keys:
docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html.
"""

from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.grants import (
    BOUNDARY_ARN,
    IDENTITY,
    OUR_POLICIES,
    OUR_ROLES,
    PARTITION_ACCOUNT,
    Grant,
    Step,
)
from onboarding.stacks.roles import CONTROL_PLANE_POLICIES, WORKER_POLICIES
from onboarding.stacks.workloads import EBS_POLICY

PASSED_TO = ("ec2.amazonaws.com", "eks.amazonaws.com", "pods.eks.amazonaws.com")
ATTACHABLE = (*CONTROL_PLANE_POLICIES, *WORKER_POLICIES, EBS_POLICY, OUR_POLICIES)
_SERVICE_ROLES = f"{PARTITION_ACCOUNT}:role/aws-service-role"

GRANTS = (
    Grant(
        sid="MakeRoles",
        policy=IDENTITY,
        actions=("iam:CreateRole", "iam:PutRolePermissionsBoundary"),
        resources=(OUR_ROLES,),
        condition={"StringEquals": {"iam:PermissionsBoundary": BOUNDARY_ARN}},
        step=Step.ROLES,
        reason=_(
            "The roles stack makes the roles of the cluster. A role without the permissions boundary cannot be made."
        ),
        without=_("Nothing in the cluster can speak to AWS: no volumes, no load balancers, no nodes."),
    ),
    Grant(
        sid="EquipRoles",
        policy=IDENTITY,
        actions=("iam:AttachRolePolicy", "iam:DetachRolePolicy"),
        resources=(OUR_ROLES,),
        condition={"ArnLike": {"iam:PolicyARN": ATTACHABLE}},
        step=Step.ROLES,
        reason=_("Gives these roles their policies: five of AWS's own by name, and those that the roles stack makes."),
        without=_("The roles exist and may do nothing."),
    ),
    Grant(
        sid="ChangeRoles",
        policy=IDENTITY,
        actions=(
            "iam:DeleteRole",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
            "iam:UpdateRoleDescription",
        ),
        resources=(OUR_ROLES,),
        step=Step.ROLES,
        reason=_("Tags, updates and removal of roles on the path /clickhouse-byoc/."),
        without=_("A failed launch leaves its roles behind; updates of a role fail."),
    ),
    Grant(
        sid="MakePolicies",
        policy=IDENTITY,
        actions=("iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion"),
        resources=(OUR_POLICIES,),
        step=Step.ROLES,
        reason=_("The policies of those roles, on the path /clickhouse-byoc/. The boundary caps whatever they say."),
        without=_(
            "The roles of the load balancer controller, the autoscaler and others cannot be narrowed to one cluster."
        ),
    ),
    Grant(
        sid="LookAtRoles",
        policy=IDENTITY,
        actions=("iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"),
        resources=(OUR_ROLES, f"{_SERVICE_ROLES}/*"),
        step=Step.ROLES,
        reason=_("CloudFormation and EKS look at the roles that they work with."),
        without=_("The roles stack does not finish, and EKS refuses the cluster's role."),
    ),
    Grant(
        sid="LookAtPolicies",
        policy=IDENTITY,
        actions=("iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListEntitiesForPolicy", "iam:ListPolicyVersions"),
        resources=(OUR_POLICIES,),
        step=Step.ROLES,
        reason=_("CloudFormation reads its own policies back."),
        without=_("The roles stack does not finish."),
    ),
    Grant(
        sid="PassRoles",
        policy=IDENTITY,
        actions=("iam:PassRole",),
        resources=(OUR_ROLES,),
        condition={"StringEquals": {"iam:PassedToService": PASSED_TO}},
        step=Step.CLUSTER,
        reason=_(
            "Hands the cluster, its nodes and its pods their roles: to EKS, EC2 and EKS Pod Identity, nobody else."
        ),
        without=_("EKS refuses to create the cluster."),
    ),
    Grant(
        sid="MakeServiceRoles",
        policy=IDENTITY,
        actions=("iam:CreateServiceLinkedRole",),
        resources=(
            f"{_SERVICE_ROLES}/eks.amazonaws.com/AWSServiceRoleForAmazonEKS",
            f"{_SERVICE_ROLES}/eks-nodegroup.amazonaws.com/AWSServiceRoleForAmazonEKSNodegroup",
        ),
        condition={"StringEquals": {"iam:AWSServiceName": ("eks.amazonaws.com", "eks-nodegroup.amazonaws.com")}},
        step=Step.CLUSTER,
        reason=_("In an account that has never used EKS, AWS makes its two service-linked roles at the first cluster."),
        without=_("The first cluster of an account cannot be created."),
    ),
)
