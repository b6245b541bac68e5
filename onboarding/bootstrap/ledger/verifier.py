"""The verifier: it looks. Not one action of it writes."""

from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.grants import PARTITION_ACCOUNT, VERIFIER, Grant, RoleName, Step
from onboarding.stacks.naming import BOUNDARY, DEPLOYMENT_ROLE, MANAGEMENT_ROLE, VERIFIER_ROLE

_BOOTSTRAP_ROLES = tuple(
    f"{PARTITION_ACCOUNT}:role/{name}" for name in (MANAGEMENT_ROLE, DEPLOYMENT_ROLE, VERIFIER_ROLE)
)
_ONLY = (RoleName.VERIFIER,)

GRANTS = (
    Grant(
        sid="LookAtRegionsAndNetworks",
        policy=VERIFIER,
        actions=(
            "ec2:DescribeAddresses",
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeInternetGateways",
            "ec2:DescribeManagedPrefixLists",
            "ec2:DescribeNatGateways",
            "ec2:DescribeNetworkAcls",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeRegions",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroupRules",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcAttribute",
            "ec2:DescribeVpcEndpoints",
            "ec2:DescribeVpcPeeringConnections",
            "ec2:DescribeVpcs",
        ),
        resources=("*",),
        step=Step.INFRASTRUCTURE,
        reason=_(
            "Regions, zones, VPCs and blocks are picked from what the account has; overlaps are found before a launch."
        ),
        without=_("You would type zones and blocks by hand, and mistakes would show only when the launch fails."),
        roles=_ONLY,
    ),
    Grant(
        sid="LookAtQuotas",
        policy=VERIFIER,
        actions=("servicequotas:GetAWSDefaultServiceQuota", "servicequotas:GetServiceQuota"),
        resources=("*",),
        step=Step.INFRASTRUCTURE,
        reason=_("Quotas are compared with what the launch needs, before anything is made."),
        without=_("A quota that is too small stops the launch in the middle."),
        roles=_ONLY,
    ),
    Grant(
        sid="LookAtRegionStatus",
        policy=VERIFIER,
        actions=("account:GetRegionOptStatus", "account:ListRegions"),
        resources=("*",),
        step=Step.INFRASTRUCTURE,
        reason=_("Shows which regions are enabled in this account."),
        without=_("A region that is not enabled is found out only by its refusal."),
        roles=_ONLY,
    ),
    Grant(
        sid="LookAtBootstrapRoles",
        policy=VERIFIER,
        actions=(
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
            "iam:ListRoleTags",
        ),
        resources=_BOOTSTRAP_ROLES,
        step=Step.PROOF,
        reason=_(
            "Reads the trust and the policies of the three bootstrap roles, to find what differs from the template."
        ),
        without=_("A trust policy that lets too many in stays unseen."),
        roles=_ONLY,
    ),
    Grant(
        sid="LookAtBootstrapPolicies",
        policy=VERIFIER,
        actions=("iam:GetPolicy", "iam:GetPolicyVersion"),
        resources=(f"{PARTITION_ACCOUNT}:policy/ClickHouse*Policy", f"{PARTITION_ACCOUNT}:policy/{BOUNDARY}"),
        step=Step.PROOF,
        reason=_("Reads the bootstrap policies and the boundary as they are in the account."),
        without=_("An outdated or edited policy stays unseen until something is refused."),
        roles=_ONLY,
    ),
    Grant(
        sid="AskWhatIsAllowed",
        policy=VERIFIER,
        actions=("iam:SimulatePrincipalPolicy",),
        resources=_BOOTSTRAP_ROLES,
        step=Step.PROOF,
        reason=_("Asks AWS what these roles may do, organisation policies included, without doing it."),
        without=_("A refusal by your organisation's policies shows only when the launch fails."),
        roles=_ONLY,
    ),
    Grant(
        sid="LookAtClusters",
        policy=VERIFIER,
        actions=("eks:ListClusters",),
        resources=("*",),
        step=Step.INFRASTRUCTURE,
        reason=_("Counts the clusters of a region against its quota."),
        without=_("The quota of clusters cannot be checked."),
        roles=_ONLY,
    ),
    Grant(
        sid="LookAtOurCluster",
        policy=VERIFIER,
        actions=("eks:DescribeCluster", "eks:DescribeNodegroup", "eks:ListNodegroups"),
        resources=(
            "arn:aws:eks:*:${AccountId}:cluster/clickhouse-cloud-*",
            "arn:aws:eks:*:${AccountId}:nodegroup/clickhouse-cloud-*/*/*",
        ),
        step=Step.OPERATION,
        reason=_("Shows the state of the deployment's cluster and nodes."),
        without=_("The portal cannot tell whether the cluster is ready."),
        roles=_ONLY,
    ),
    Grant(
        sid="LookAtLoadBalancers",
        policy=VERIFIER,
        actions=("elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags"),
        resources=("*",),
        step=Step.LAUNCH,
        reason=_(
            "Load balancers that are left in the VPC block a tear-down; they are listed before it starts. The private "
            "one is what a peering leads to."
        ),
        without=_("A tear-down stops at the VPC without saying why."),
        roles=_ONLY,
    ),
    Grant(
        sid="LookAtStacks",
        policy=VERIFIER,
        actions=(
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeStackResources",
            "cloudformation:DescribeStacks",
            "cloudformation:ListStackResources",
        ),
        resources=("arn:aws:cloudformation:*:${AccountId}:stack/clickhouse-cloud-*/*",),
        step=Step.LAUNCH,
        reason=_("The progress page shows the events of the deployment's stacks; a drifted bootstrap is noticed."),
        without=_("The portal launches and cannot show how it goes."),
        roles=_ONLY,
    ),
)
