"""A launch into a VPC that the customer brings, and its tear-down: the VPC is used, never changed."""

from typing import Any

import pytest

from networking.actions.looks import look_at_vpc
from onboarding.actions import WrongStep
from onboarding.kinds import LAUNCH, TEARDOWN
from onboarding.models import InfrastructurePlan, Stack
from onboarding.review import plan_of
from onboarding.states import DeploymentState
from portal.workflows.models import Letter, Workflow
from portal.workflows.states import WorkflowState
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.onboarding.launch.ways import confirm_removal, go_on, page, text
from tests.people import People

REGION = "eu-central-1"
#: What EC2 shows of a VPC and could have been changed: operation, key of its answer, filter by the VPC.
RESOURCES = (
    ("describe_vpcs", "Vpcs", "vpc-id"),
    ("describe_subnets", "Subnets", "vpc-id"),
    ("describe_route_tables", "RouteTables", "vpc-id"),
    ("describe_vpc_endpoints", "VpcEndpoints", "vpc-id"),
    ("describe_security_groups", "SecurityGroups", "vpc-id"),
    ("describe_network_acls", "NetworkAcls", "vpc-id"),
    ("describe_internet_gateways", "InternetGateways", "attachment.vpc-id"),
)


@pytest.fixture
def approved(walk: Walk, people: People) -> Walk:
    """A VPC is brought and approved; nothing is confirmed yet."""
    assert people.staff.user is not None
    return walk.trust().bring(support=people.staff.user)


def everything_in(walk: Walk, vpc_id: str) -> dict[str, Any]:
    """All of the VPC as AWS describes it, but for the free addresses, which running software takes and gives back."""
    ec2 = walk.customer("ec2", REGION)
    found = {}
    for operation, key, name in RESOURCES:
        items = getattr(ec2, operation)(Filters=[{"Name": name, "Values": [vpc_id]}])[key]
        found[key] = sorted(
            (
                {field: value for field, value in item.items() if field != "AvailableIpAddressCount"}
                for item in items
                if not item.get("GroupName", "").startswith("eks-cluster-sg-")
            ),
            key=str,
        )
    return found


def test_it_is_launched_into_the_brought_subnets_and_torn_down_without_a_trace(
    approved: Walk, people: People, journal: JournalReader
) -> None:
    plan = plan_of(approved.deployment)
    before = everything_in(approved, plan.vpc_id)
    assert len(before["Subnets"]) == 3
    made_by_customer = len(journal.effects(approved.account, "CreateVpc"))

    approved.confirm().launch()

    assert approved.deployment.state == DeploymentState.READY
    slug = approved.deployment.slug
    assert len(journal.effects(approved.account, "CreateVpc")) == made_by_customer
    names = [str(one.parameters["StackName"]) for one in journal.effects(approved.account, "CreateStack")]
    assert [name for name in names if slug in name] == [
        f"clickhouse-cloud-{slug}-{kind}" for kind in ("storage", "roles", "cluster")
    ]
    assert not Stack.objects.filter(deployment=approved.deployment, kind="network").exists()
    cluster = approved.customer("eks", REGION).describe_cluster(name=f"clickhouse-cloud-{slug}")["cluster"]
    assert sorted(cluster["resourcesVpcConfig"]["subnetIds"]) == sorted(plan.subnet_ids)
    assert cluster["resourcesVpcConfig"]["vpcId"] == plan.vpc_id
    assert everything_in(approved, plan.vpc_id) == before

    html = page(people.colleague, "launch", approved.deployment)
    assert plan.vpc_id in html
    for subnet in plan.subnet_ids:
        assert subnet in html
    assert f"{slug}-network" not in html
    html = page(people.owner, "teardown", approved.deployment)
    deleted, stays = html.split("What stays")
    assert plan.vpc_id not in deleted
    assert plan.vpc_id in stays
    assert "the launch made nothing of it" in stays
    assert "A VPC with a peering connection" not in stays

    assert confirm_removal(people.owner, approved).status_code == 302
    ended = approved.work()
    assert ended is not None
    assert (ended.kind, ended.state) == (TEARDOWN, WorkflowState.DONE), ended.message
    assert approved.deployment.state == DeploymentState.REMOVED
    assert everything_in(approved, plan.vpc_id) == before
    html = page(people.viewer, "launch", approved.deployment)
    assert f"VPC {plan.vpc_id} is yours and stays as it is" in html
    assert f"VpcDetails:VpcId={plan.vpc_id}" in html
    assert "the tear-down changed nothing of it" in html
    assert f"{slug}-network" not in html


def test_the_letter_of_the_end_names_three_stacks_and_the_vpc(approved: Walk) -> None:
    approved.confirm().launch()
    body = Letter.objects.get(key__contains=":ready:", to=approved.by.email).body
    assert "All three stacks are complete" in body
    assert plan_of(approved.deployment).vpc_id in body


def untag(walk: Walk, subnet: str) -> None:
    walk.customer("ec2", REGION).delete_tags(Resources=[subnet], Tags=[{"Key": "kubernetes.io/role/internal-elb"}])


def tag(walk: Walk, subnet: str) -> None:
    walk.customer("ec2", REGION).create_tags(
        Resources=[subnet], Tags=[{"Key": "kubernetes.io/role/internal-elb", "Value": "1"}]
    )


def test_a_vpc_that_changed_after_the_confirmation_pauses_before_anything_is_made(
    approved: Walk, people: People, journal: JournalReader
) -> None:
    plan = plan_of(approved.deployment)
    approved.confirm()
    untag(approved, plan.subnet_ids[1])
    ended = approved.work()
    assert ended is not None
    assert (ended.state, ended.step) == (WorkflowState.PAUSED, "network")
    slug = approved.deployment.slug
    assert not [one for one in journal.effects(approved.account, "CreateStack") if slug in str(one.parameters)]
    html = page(people.owner, "launch", approved.deployment)
    assert f"{plan.vpc_id} no longer keeps the rules." in html
    assert plan.subnet_ids[1] in html
    assert "subnets.tags" in html
    assert "We look at your VPC again, and go on when nothing fails." in text(html)
    assert "Go on" in html

    assert go_on(people.owner, approved).status_code == 302
    again = approved.work()
    assert again is not None
    assert (again.state, again.step) == (WorkflowState.PAUSED, "network")

    tag(approved, plan.subnet_ids[1])
    assert go_on(people.owner, approved).status_code == 302
    ended = approved.work()
    assert ended is not None
    assert ended.state == WorkflowState.DONE, f"{ended.step}: {ended.message}"
    assert approved.deployment.state == DeploymentState.READY


def test_going_on_after_a_broken_stack_looks_at_the_vpc_again(
    approved: Walk, people: People, aws_env: Emulator
) -> None:
    full = {"account": approved.account, "region": REGION, "quota": "eks/L-1194D53C"}
    approved.confirm()
    aws_env.control.quotas([{**full, "value": 0}])
    ended = approved.work()
    assert ended is not None
    assert (ended.state, ended.step) == (WorkflowState.PAUSED, "cluster"), ended.message
    subnet = plan_of(approved.deployment).subnet_ids[0]
    untag(approved, subnet)
    aws_env.control.quotas([{**full, "value": 100}])
    go_on(people.owner, approved)
    ended = approved.work()
    assert ended is not None
    assert (ended.state, ended.step) == (WorkflowState.PAUSED, "network"), ended.message
    tag(approved, subnet)
    go_on(people.owner, approved)
    ended = approved.work()
    assert ended is not None
    assert ended.state == WorkflowState.DONE, f"{ended.step}: {ended.message}"


def test_an_approval_that_is_gone_goes_to_a_human_before_anything_is_made(
    approved: Walk, journal: JournalReader
) -> None:
    approved.confirm()
    InfrastructurePlan.objects.update(vpc_approved_hash="0" * 64)
    ended = approved.work()
    assert ended is not None
    assert (ended.state, ended.step) == (WorkflowState.NEEDS_HUMAN, "network")
    assert not [
        one
        for one in journal.effects(approved.account, "CreateStack")
        if approved.deployment.slug in str(one.parameters)
    ]


def test_other_subnets_than_the_confirmed_ones_end_the_launch(approved: Walk, journal: JournalReader) -> None:
    approved.confirm()
    plan = plan_of(approved.deployment)
    plan.subnet_ids = [*plan.subnet_ids[:2], "subnet-0ffffffffffffffff"]
    plan.save()
    ended = approved.work()
    assert ended is not None
    assert (ended.state, ended.step) == (WorkflowState.REFUSED, "choices")
    assert not [
        one
        for one in journal.effects(approved.account, "CreateStack")
        if approved.deployment.slug in str(one.parameters)
    ]


def test_a_roll_back_in_the_middle_leaves_the_vpc_as_it_was(approved: Walk, people: People) -> None:
    plan = plan_of(approved.deployment)
    before = everything_in(approved, plan.vpc_id)
    approved.confirm()
    assert confirm_removal(people.owner, approved).status_code == 302
    ended = approved.work()
    assert ended is not None
    assert ended.state == WorkflowState.DONE, f"{ended.step}: {ended.message}"
    assert everything_in(approved, plan.vpc_id) == before


def test_what_the_cluster_left_in_the_vpc_is_named_and_not_deleted(approved: Walk, people: People) -> None:
    plan = plan_of(approved.deployment)
    approved.confirm().launch()
    ec2 = approved.customer("ec2", REGION)
    cluster = f"clickhouse-cloud-{approved.deployment.slug}"
    left = ec2.create_security_group(
        GroupName="k8s-traffic",
        Description="made by the load balancer controller",
        VpcId=plan.vpc_id,
        TagSpecifications=[
            {"ResourceType": "security-group", "Tags": [{"Key": "elbv2.k8s.aws/cluster", "Value": cluster}]}
        ],
    )["GroupId"]
    theirs = ec2.create_security_group(GroupName="theirs", Description="theirs", VpcId=plan.vpc_id)["GroupId"]
    approved.tear_down()
    html = page(people.owner, "launch", approved.deployment)
    assert f"Security group {left} in {plan.vpc_id} was made by the cluster." in html
    assert theirs not in html
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [plan.vpc_id]}])["SecurityGroups"]
    assert {left, theirs} <= {group["GroupId"] for group in groups}


def test_a_look_by_a_person_is_not_possible_while_the_launch_holds_the_account(approved: Walk) -> None:
    approved.confirm()
    with pytest.raises(WrongStep):
        look_at_vpc(deployment=approved.deployment, vpc_id=plan_of(approved.deployment).vpc_id, by=approved.by)
    assert Workflow.objects.filter(subject_id=approved.deployment.pk, kind=LAUNCH).count() == 1
