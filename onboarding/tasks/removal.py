"""Looks before and after a tear-down: what blocks it, what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.actions.launch import current_stacks
from onboarding.checks.removal import Leftover, Obstacle, check_blockers, check_left_in_vpc, check_remains
from onboarding.models import Deployment, InfrastructurePlan, Stack, StackResource
from onboarding.review import plan_of
from onboarding.stacks.inventory import TYPE_TITLES
from onboarding.stacks.naming import BOOTSTRAP_STACK, cluster_name
from onboarding.tasks.subjects import deployment_of, look_session
from portal.aws import ec2, elbv2
from portal.aws.errors import Refused
from portal.aws.sessions import AccountSession
from portal.findings.languages import spoken
from portal.findings.models.observations import record_observation
from portal.findings.shapes import Finding, Level
from portal.workflows.shapes import Done, Outcome, Pause, Wait, Work
from portal.workflows.states import Turn

#: Peerings in these states hold nothing.
OVER = ("deleted", "rejected", "expired", "failed", "deleting")


#: How the AWS Load Balancer Controller begins the names of the load balancers that it makes:
#: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/#name
MADE_BY_PODS = "k8s-"

#: How long a tear-down lets the cluster take away what it made for itself before it asks the customer.
GRACE = timedelta(minutes=1)

#: What the looks for blockers and for what is left call.
LOOKING = ("ec2:Describe*", "elasticloadbalancing:DescribeLoadBalancers")


@dataclass(frozen=True)
class ListBlockers:
    """Done when nothing foreign stands in the VPC; else the customer's turn, with each thing named."""

    name: str = "blockers"

    def run(self, work: Work) -> Outcome:
        deployment = deployment_of(work)
        plan = plan_of(deployment)
        if plan.brings_vpc:
            return Done(
                message=spoken(
                    lambda: _("%(vpc)s is yours and stays, so nothing has to leave it.") % {"vpc": plan.vpc_id}
                )
            )
        network = next((stack for stack in current_stacks(deployment) if stack.kind == "network"), None)
        vpc_id = network.outputs.get("VpcId", "") if network else ""
        obstacles = (
            _obstacles(look_session(work, "list-blockers", *LOOKING), network, vpc_id, deployment.slug)
            if network and vpc_id
            else []
        )
        if obstacles and all(one.of_cluster for one in obstacles) and _is_young(work):
            return Wait(seconds=3, message=spoken(lambda: _leaving(obstacles)), turn=Turn.US)
        observation = record_observation(
            organisation=deployment.organisation,
            kind="blockers",
            subject_id=deployment.pk,
            judge=lambda: check_blockers(obstacles, vpc_id=vpc_id),
        )
        if observation.verdict != Level.FAILED.value:
            return Done(message=spoken(lambda: _("Nothing but the deployment itself uses its VPC.")))
        return Pause(
            message=spoken(lambda: _("Something else uses the VPC. Delete what is listed below, then press «Go on»."))
        )


def _is_young(work: Work) -> bool:
    return timezone.now() - work.workflow.started_at < GRACE


def _leaving(obstacles: Sequence[Obstacle]) -> str:
    things = ", ".join(f"{one.kind} {one.id}" for one in obstacles)
    return _("We take away what the cluster made for itself: %(things)s.") % {"things": things}


def _obstacles(look: AccountSession, network: Stack, vpc_id: str, slug: str) -> list[Obstacle] | None:
    try:
        return [
            *_peerings(look, network.region, vpc_id),
            *_endpoints(look, network, vpc_id),
            *_load_balancers(look, network.region, vpc_id),
            *_security_groups(look, network, vpc_id, cluster_name(slug)),
            *_subnets(look, network, vpc_id),
        ]
    except Refused:
        return None


def _security_groups(look: AccountSession, network: Stack, vpc_id: str, cluster: str) -> list[Obstacle]:
    """Groups that somebody added: neither the VPC's own, nor the one that EKS makes and deletes with the cluster.

    https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
    """
    request = {"Filters": [{"Name": "vpc-id", "Values": [vpc_id]}]}
    found = ec2.everything(look, network.region, "describe_security_groups", "SecurityGroups", request)
    foreign = (
        group
        for group in found
        if group["GroupName"] != "default" and not group["GroupName"].startswith(f"eks-cluster-sg-{cluster}")
    )
    return [
        Obstacle(kind=gettext_lazy("Security group"), id=group["GroupId"], of_cluster=_is_marked(group, cluster))
        for group in foreign
    ]


def _subnets(look: AccountSession, network: Stack, vpc_id: str) -> list[Obstacle]:
    """Subnets that somebody added."""
    request = {"Filters": [{"Name": "vpc-id", "Values": [vpc_id]}]}
    ours = set(StackResource.objects.filter(stack=network).values_list("physical_id", flat=True))
    found = ec2.everything(look, network.region, "describe_subnets", "Subnets", request)
    foreign = (subnet["SubnetId"] for subnet in found if subnet["SubnetId"] not in ours)
    return [Obstacle(kind=gettext_lazy("Subnet"), id=subnet_id) for subnet_id in foreign]


def _peerings(look: AccountSession, region: str, vpc_id: str) -> list[Obstacle]:
    found = []
    for side in ("requester-vpc-info.vpc-id", "accepter-vpc-info.vpc-id"):
        request = {"Filters": [{"Name": side, "Values": [vpc_id]}]}
        found += ec2.everything(look, region, "describe_vpc_peering_connections", "VpcPeeringConnections", request)
    living = (peering for peering in found if peering["Status"]["Code"] not in OVER)
    return [
        Obstacle(kind=gettext_lazy("Peering connection"), id=peering["VpcPeeringConnectionId"]) for peering in living
    ]


def _endpoints(look: AccountSession, network: Stack, vpc_id: str) -> list[Obstacle]:
    request = {"Filters": [{"Name": "vpc-id", "Values": [vpc_id]}]}
    ours = set(StackResource.objects.filter(stack=network).values_list("physical_id", flat=True))
    found = ec2.everything(look, network.region, "describe_vpc_endpoints", "VpcEndpoints", request)
    foreign = (endpoint for endpoint in found if endpoint["VpcEndpointId"] not in ours)
    return [
        Obstacle(kind=gettext_lazy("VPC endpoint"), id=endpoint["VpcEndpointId"])
        for endpoint in foreign
        if endpoint.get("State", "").lower() not in {"deleting", "deleted"}
    ]


def _load_balancers(look: AccountSession, region: str, vpc_id: str) -> list[Obstacle]:
    """In a VPC that the launch made, the controller of the deployment's cluster is the only one with such names."""
    names = elbv2.load_balancer_names(look, region, vpc_id)
    return [
        Obstacle(kind=gettext_lazy("Load balancer"), id=name, of_cluster=name.startswith(MADE_BY_PODS))
        for name in names
    ]


@dataclass(frozen=True)
class ListRemains:
    """The last step: writes down what stays in the account."""

    name: str = "remains"

    def run(self, work: Work) -> Outcome:
        deployment = deployment_of(work)
        kept = [(TYPE_TITLES.get(kind, kind), name) for kind, name in kept_resources(deployment)]
        plan = plan_of(deployment)
        cluster = cluster_name(deployment.slug)
        in_vpc = _left_in(work, plan, cluster) if plan.brings_vpc else []

        def judge() -> tuple[Finding, ...]:
            brought = check_left_in_vpc(in_vpc, vpc_id=plan.vpc_id, cluster=cluster) if plan.brings_vpc else ()
            return (*check_remains(kept, bootstrap_stack=BOOTSTRAP_STACK), *brought)

        record_observation(organisation=deployment.organisation, kind="remains", subject_id=deployment.pk, judge=judge)
        return Done(message=spoken(lambda: _("Everything that the launch made and may be deleted is deleted.")))


#: The tag by which the AWS Load Balancer Controller and EKS mark what belongs to a cluster:
#: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#resource-tags and
#: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
def _cluster_tags(cluster: str) -> frozenset[tuple[str, str]]:
    return frozenset({("elbv2.k8s.aws/cluster", cluster), (f"kubernetes.io/cluster/{cluster}", "owned")})


def _is_marked(group: Mapping[str, Any], cluster: str) -> bool:
    return bool(_cluster_tags(cluster) & {(tag["Key"], tag["Value"]) for tag in group.get("Tags", ())})


def _left_in(work: Work, plan: InfrastructurePlan, cluster: str) -> list[Leftover] | None:
    """What the cluster has made in the VPC beside its stack and did not take with it; None when nobody may look."""
    look = look_session(work, "list-remains", *LOOKING)
    try:
        request = {"Filters": [{"Name": "vpc-id", "Values": [plan.vpc_id]}]}
        groups = ec2.everything(look, plan.region, "describe_security_groups", "SecurityGroups", request)
        balancers = elbv2.load_balancer_names(look, plan.region, plan.vpc_id)
    except Refused:
        return None
    marked = [one for one in groups if _is_marked(one, cluster)]
    made = [name for name in balancers if name.startswith(MADE_BY_PODS)]
    return [
        *(Leftover(kind=gettext_lazy("Load balancer"), id=name, marked=False) for name in made),
        *(Leftover(kind=gettext_lazy("Security group"), id=one["GroupId"], marked=True) for one in marked),
    ]


def kept_resources(deployment: Deployment) -> list[tuple[str, str]]:
    """Type and id of what CloudFormation was told to keep."""
    rows = StackResource.objects.filter(stack__deployment=deployment, status="DELETE_SKIPPED").order_by("physical_id")
    rows = rows.exclude(resource_type="AWS::S3::BucketPolicy")  # part of its bucket to whoever reads the list
    return [(row.resource_type, row.physical_id) for row in rows]
