"""What the cluster made for itself has a moment to go before a tear-down asks the customer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from onboarding.checks.removal import Obstacle
from onboarding.kinds import TEARDOWN
from onboarding.models import InfrastructurePlan, Stack
from onboarding.tasks import removal
from portal.findings.models import Observation
from portal.workflows.models import Workflow
from portal.workflows.shapes import Pause, Wait, Work
from tests.people import People, make_deployment

pytestmark = pytest.mark.django_db
BALANCER = Obstacle(kind="Load balancer", id="k8s-clickhouse-abcd1234", of_cluster=True)
GROUP = Obstacle(kind="Security group", id="sg-1", of_cluster=True)


@pytest.fixture
def work(people: People, monkeypatch: pytest.MonkeyPatch) -> Work:
    """A tear-down that began just now and sees the cluster's balancer and group."""
    deployment = make_deployment(people.organisation)
    InfrastructurePlan.objects.create(
        organisation=people.organisation, deployment=deployment, region="us-east-1", cidr="10.0.0.0/16"
    )
    Stack.objects.create(
        organisation=people.organisation, deployment=deployment, kind="network", stack_id="arn", outputs={"VpcId": "v"}
    )
    monkeypatch.setattr(removal, "look_session", lambda *_given: None)
    see(monkeypatch, BALANCER, GROUP)
    workflow = Workflow(organisation=people.organisation, kind=TEARDOWN, subject_id=deployment.pk)
    return Work(workflow, 1)


def see(monkeypatch: pytest.MonkeyPatch, *obstacles: Obstacle) -> None:
    monkeypatch.setattr(removal, "_obstacles", lambda *_given: list(obstacles))


def test_the_tear_down_waits_for_it(work: Work) -> None:
    outcome = removal.ListBlockers().run(work)
    assert isinstance(outcome, Wait)
    assert "Load balancer k8s-clickhouse-abcd1234, Security group sg-1" in outcome.message["en"]
    assert not Observation.objects.exists()


def test_what_does_not_go_is_the_customers_turn(work: Work) -> None:
    work.workflow.started_at -= timedelta(minutes=2)
    assert isinstance(removal.ListBlockers().run(work), Pause)
    assert Observation.objects.get().verdict == "failed"


def test_something_foreign_is_told_at_once(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    see(monkeypatch, BALANCER, replace(GROUP, of_cluster=False))
    assert isinstance(removal.ListBlockers().run(work), Pause)
