"""What a tear-down deletes and what it leaves, with the ids of the account itself, and how to remove the rest by hand.

Deleting what stays: https://docs.aws.amazon.com/AmazonS3/latest/userguide/empty-bucket.html (a bucket is emptied, all
versions too, before it can be deleted) and https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from onboarding.guides import GuideItem
from onboarding.models import Deployment, InfrastructurePlan, Stack
from onboarding.stack_views import Phase, ResourceView, StackView, planned, view_of
from onboarding.stacks.inventory import BLOCKERS, TYPE_TITLES, DeletionBlocker
from onboarding.stacks.kinds import STACKS
from onboarding.stacks.naming import BOOTSTRAP_STACK, cluster_name
from portal.aws.sessions import HOME_REGION

BUCKET_POLICY = "AWS::S3::BucketPolicy"


@dataclass(frozen=True)
class Kept:
    """Something that stays in the account."""

    title: str | Promise
    id: str


@dataclass(frozen=True)
class Doomed:
    """One stack that will be deleted, with what it deletes."""

    stack: StackView
    resources: tuple[ResourceView, ...]


@dataclass(frozen=True)
class RemovalPlan:
    """What the confirmation shows: stacks in the order of their deletion, what stays, what can stand in the way.

    `vpc_id` is the VPC that the customer brought and keeps; empty where the launch made one.
    """

    doomed: tuple[Doomed, ...]
    kept: tuple[Kept, ...]
    blockers: tuple[DeletionBlocker, ...]
    vpc_id: str = ""

    @property
    def count(self) -> int:
        """How many resources are deleted."""
        return sum(len(one.resources) for one in self.doomed)


def removal_plan(
    deployment: Deployment, stacks: Iterable[Stack], plan: InfrastructurePlan | None = None
) -> RemovalPlan:
    """From the standing stacks with their resources; no query. What rolled back is deleted too: its name is taken."""
    by_kind = {stack.kind: stack for stack in stacks if stack.stack_id and stack.status != "DELETE_COMPLETE"}
    doomed, kept = [], []
    for kind in reversed(STACKS):
        if kind.name not in by_kind:
            continue
        stack = by_kind[kind.name]
        view = view_of(kind, stack, deployment, typical=timedelta(), removing=True)
        retained = _retained(kind.name, deployment) if stack.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"} else ()
        there = [one for one in view.resources if one.physical_id and one.phase is not Phase.GONE]
        doomed.append(Doomed(view, tuple(one for one in there if one.logical_id not in retained)))
        kept += [Kept(one.title, one.physical_id) for one in there if one.logical_id in retained and _is_thing(one)]
    kinds = {one.stack.kind for one in doomed}
    vpc_id = plan.vpc_id if plan is not None and plan.brings_vpc else ""
    blockers = tuple(one for one in BLOCKERS if one.stack in kinds)
    return RemovalPlan(tuple(doomed), tuple(kept), blockers, vpc_id)


def kept_after(stacks: Iterable[Stack]) -> tuple[Kept, ...]:
    """What CloudFormation was told to keep, in stacks of any generation; no query."""
    rows = [row for stack in stacks for row in stack.resources.all() if row.status == "DELETE_SKIPPED"]
    things = {row.physical_id: row.resource_type for row in rows if row.resource_type != BUCKET_POLICY}
    return tuple(Kept(TYPE_TITLES.get(kind, kind), name) for name, kind in sorted(things.items()))


def _retained(kind: str, deployment: Deployment) -> frozenset[str]:
    return frozenset(item.logical_id for item in planned(kind, deployment.profile) if item.retained)


def _is_thing(one: ResourceView) -> bool:
    """A bucket's policy is part of its bucket to whoever reads the list."""
    return one.type != BUCKET_POLICY


def own_removal(
    deployment: Deployment, stacks: Sequence[Stack], plan: InfrastructurePlan | None = None
) -> tuple[GuideItem, ...]:
    """How the customer removes the rest, in the console or by command, with their own ids."""
    region = next((stack.region for stack in stacks if stack.region), HOME_REGION)
    console = settings.AWS_CONSOLE_URL.format(region=region)
    return (
        *(_bucket(one.id, console, region) for one in kept_after(stacks)),
        *_logs(deployment, stacks, console, region),
        *_brought_vpc(plan, console),
        _bootstrap(deployment),
    )


def _bucket(name: str, console: str, region: str) -> GuideItem:
    return GuideItem(
        text=_("Bucket %(name)s: empty it in the S3 console, versions included, then delete it.") % {"name": name},
        url=f"{console}/s3/bucket/{name}/empty?region={region}",
        link=_("Empty it in the S3 console"),
        code=f"aws s3api delete-bucket --region {region} \\\n  --bucket {name}",
        code_label=_("AWS CLI, once %(name)s is empty") % {"name": name},
    )


def _logs(deployment: Deployment, stacks: Iterable[Stack], console: str, region: str) -> tuple[GuideItem, ...]:
    """The control plane's log group, if there ever was a cluster."""
    was_there = any(
        row.resource_type == "AWS::EKS::Cluster" and row.physical_id
        for stack in stacks
        for row in stack.resources.all()
    )
    if not was_there:
        return ()
    group = f"/aws/eks/{cluster_name(deployment.slug)}/cluster"
    # The console wants the name escaped twice, with $25 for the second percent sign.
    escaped = group.replace("/", "$252F")
    return (
        GuideItem(
            text=_("Log group %(name)s of the control plane: keep it for your records, or delete it.")
            % {"name": group},
            url=f"{console}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{escaped}",
            link=_("Open it in the CloudWatch console"),
            code=f"aws logs delete-log-group --region {region} \\\n  --log-group-name {group}",
            code_label=_("AWS CLI: the log group"),
        ),
    )


def _brought_vpc(plan: InfrastructurePlan | None, console: str) -> tuple[GuideItem, ...]:
    """The customer's own VPC, which nobody touched."""
    if plan is None or not plan.brings_vpc:
        return ()
    return (
        GuideItem(
            text=_("VPC %(vpc)s is yours and stays as it is: subnets, routes, endpoints and tags. Keep it.")
            % {"vpc": plan.vpc_id},
            url=f"{console}/vpcconsole/home?region={plan.region}#VpcDetails:VpcId={plan.vpc_id}",
            link=_("Open it in the VPC console"),
        ),
    )


def _bootstrap(deployment: Deployment) -> GuideItem:
    region = deployment.requested_region or HOME_REGION
    console = settings.AWS_CONSOLE_URL.format(region=region)
    return GuideItem(
        text=_("Stack %(name)s with our roles: delete it last, to end our access to the account.")
        % {"name": BOOTSTRAP_STACK},
        url=f"{console}/cloudformation/home?region={region}#/stacks?filteringText={BOOTSTRAP_STACK}",
        link=_("Open CloudFormation"),
        code=f"aws cloudformation delete-stack --region {region} \\\n  --stack-name {BOOTSTRAP_STACK}",
        code_label=_("AWS CLI: the stack with our roles"),
    )
