"""Stacks: our addition to what the vendor's guide lists, said openly.

The guide's role calls the services one by one. This portal hands stacks to CloudFormation instead, so that you see each
of them in your console, with its events, its roll-back and its drift.
docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
"""

from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.grants import DATA_PLANE, PARTITION_ACCOUNT, STACKS, Grant, RoleName, Step
from onboarding.stacks.naming import DEPLOYMENT_ROLE
from onboarding.stacks.sessions import LAUNCH_ACTIONS, UPDATE_ACTIONS

GRANTS = (
    Grant(
        sid="DriveStacks",
        policy=STACKS,
        actions=LAUNCH_ACTIONS,
        resources=("arn:aws:cloudformation:*:${AccountId}:stack/clickhouse-cloud-*/*",),
        step=Step.LAUNCH,
        reason=_("Launches and deletes the stacks named clickhouse-cloud-…, and reads how they go."),
        without=_("Nothing can be launched from the portal."),
        roles=(RoleName.MANAGEMENT,),
    ),
    Grant(
        sid="UpdateStacks",
        policy=STACKS,
        actions=UPDATE_ACTIONS,
        resources=("arn:aws:cloudformation:*:${AccountId}:stack/clickhouse-cloud-*/*",),
        step=Step.OPERATION,
        reason=_("Upgrades inside the maintenance window change the stacks, and finish a roll-back that got stuck."),
        without=_("Each upgrade would need a new bootstrap first."),
        roles=(RoleName.MANAGEMENT,),
    ),
    Grant(
        sid="PassDeploymentRole",
        policy=STACKS,
        actions=("iam:PassRole",),
        resources=(f"{PARTITION_ACCOUNT}:role/{DEPLOYMENT_ROLE}",),
        condition={"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
        step=Step.LAUNCH,
        reason=_(
            "CloudFormation works with the deployment role, because the portal's own sessions end after 15 minutes."
        ),
        without=_("A launch would stop in the middle when the portal's session ends."),
        roles=(RoleName.MANAGEMENT,),
    ),
    Grant(
        sid="EnterDataPlane",
        policy=DATA_PLANE,
        actions=("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"),
        resources=(f"{PARTITION_ACCOUNT}:role/clickhouse-byoc/clickhouse-cloud-*-data-plane-mgmt",),
        step=Step.OPERATION,
        reason=_("The vendor's control plane takes the role data-plane-mgmt to reconcile ClickHouse in the cluster."),
        without=_("The cluster runs, but ClickHouse cannot be installed or upgraded in it."),
        roles=(RoleName.MANAGEMENT,),
    ),
)
