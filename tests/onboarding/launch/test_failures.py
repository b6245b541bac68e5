"""A launch that meets AWS's refusals: what the customer reads, and that it goes on once the cause is mended."""

import time
from typing import Any

import boto3
import pytest

from onboarding.models import Stack, StackResource
from onboarding.states import DeploymentState
from portal.workflows import runner
from portal.workflows.models import Workflow
from portal.workflows.states import LIVE, WorkflowState
from tests.emulators import Emulator, JournalReader
from tests.journeys import PATIENCE, Walk
from tests.onboarding.launch.ways import address, go_on, hidden, limit, page, text
from tests.people import People

VPCS = "vpc/L-F678F1CE"
DEPLOYMENT_ROLE = "ClickHouseDeploymentRole"


@pytest.fixture
def chosen(walk: Walk) -> Walk:
    """Trust is proven and the infrastructure chosen; nothing is confirmed yet."""
    return walk.trust().choose()


def paused_at(walk: Walk, step: str) -> Workflow:
    """Works until the launch pauses, at `step`."""
    ended = walk.work()
    assert ended is not None
    assert (ended.state, ended.step) == (WorkflowState.PAUSED, step), ended.message
    return ended


def first_stack(walk: Walk) -> Stack:
    """Works until AWS is making the network."""
    live = Workflow.objects.get(connection=walk.connection, state__in=LIVE)
    made = Stack.objects.filter(deployment=walk.deployment, kind="network", status="CREATE_IN_PROGRESS")
    end = time.monotonic() + PATIENCE
    while (network := made.first()) is None:
        assert time.monotonic() < end, "the network was never seen in the making"
        runner.run(live.pk)
    return network


def stranger_s3() -> Any:
    """S3 as an account that has nothing to do with ours."""
    return boto3.client("s3", region_name="us-east-1", aws_access_key_id="444444444444", aws_secret_access_key="test")


def finished(walk: Walk) -> None:
    ended = walk.work()
    assert ended is not None
    assert ended.state == WorkflowState.DONE, f"{ended.step}: {ended.message}"
    assert walk.deployment.state == DeploymentState.READY


def test_a_full_quota_pauses_names_itself_and_lets_the_launch_go_on(
    chosen: Walk, people: People, aws_env: Emulator, journal: JournalReader
) -> None:
    limit(aws_env.control, chosen.account, VPCS, 0)
    paused_at(chosen.confirm(), "network")
    html = page(people.owner, "launch", chosen.deployment)
    reason = StackResource.objects.get(stack__deployment=chosen.deployment, logical_id="Vpc").reason
    assert "ServiceLimitExceeded" in reason
    assert reason in html
    assert "The quota «VPCs per Region» of us-east-1 is used up." in html
    assert "/servicequotas/home/services/vpc/quotas/L-F678F1CE?region=us-east-1" in html
    assert "rolled back" in text(html)
    assert "hx-get" not in html

    limit(aws_env.control, chosen.account, VPCS, 5)
    assert go_on(people.owner, chosen).status_code == 302
    finished(chosen)
    networks = Stack.objects.filter(deployment=chosen.deployment, kind="network").order_by("generation")
    assert [(one.generation, one.status) for one in networks] == [(1, "DELETE_COMPLETE"), (2, "CREATE_COMPLETE")]
    assert len(journal.effects(chosen.account, "CreateVpc")) == 1
    html = page(people.owner, "launch", chosen.deployment)
    assert "The deployment is ready." in html
    assert networks[1].outputs["VpcId"] in html
    assert f"clickhouse-cloud-{chosen.deployment.slug}-{chosen.account}-backup" in html
    assert "Private access by VPC peering" in html


def test_a_bucket_name_that_another_account_took_is_named(chosen: Walk, people: People, aws_env: Emulator) -> None:
    name = f"clickhouse-cloud-{chosen.deployment.slug}-{chosen.account}-shared"
    foreign = stranger_s3()
    foreign.create_bucket(Bucket=name)
    paused_at(chosen.confirm(), "storage")
    html = page(people.owner, "launch", chosen.deployment)
    assert "A bucket of this name exists already." in html
    assert "AlreadyExists" in html
    foreign.delete_bucket(Bucket=name)
    go_on(people.owner, chosen)
    finished(chosen)


def test_a_permission_that_was_taken_away_is_named_with_the_template_that_has_it(
    chosen: Walk, people: People, aws_env: Emulator
) -> None:
    iam = chosen.customer("iam")
    attached = iam.list_attached_role_policies(RoleName=DEPLOYMENT_ROLE)["AttachedPolicies"]
    for policy in attached:
        iam.detach_role_policy(RoleName=DEPLOYMENT_ROLE, PolicyArn=policy["PolicyArn"])
    paused_at(chosen.confirm(), "network")
    html = page(people.owner, "launch", chosen.deployment)
    assert f"{DEPLOYMENT_ROLE} may not do ec2:" in html
    assert "Template version 3 grants it: update the bootstrap stack" in html
    assert address("bootstrap", chosen.deployment) in html
    for policy in attached:
        iam.attach_role_policy(RoleName=DEPLOYMENT_ROLE, PolicyArn=policy["PolicyArn"])
    go_on(people.owner, chosen)
    finished(chosen)


def test_a_stack_that_the_customer_deleted_is_made_again_only_when_they_say_so(
    chosen: Walk, people: People, journal: JournalReader
) -> None:
    network = first_stack(chosen.confirm())
    chosen.customer("cloudformation").delete_stack(StackName=network.stack_id)
    ended = paused_at(chosen, "network")
    assert "was deleted in your account" in ended.message["en"]
    assert "was deleted in your account" in page(people.colleague, "launch", chosen.deployment)
    assert len([one for one in journal.effects(chosen.account, "CreateStack") if network.name in str(one)]) == 1
    go_on(people.owner, chosen)
    finished(chosen)


def test_an_earlier_stack_that_went_missing_meanwhile_is_noticed(
    chosen: Walk, people: People, aws_env: Emulator
) -> None:
    name = f"clickhouse-cloud-{chosen.deployment.slug}-{chosen.account}-shared"
    foreign = stranger_s3()
    foreign.create_bucket(Bucket=name)
    paused_at(chosen.confirm(), "storage")
    network = Stack.objects.get(deployment=chosen.deployment, kind="network")
    cloudformation = chosen.customer("cloudformation")
    cloudformation.delete_stack(StackName=network.stack_id)
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=network.stack_id, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    foreign.delete_bucket(Bucket=name)
    go_on(people.owner, chosen)
    assert "was deleted in your account" in paused_at(chosen, "network").message["en"]
    go_on(people.owner, chosen)
    finished(chosen)
    vpc_id = Stack.objects.get(deployment=chosen.deployment, kind="network", generation=2).outputs["VpcId"]
    assert vpc_id in page(people.owner, "launch", chosen.deployment)


def test_a_role_that_goes_missing_pauses_and_says_what_to_put_back(chosen: Walk, people: People) -> None:
    first_stack(chosen.confirm())
    iam, role = chosen.customer("iam"), "ClickHouseVerifierRole"
    for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=role, PolicyArn=policy["PolicyArn"])
    for inline in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=inline)
    iam.delete_role(RoleName=role)
    ended = chosen.work()
    assert ended is not None
    assert ended.state == WorkflowState.PAUSED
    html = page(people.owner, "launch", chosen.deployment)
    assert f"We no longer get into account {chosen.account}. Nothing was deleted" in html
    assert address("bootstrap", chosen.deployment) in html
    assert address("launch_resume", chosen.deployment) in html


def test_a_double_click_on_go_on_resumes_once(chosen: Walk, people: People, aws_env: Emulator) -> None:
    limit(aws_env.control, chosen.account, VPCS, 0)
    workflow = paused_at(chosen.confirm(), "network")
    key = {"form_key": hidden(page(people.owner, "launch", chosen.deployment))["form_key"]}
    first = people.owner.post(address("launch_resume", chosen.deployment), key)
    second = people.owner.post(address("launch_resume", chosen.deployment), key)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    workflow.refresh_from_db()
    assert workflow.data["round"] == 1
    assert Stack.objects.filter(deployment=chosen.deployment, kind="network").count() == 2
    third = people.owner.post(address("launch_resume", chosen.deployment), {"form_key": "k" * 43})
    assert third.status_code == 409
    workflow.refresh_from_db()
    assert workflow.data["round"] == 1
