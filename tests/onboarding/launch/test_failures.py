"""A launch that meets AWS's refusals: what the customer reads, and that it goes on once the cause is mended."""

import pytest

from onboarding.models import Stack, StackResource
from onboarding.states import DeploymentState
from portal.workflows.states import WorkflowState
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.onboarding.launch.ways import address, confirm_removal, go_on, hidden, limit, page, text
from tests.people import People

VPCS = "vpc/L-F678F1CE"


@pytest.fixture
def chosen(walk: Walk) -> Walk:
    """Trust is proven and the infrastructure chosen; nothing is confirmed yet."""
    return walk.prove().choose()


def test_a_full_quota_pauses_names_itself_and_lets_the_launch_go_on(
    chosen: Walk, people: People, aws_env: Emulator, journal: JournalReader
) -> None:
    limit(aws_env.control, chosen.account, VPCS, 0)
    ended = chosen.confirm().work()
    assert ended is not None
    assert (ended.state, ended.step) == (WorkflowState.PAUSED, "network")
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
    ended = chosen.work()
    assert ended is not None
    assert ended.state == WorkflowState.DONE, ended.message
    assert chosen.deployment.state == DeploymentState.READY
    networks = Stack.objects.filter(deployment=chosen.deployment, kind="network").order_by("generation")
    assert [(one.generation, one.status) for one in networks] == [(1, "DELETE_COMPLETE"), (2, "CREATE_COMPLETE")]
    assert len(journal.effects(chosen.account, "CreateVpc")) == 1


def test_a_bucket_name_that_another_account_took_is_named(chosen: Walk, people: People, aws_env: Emulator) -> None:
    name = f"clickhouse-cloud-{chosen.deployment.slug}-{chosen.account}-shared"
    other = Walk(chosen.deployment, chosen.by)
    import boto3

    foreign = boto3.client("s3", region_name="us-east-1", aws_access_key_id="444444444444", aws_secret_access_key="t")
    foreign.create_bucket(Bucket=name)
    ended = chosen.confirm().work()
    assert ended is not None
    assert (ended.state, ended.step) == (WorkflowState.PAUSED, "storage")
    html = page(people.owner, "launch", chosen.deployment)
    assert "A bucket of this name exists already." in html
    assert "complete" in text(html)
    foreign.delete_bucket(Bucket=name)
    go_on(people.owner, chosen)
    assert chosen.work().state == WorkflowState.DONE
    assert other.fresh().deployment.state == DeploymentState.READY
