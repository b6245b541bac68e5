"""Looks that fail, hang, come too often or at the wrong moment."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from networking.actions.looks import MOST_LOOKS, TooOften, look_at_vpc, watch
from networking.kinds import LOOK
from networking.tasks import look as task
from networking.upkeep import look_again
from networking.views.vpc import look_token
from onboarding.actions.versions import WrongStep
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.accounts.formkeys import new_key
from portal.aws.errors import Unclear
from portal.aws.facts.shapes import IncompleteAnswerError
from portal.findings.models import Observation
from portal.workflows.journal import SYSTEM
from portal.workflows.models import Workflow
from portal.workflows.shapes import Work
from portal.workflows.states import WorkflowState
from tests.networking.brought import OTHER_VPC, VPC, account_of, bring, facts_document, look, untagged, user_of
from tests.people import People


@pytest.fixture
def brought(people: People) -> Deployment:
    return bring(people)


def end(workflow: Workflow, state: WorkflowState = WorkflowState.DONE) -> None:
    Workflow.objects.filter(pk=workflow.pk).update(state=state, ended_at=timezone.now(), due_at=None)


def press(people: People, deployment: Deployment, vpc: str = VPC, **more: str):
    address = reverse("networking:vpc_look", args=[deployment.pk])
    return people.owner.client.post(address, {"vpc": vpc, "form_key": new_key(), **more})


def open_page_with_a_fault(people: People, deployment: Deployment) -> None:
    """Somebody pressed a minute ago, saw a fault, and has the page open."""
    look(deployment, untagged(facts_document(account_of(deployment))))
    first = look_at_vpc(deployment=deployment, vpc_id=VPC, by=user_of(people))
    end(first)
    Workflow.objects.update(started_at=timezone.now() - timedelta(minutes=5))
    Observation.objects.update(observed_at=timezone.now() - timedelta(minutes=5))
    watch(deployment=deployment)


def test_a_second_press_leaves_the_look_under_way_alone(people: People, brought: Deployment) -> None:
    for _ in range(5):
        assert press(people, brought).status_code == 302
    assert list(Workflow.objects.filter(kind=LOOK).values_list("state", flat=True)) == ["active"]


def test_a_look_that_aws_throttles_keeps_its_back_off_whoever_presses(people: People, brought: Deployment) -> None:
    press(people, brought)
    later = timezone.now() + timedelta(minutes=2)
    Workflow.objects.update(due_at=later, waits=6)
    press(people, brought)
    found = Workflow.objects.get(kind=LOOK)
    assert (found.due_at, found.waits, found.state) == (later, 6, "active")


def test_nobody_looks_more_often_than_the_account_bears(people: People, brought: Deployment) -> None:
    for _ in range(MOST_LOOKS):
        assert press(people, brought).status_code == 302
        end(Workflow.objects.get(kind=LOOK, state="active"))
    answer = press(people, brought)
    assert answer.status_code == 429
    assert "within a minute" in answer.content.decode()
    assert Workflow.objects.filter(kind=LOOK).count() == MOST_LOOKS
    Workflow.objects.update(started_at=timezone.now() - timedelta(seconds=61))
    assert press(people, brought).status_code == 302


def test_going_through_many_vpcs_is_bounded_too(people: People, brought: Deployment) -> None:
    for number in range(MOST_LOOKS):
        look_at_vpc(deployment=brought, vpc_id=f"vpc-0000000{number}", by=user_of(people))
    with pytest.raises(TooOften):
        look_at_vpc(deployment=brought, vpc_id=OTHER_VPC, by=user_of(people))
    assert Workflow.objects.filter(kind=LOOK, state="active").count() == 1


def test_the_portal_by_itself_leaves_a_look_under_way_alone(people: People, brought: Deployment) -> None:
    """One that is throttled, paused or with support would otherwise be given up and begun again each quarter minute."""
    open_page_with_a_fault(people, brought)
    assert look_again() == 1
    for state in (WorkflowState.ACTIVE, WorkflowState.PAUSED, WorkflowState.NEEDS_HUMAN):
        under_way = Workflow.objects.filter(started_by=SYSTEM).get()
        Workflow.objects.filter(pk=under_way.pk).update(state=state, started_at=timezone.now() - timedelta(minutes=5))
        assert look_again() == 0
        under_way.refresh_from_db()
        assert under_way.state == state


def test_a_look_that_brought_nothing_is_not_begun_again_at_once(people: People, brought: Deployment) -> None:
    open_page_with_a_fault(people, brought)
    assert look_again() == 1
    end(Workflow.objects.get(started_by=SYSTEM), WorkflowState.CANCELLED)
    assert look_again() == 0


def test_two_chores_at_a_time_begin_one_look(people: People, brought: Deployment) -> None:
    open_page_with_a_fault(people, brought)
    assert (look_again(), look_again()) == (1, 0)


def test_a_page_of_a_step_that_is_over_starts_no_look(people: People, brought: Deployment) -> None:
    stale = Deployment.objects.get(pk=brought.pk)
    Deployment.objects.filter(pk=brought.pk).update(state=DeploymentState.LAUNCH)
    with pytest.raises(WrongStep):
        look_at_vpc(deployment=stale, vpc_id=VPC, by=user_of(people))
    assert not Workflow.objects.exists()


@pytest.mark.parametrize("name", ["vpc_look", "vpc_choose", "vpc_submit", "vpc_mend", "vpc_facts", "vpc_hand_off"])
@pytest.mark.parametrize("fields", [{}, {"vpc": VPC, "version": "1", "subnets[]": "subnet-0a1b2c3d", "label": "x",
                                         "act": "apply", "plan_hash": "0" * 64}])  # fmt: skip
@pytest.mark.parametrize("state", [DeploymentState.LAUNCH, DeploymentState.READY, DeploymentState.REMOVED])
def test_after_the_launch_every_post_of_the_pages_is_409(
    people: People, brought: Deployment, name: str, fields: dict[str, str], state: DeploymentState
) -> None:
    Deployment.objects.filter(pk=brought.pk).update(state=state)
    before = Deployment.objects.values().get(pk=brought.pk)
    address = reverse(f"networking:{name}", args=[brought.pk])
    answer = people.owner.client.post(address, fields | {"form_key": new_key()})
    assert answer.status_code == 409
    assert Deployment.objects.values().get(pk=brought.pk) == before
    assert not Workflow.objects.exists()


def test_an_answer_without_a_name_is_asked_for_again_and_breaks_nothing(
    people: People, brought: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise IncompleteAnswerError("SubnetId")

    monkeypatch.setattr(task, "open_session", lambda *_a, **_k: None)
    monkeypatch.setattr(task, "read_network", broken)
    workflow = look_at_vpc(deployment=brought, vpc_id=VPC, by=user_of(people))
    with pytest.raises(Unclear) as unclear:
        task.LookAtVpc().run(Work(workflow, 1))
    assert unclear.value.code == "IncompleteAnswerError"


def test_the_page_asks_with_the_token_of_the_moment(people: People, brought: Deployment) -> None:
    address = reverse("networking:vpc_progress", args=[brought.pk])
    brought.refresh_from_db()
    answer = people.owner.client.get(address, {"seen": look_token(brought)}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
