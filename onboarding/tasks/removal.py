"""Looks before and after a tear-down: what blocks it, what is left."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.actions.launch import current_stacks
from onboarding.checks.removal import Obstacle, check_blockers, check_remains
from onboarding.models import Deployment, Stack, StackResource
from onboarding.stacks.inventory import TYPE_TITLES
from onboarding.stacks.naming import BOOTSTRAP_STACK, cluster_name
from onboarding.tasks.subjects import deployment_of, look_session
from portal.aws import ec2, elbv2
from portal.aws.errors import Refused
from portal.aws.sessions import AccountSession
from portal.findings.languages import spoken
from portal.findings.models.observations import record_observation
from portal.findings.shapes import Level
from portal.workflows.shapes import Done, Outcome, Pause, Work

#: Peerings in these states hold nothing.
OVER = ("deleted", "rejected", "expired", "failed", "deleting")


#: What the look for blockers calls.
LOOKING = ("ec2:Describe*", "elasticloadbalancing:DescribeLoadBalancers")


@dataclass(frozen=True)
class ListBlockers:
    """Done when nothing foreign stands in the VPC; else the customer's turn, with each thing named."""

    name: str = "blockers"

    def run(self, work: Work) -> Outcome:
        deployment = deployment_of(work)
        network = next((stack for stack in current_stacks(deployment) if stack.kind == "network"), None)
        vpc_id = network.outputs.get("VpcId", "") if network else ""
        obstacles = (
            _obstacles(look_session(work, "list-blockers", *LOOKING), network, vpc_id, deployment.slug)
            if network and vpc_id
            else []
        )
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
    return [Obstacle(kind=gettext_lazy("Security group"), id=group["GroupId"]) for group in foreign]


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
    names = elbv2.load_balancer_names(look, region, vpc_id)
    return [Obstacle(kind=gettext_lazy("Load balancer"), id=name) for name in names]


@dataclass(frozen=True)
class ListRemains:
    """The last step: writes down what stays in the account."""

    name: str = "remains"

    def run(self, work: Work) -> Outcome:
        deployment = deployment_of(work)
        kept = [(TYPE_TITLES.get(kind, kind), name) for kind, name in kept_resources(deployment)]
        record_observation(
            organisation=deployment.organisation,
            kind="remains",
            subject_id=deployment.pk,
            judge=lambda: check_remains(kept, bootstrap_stack=BOOTSTRAP_STACK),
        )
        return Done(message=spoken(lambda: _("Everything that the launch made and may be deleted is deleted.")))


def kept_resources(deployment: Deployment) -> list[tuple[str, str]]:
    """Type and id of what CloudFormation was told to keep."""
    rows = StackResource.objects.filter(stack__deployment=deployment, status="DELETE_SKIPPED").order_by("physical_id")
    rows = rows.exclude(resource_type="AWS::S3::BucketPolicy")  # part of its bucket to whoever reads the list
    return [(row.resource_type, row.physical_id) for row in rows]
