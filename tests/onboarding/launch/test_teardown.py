"""The tear-down: what the confirmation shows, what blocks it, what is left, and a roll-back in the middle."""

import re
import time

import pytest

from onboarding.models import Deployment, Stack, StackResource
from onboarding.states import DeploymentState
from portal.workflows import runner
from portal.workflows.models import Workflow
from portal.workflows.states import LIVE, WorkflowState
from tests.emulators import Emulator, JournalReader
from tests.journeys import PATIENCE, Walk
from tests.onboarding.launch.ways import REGION, address, confirm_removal, go_on, hidden, limit, page, text
from tests.people import People


@pytest.fixture
def ready(walk: Walk) -> Walk:
    return walk.launch()


@pytest.fixture
def confirmed(walk: Walk) -> Walk:
    """The launch has begun and nobody has worked on it."""
    return walk.trust().choose().confirm()


def outputs(walk: Walk, kind: str) -> dict[str, str]:
    found: dict[str, str] = Stack.objects.filter(deployment=walk.deployment, kind=kind).latest("generation").outputs
    return found


def test_it_lists_what_goes_and_what_stays_then_goes_and_lists_what_is_left(
    ready: Walk, people: People, journal: JournalReader
) -> None:
    html = page(people.owner, "teardown", ready.deployment)
    vpc_id, bucket = outputs(ready, "network")["VpcId"], outputs(ready, "storage")["SharedBucket"]
    assert html.index("Cluster:") < html.index("Roles:") < html.index("Storage:") < html.index("Network:")
    deleted, stays = html.split("What stays")
    assert vpc_id in deleted
    assert bucket not in deleted
    assert bucket in stays
    assert "clickhouse-cloud-bootstrap" in stays
    assert "A VPC with a peering connection" in stays

    assert confirm_removal(people.owner, ready).status_code == 302
    ended = ready.work()
    assert ended is not None
    assert ended.state == WorkflowState.DONE, f"{ended.step}: {ended.message}"
    assert ready.deployment.state == DeploymentState.REMOVED
    order = [str(one.parameters["StackName"]) for one in journal.effects(ready.account, "DeleteStack")]
    assert [kind for one in order for kind in re.findall(r"-(cluster|roles|storage|network)/", one)] == [
        "cluster", "roles", "storage", "network",
    ]  # fmt: skip
    html = page(people.colleague, "launch", ready.deployment)
    assert "The deployment is removed." in html
    assert f"aws s3api delete-bucket --region {REGION} \\ --bucket {bucket}" in html
    assert f"/aws/eks/clickhouse-cloud-{ready.deployment.slug}/cluster" in html
    assert "--stack-name clickhouse-cloud-bootstrap" in html
    assert "hx-get" not in html
    assert "Roll back" not in html
    buckets = [one["Name"] for one in ready.customer("s3").list_buckets()["Buckets"]]
    assert bucket in buckets
    vpcs = [one["VpcId"] for one in ready.customer("ec2").describe_vpcs()["Vpcs"]]
    assert vpc_id not in vpcs


def test_something_foreign_in_the_vpc_is_named_before_anything_is_deleted(
    ready: Walk, people: People, journal: JournalReader
) -> None:
    ec2, network = ready.customer("ec2"), outputs(ready, "network")
    subnet = network["PrivateSubnetIds"].split(",")[0].strip()
    endpoint = ec2.create_vpc_endpoint(
        VpcId=network["VpcId"],
        ServiceName=f"com.amazonaws.{REGION}.sqs",
        VpcEndpointType="Interface",
        SubnetIds=[subnet],
    )["VpcEndpoint"]["VpcEndpointId"]
    group = ec2.create_security_group(GroupName="theirs", Description="theirs", VpcId=network["VpcId"])["GroupId"]
    confirm_removal(people.owner, ready)
    ended = ready.work()
    assert ended is not None
    assert (ended.state, ended.step) == (WorkflowState.PAUSED, "blockers")
    html = page(people.owner, "launch", ready.deployment)
    assert f"VPC endpoint {endpoint} uses {network['VpcId']} and is not ours." in html
    assert f"Security group {group}" in html
    assert not journal.effects(ready.account, "DeleteStack")

    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    ec2.delete_security_group(GroupId=group)
    assert go_on(people.owner, ready).status_code == 302
    ended = ready.work()
    assert ended is not None
    assert ended.state == WorkflowState.DONE, f"{ended.step}: {ended.message}"
    assert ready.deployment.state == DeploymentState.REMOVED


def test_a_roll_back_in_the_middle_of_the_launch_leaves_nothing(walk: Walk, people: People) -> None:
    walk.trust().choose().confirm()
    live = Workflow.objects.get(connection=walk.connection, state__in=LIVE)
    end = time.monotonic() + PATIENCE
    while not StackResource.objects.filter(stack__deployment=walk.deployment, status="CREATE_COMPLETE").exists():
        assert time.monotonic() < end, "no resource was ever complete"
        runner.run(live.pk)
    html = page(people.owner, "teardown", walk.deployment)
    assert "Roll the launch back" in html
    assert "The launch stops where it stands." in html
    assert confirm_removal(people.owner, walk).status_code == 302
    ended = walk.work()
    assert ended is not None
    assert (ended.kind, ended.state) == ("onboarding.teardown", WorkflowState.DONE), ended.message
    assert walk.deployment.state == DeploymentState.REMOVED
    live.refresh_from_db()
    assert live.state == WorkflowState.CANCELLED
    slug = walk.deployment.slug
    left = [one["VpcId"] for one in walk.customer("ec2").describe_vpcs()["Vpcs"] if slug in str(one)]
    assert left == []
    statuses = {
        one["StackName"]: one["StackStatus"] for one in walk.customer("cloudformation").describe_stacks()["Stacks"]
    }
    assert not [name for name in statuses if slug in name]


def test_a_roll_back_takes_a_stack_with_it_whose_next_attempt_was_not_made_yet(
    walk: Walk, people: People, aws_env: Emulator
) -> None:
    walk.trust().choose()
    limit(aws_env.control, walk.account, "vpc/L-F678F1CE", 0)
    walk.confirm().work()
    go_on(people.owner, walk)  # a second generation stands in the rows, and nobody has worked on it
    assert confirm_removal(people.owner, walk).status_code == 302
    ended = walk.work()
    assert ended is not None
    assert ended.state == WorkflowState.DONE
    stacks = walk.customer("cloudformation").describe_stacks()["Stacks"]
    assert [one["StackName"] for one in stacks] == ["clickhouse-cloud-bootstrap"]
    html = page(people.owner, "launch", walk.deployment)
    assert "/aws/eks/" not in html
    assert "delete-bucket" not in html


def test_an_old_page_deletes_nothing(confirmed: Walk, people: People) -> None:
    answer = confirm_removal(people.owner, confirmed, version=str(confirmed.deployment.version - 1))
    assert answer.status_code == 409
    assert confirmed.deployment.state == DeploymentState.LAUNCH


def test_another_phrase_deletes_nothing_and_is_told_which_one_is_meant(confirmed: Walk, people: People) -> None:
    for typed in ("", "delete", confirmed.deployment.name.upper()):
        answer = confirm_removal(people.owner, confirmed, confirmation=typed)
        assert answer.status_code == 422
        assert confirmed.deployment.name in answer.content.decode()
    assert confirmed.deployment.state == DeploymentState.LAUNCH


def test_two_presses_begin_one_tear_down(confirmed: Walk, people: People) -> None:
    made = confirmed.deployment
    fields = hidden(page(people.owner, "teardown", made)) | {"confirmation": made.name}
    for _ in range(2):
        assert people.owner.post(address("teardown", made), fields).status_code == 302
    assert Workflow.objects.filter(subject_id=made.pk, kind="onboarding.teardown").count() == 1
    assert "There is nothing to take down" in text(page(people.admin, "teardown", made))


def test_before_the_launch_there_is_nothing_to_take_down(people: People, deployment: Deployment) -> None:
    html = page(people.owner, "teardown", deployment)
    assert "There is nothing to take down" in html
    assert "confirmation" not in html
