"""Looking at a region: who may ask, what happens to what was typed, and when the page stops asking."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from onboarding.kinds import LAUNCH, SURVEY
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from onboarding.survey_work import SurveyWork
from portal.workflows import actions as workflows
from portal.workflows.models import Event, Workflow
from portal.workflows.states import WorkflowState
from tests.onboarding.infrastructure.account import ZONES, address, fields, look, survey
from tests.people import People


def press(people: People, deployment: Deployment, region: str, person: str = "owner", **changes: str) -> str:
    """Presses «Look at this region» with the whole form, and returns where it leads."""
    who = getattr(people, person)
    sent = fields(who.client, address("infrastructure", deployment), region=region, **changes)
    answer = who.post(address("survey_region", deployment), sent)
    assert answer.status_code == 302
    return str(answer["Location"])


def live(deployment: Deployment) -> Workflow:
    return Workflow.objects.get(connection=deployment.connection, state=WorkflowState.ACTIVE)


def test_an_admin_starts_a_look_at_another_region(people: People, deployment: Deployment) -> None:
    where = press(people, deployment, "eu-west-1", "admin")
    assert where == address("infrastructure", deployment) + "?region=eu-west-1"
    work = live(deployment)
    assert (work.kind, work.data) == (SURVEY, {"region": "eu-west-1"})
    assert Event.objects.get(code="region.looked").workflow == work


def test_what_was_typed_survives_the_look(people: People, deployment: Deployment) -> None:
    where = press(people, deployment, "eu-west-1", cidr="10.55.0.0/17", other_zones="eu-west-1a euw1-az2")
    page = people.owner.get(where).content.decode()
    assert 'value="10.55.0.0/17" autocomplete' in page
    assert "eu-west-1a euw1-az2" in page
    assert '<option value="eu-west-1" selected>' in page


def test_a_viewer_and_a_stranger_start_nothing(people: People, deployment: Deployment) -> None:
    sent = fields(people.viewer.client, address("infrastructure", deployment))
    assert people.viewer.post(address("survey_region", deployment), sent).status_code == 403
    assert people.stranger.post(address("survey_region", deployment), sent).status_code == 404
    assert not Workflow.objects.exists()


@pytest.mark.parametrize("region", ["", "eu-central-9", "US-EAST-1", "attacker", "cn-north-1"])
def test_a_region_off_the_list_is_refused(people: People, deployment: Deployment, region: str) -> None:
    sent = fields(people.owner.client, address("infrastructure", deployment), region=region)
    answer = people.owner.post(address("survey_region", deployment), sent)
    assert answer.status_code == 422
    assert not Workflow.objects.exists()


def test_a_look_at_another_region_takes_the_place_of_the_running_one(people: People, deployment: Deployment) -> None:
    press(people, deployment, "eu-west-1")
    first = live(deployment)
    press(people, deployment, "eu-west-2")
    first.refresh_from_db()
    assert first.state == WorkflowState.CANCELLED
    assert live(deployment).data == {"region": "eu-west-2"}


def test_a_second_press_for_the_same_region_makes_no_second_look(people: People, deployment: Deployment) -> None:
    press(people, deployment, "eu-west-1")
    first = live(deployment)
    press(people, deployment, "eu-west-1", "admin")
    assert live(deployment) == first


def test_other_work_in_the_account_is_not_disturbed(people: People, deployment: Deployment) -> None:
    assert deployment.connection is not None
    other = workflows.start(kind=LAUNCH, connection=deployment.connection, subject_id=people.organisation.pk, by="test")
    sent = fields(people.owner.client, address("infrastructure", deployment))
    answer = people.owner.post(address("survey_region", deployment), sent)
    assert answer.status_code == 409
    assert "Something else is at work in this account" in answer.content.decode()
    other.refresh_from_db()
    assert other.state == WorkflowState.ACTIVE


def test_what_support_holds_is_left_to_support(people: People, deployment: Deployment) -> None:
    press(people, deployment, "eu-west-1")
    work = live(deployment)
    assert people.staff.user is not None
    workflows.hand_to_human(workflow=work, by=people.staff.user, reason="odd answers")
    sent = fields(people.owner.client, address("infrastructure", deployment))
    assert people.owner.post(address("survey_region", deployment), sent).status_code == 409
    work.refresh_from_db()
    assert work.state == WorkflowState.NEEDS_HUMAN


def fragment_address(page: str) -> str:
    """Where the page asks for its live part; empty when it does not ask."""
    found = re.search(r'id="survey" hx-get="([^"]+)"', page)
    return found.group(1).replace("&amp;", "&") if found else ""


def test_a_page_without_a_running_look_asks_for_nothing(people: People, deployment: Deployment) -> None:
    page = people.owner.get(address("infrastructure", deployment)).content.decode()
    assert fragment_address(page) == ""
    assert "every 2s" not in page


def test_the_live_part_says_nothing_new_then_brings_everything_and_stops(
    people: People, deployment: Deployment
) -> None:
    page = people.owner.get(press(people, deployment, "us-east-1")).content.decode()
    assert "We are reading us-east-1 in your account" in page
    asked = fragment_address(page)
    again = people.owner.get(asked, headers={"HX-Request": "true"})
    assert (again.status_code, again.content) == (204, b"")

    look(deployment, survey())
    Workflow.objects.update(state=WorkflowState.DONE)
    Deployment.objects.filter(pk=deployment.pk).update(shown=99)
    ticked = "&zones[]=use1-az6&zones[]=use1-az2&cidr=10.0.0.0/16"
    done = people.owner.get(asked + ticked, headers={"HX-Request": "true"}).content.decode()
    assert fragment_address(done) == ""
    assert done.count('hx-swap-oob="true"') == 3
    assert "10.0.0.0/16 touches nothing that we know of" in done
    assert re.search(r'value="use1-az6" id="zone-use1-az6" checked', done)
    assert not re.search(r'value="use1-az1" id="zone-use1-az1" checked', done)


def test_an_unchanged_live_part_costs_three_queries(
    people: People, deployment: Deployment, django_assert_max_num_queries: Any
) -> None:
    asked = fragment_address(people.owner.get(press(people, deployment, "us-east-1")).content.decode())
    with django_assert_max_num_queries(3):
        assert people.owner.get(asked, headers={"HX-Request": "true"}).status_code == 204


def test_a_look_given_up_elsewhere_ends_the_asking(
    people: People, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = fragment_address(people.owner.get(press(people, deployment, "us-east-1")).content.decode())
    workflows.cancel(workflow=live(deployment), by="test")
    monkeypatch.setattr("onboarding.views.infrastructure.look_token", lambda one: f"{one.shown}.next-minute")
    answer = people.owner.get(asked, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert fragment_address(answer.content.decode()) == ""


def test_the_live_part_opened_directly_is_no_secret_door(people: People, deployment: Deployment) -> None:
    path = address("infrastructure_progress", deployment)
    assert people.stranger.get(path).status_code == 404
    assert people.anonymous.get(path).status_code == 302
    assert people.viewer.get(path).status_code == 200


def test_a_look_that_was_refused_says_why_and_stops(people: People, deployment: Deployment) -> None:
    press(people, deployment, "us-east-1")
    said = {"en": "AWS refused the read-only role.", "ja": "AWS refused the read-only role."}
    Workflow.objects.update(state=WorkflowState.REFUSED, message=said)
    page = people.owner.get(address("infrastructure", deployment)).content.decode()
    assert "AWS refused the read-only role." in page
    assert fragment_address(page) == ""


def test_a_slow_look_says_so(people: People, deployment: Deployment) -> None:
    press(people, deployment, "us-east-1")
    assert SurveyWork.of(deployment).stalled == ""
    Workflow.objects.update(started_at=timezone.now() - timedelta(minutes=5))
    assert "You may leave the page" in SurveyWork.of(deployment).stalled


def test_the_zones_stand_beside_those_of_another_account(people: People, deployment: Deployment) -> None:
    path = address("infrastructure", deployment)
    pasted = "us-east-1a use1-az1\nus-east-1b use1-az4\nus-east-1c use1-az9"
    answer = people.owner.post(path, fields(people.owner.client, path, other_zones=pasted, compare="1"))
    assert answer.status_code == 303
    page = " ".join(people.owner.get(path).content.decode().split())
    assert "2 of the 3 chosen zones are in the other account as well" in page
    assert "not in the pasted map" in page
    assert "not in this account" in page
    assert all(f'value="{zone}"' in page for zone in ZONES)


def test_zones_that_cannot_be_chosen_are_left_out_with_the_reason(people: People, deployment: Deployment) -> None:
    page = " ".join(people.owner.get(address("infrastructure", deployment)).content.decode().split())
    assert "2 zones are left out" in page
    assert "<code>use1-az3</code> (us-east-1e): AWS does not run EKS control planes there." in page
    assert "<code>use1-az5</code> (us-east-1f): AWS reports it as impaired." in page
    assert 'id="zone-use1-az3"' not in page


def test_a_paused_look_is_taken_up_again(people: People, deployment: Deployment) -> None:
    press(people, deployment, "eu-west-1")
    Workflow.objects.update(state=WorkflowState.PAUSED, message={"en": "The role is gone.", "ja": "The role is gone."})
    page = people.owner.get(address("infrastructure", deployment)).content.decode()
    assert "The role is gone." in page
    assert fragment_address(page) == ""
    press(people, deployment, "eu-west-1")
    assert live(deployment).data == {"region": "eu-west-1"}


def test_nobody_looks_for_a_deployment_that_is_being_launched(people: People, deployment: Deployment) -> None:
    sent = fields(people.owner.client, address("infrastructure", deployment))
    Deployment.objects.filter(pk=deployment.pk).update(state=DeploymentState.LAUNCH)
    assert people.owner.post(address("survey_region", deployment), sent).status_code == 409
    assert not Workflow.objects.exists()


@pytest.mark.parametrize("region", ["attacker", "eu-central-9", "%00", "us-east-1%0d%0aX: y", "<b>"])
def test_a_region_in_the_address_is_only_taken_from_the_list(
    people: People, deployment: Deployment, region: str
) -> None:
    for name in ("infrastructure", "infrastructure_progress", "address_plan"):
        answer = people.owner.get(f"{address(name, deployment)}?region={region}")
        assert answer.status_code == (400 if region == "%00" else 200)
        assert "in attacker" not in answer.content.decode()
        assert "<b>" not in answer.content.decode()
