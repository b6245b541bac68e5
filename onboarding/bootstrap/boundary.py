"""The permissions boundary: the most that any role of ours can ever do, whatever its policies say.

It caps the three bootstrap roles and every role that they create. It gives nothing by itself
(docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html): a role may do what its own policies and this
document both allow. Its denials are why the management role is not an administrator in disguise: it can neither write
to itself, to its sister roles and their policies, nor create a role outside of the cap, nor change the cap.
"""

from typing import Any, Final

from onboarding.bootstrap.grants import ACCOUNT, BOUNDARY_ARN, OUR_POLICIES, OUR_ROLES, PARTITION_ACCOUNT
from onboarding.stacks.naming import BOOTSTRAP_STACK, DEPLOYMENT_ROLE, MANAGEMENT_ROLE, VERIFIER_ROLE

Json = dict[str, Any]

ROLE_WRITES: Final = (
    "iam:AttachRolePolicy",
    "iam:DeleteRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
)
POLICY_WRITES: Final = (
    "iam:CreatePolicy",
    "iam:CreatePolicyVersion",
    "iam:DeletePolicy",
    "iam:DeletePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:TagPolicy",
    "iam:UntagPolicy",
)
STACK_WRITES: Final = (
    "cloudformation:CancelUpdateStack",
    "cloudformation:ContinueUpdateRollback",
    "cloudformation:CreateChangeSet",
    "cloudformation:CreateStack",
    "cloudformation:DeleteStack",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:RollbackStack",
    "cloudformation:SetStackPolicy",
    "cloudformation:UpdateStack",
    "cloudformation:UpdateTerminationProtection",
)
SERVICES: Final = (
    "autoscaling:*",
    "ec2:*",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:BatchImportUpstreamImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
    "eks-auth:AssumeRoleForPodIdentity",
    "eks:*",
    "elasticloadbalancing:*",
    "kms:DescribeKey",
    "route53:*",
    "servicequotas:Get*",
    "sqs:GetQueueUrl",
    "sqs:SendMessage",
)


def boundary_document() -> Json:
    """The boundary's policy document, with `${AccountId}` in place of the account."""
    return {"Version": "2012-10-17", "Statement": [*_most(), *_never()]}


def _allow(sid: str, actions: tuple[str, ...], resource: Any, condition: Json | None = None) -> Json:
    statement: Json = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def _deny(sid: str, actions: tuple[str, ...], resource: Any, condition: Json | None = None) -> Json:
    return _allow(sid, actions, resource, condition) | {"Effect": "Deny"}


def _most() -> list[Json]:
    return [
        _allow("Services", SERVICES, "*"),
        _allow("OurBuckets", ("s3:*",), ["arn:aws:s3:::clickhouse-cloud-*", "arn:aws:s3:::clickhouse-cloud-*/*"]),
        _allow("OurStacks", ("cloudformation:*",), f"arn:aws:cloudformation:*:{ACCOUNT}:stack/clickhouse-cloud-*/*"),
        _allow("Look", ("account:GetRegionOptStatus", "account:ListRegions", "iam:Get*", "iam:List*",
                        "iam:SimulatePrincipalPolicy"), "*"),
        _allow("ServiceRoles", ("iam:CreateServiceLinkedRole",), f"{PARTITION_ACCOUNT}:role/aws-service-role/*"),
        _allow("OurRoles", ("iam:CreateRole", *ROLE_WRITES, *POLICY_WRITES), [OUR_ROLES, OUR_POLICIES]),
        _allow("PassOurRoles", ("iam:PassRole",), [OUR_ROLES, f"{PARTITION_ACCOUNT}:role/{DEPLOYMENT_ROLE}"]),
        _allow("EnterOurRoles", ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"), OUR_ROLES),
    ]  # fmt: skip


def _never() -> list[Json]:
    bootstrap = [f"{PARTITION_ACCOUNT}:role/{name}" for name in (MANAGEMENT_ROLE, DEPLOYMENT_ROLE, VERIFIER_ROLE)]
    return [
        _deny("KeepBootstrapRoles", ROLE_WRITES, bootstrap),
        _deny("KeepBootstrapPolicies", POLICY_WRITES, [BOUNDARY_ARN, f"{PARTITION_ACCOUNT}:policy/ClickHouse*"]),
        _deny("KeepBootstrapStack", STACK_WRITES, f"arn:aws:cloudformation:*:{ACCOUNT}:stack/{BOOTSTRAP_STACK}/*"),
        _deny("KeepBoundaries", ("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"), "*"),
        _deny(
            "OnlyUnderBoundary", ("iam:CreateRole", "iam:PutRolePermissionsBoundary"), "*",
            {"StringNotEquals": {"iam:PermissionsBoundary": BOUNDARY_ARN}},
        ),
        _deny(
            "NoDelegation", ("cloudformation:*", "iam:AttachRolePolicy", "iam:CreatePolicy",
                             "iam:CreatePolicyVersion", "iam:CreateRole", "iam:PassRole", "iam:PutRolePolicy",
                             "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"),
            # What runs in the cluster writes no roles and hands none on.
            "*", {"ArnLike": {"aws:PrincipalArn": OUR_ROLES}},
        ),
        _deny(
            # Not even by writing themselves into a bucket's policy.
            "KeepOutOfData",
            ("s3:AbortMultipartUpload", "s3:DeleteObject*", "s3:GetObject*", "s3:PutObject*", "s3:RestoreObject"),
            "arn:aws:s3:::clickhouse-cloud-*/*",
            {"ArnEquals": {"aws:PrincipalArn": bootstrap}},
        ),
        _deny(
            "Never",
            (
                "account:Close*", "account:Delete*", "account:Disable*", "account:Enable*", "account:Put*",
                "aws-portal:*", "billing:*", "budgets:*", "ce:*", "cloudtrail:*", "config:*", "cur:*",
                "guardduty:*", "iam:*AccessKey*", "iam:*LoginProfile*", "iam:*MFADevice*", "iam:*SAMLProvider*",
                "iam:*ServiceSpecificCredential*", "iam:Add*", "iam:AttachGroupPolicy", "iam:AttachUserPolicy",
                "iam:CreateGroup", "iam:CreateOpenIDConnectProvider", "iam:CreateUser", "iam:PutGroupPolicy",
                "iam:PutUser*", "iam:UpdateAccountPasswordPolicy", "organizations:*", "payments:*", "purchase-orders:*",
                "tax:*",
            ),
            "*",
        ),
    ]  # fmt: skip
