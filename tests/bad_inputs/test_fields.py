"""Regions, numbers, versions and the order of steps, sent by hand (rows 46 to 48, 81, 96 to 103)."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from onboarding.models import Deployment, OnboardingRequest
from onboarding.states import DeploymentState
from portal.accounts.formkeys import new_key
from portal.workflows.models import Workflow
from tests.metatests.doors.shapes import Scene
from tests.people import make_deployment

REGIONS = [
    "eu-central-9", "attacker", "US-EAST-1", "us-east-1\nx", "cn-north-1", "us-gov-west-1",
    "us-east-1.evil.example", "../us-east-1", "ｕｓ-east-1", "", " ",
]  # fmt: skip
NUMBERS = ["1e3", "０", "１", "-1", "+1", "NaN", "1_000", str(10**40), "1.0", " 1 2", "0x1", "", "true", "01"]


@pytest.mark.usefixtures("unchanged")
def test_a_region_that_is_not_on_the_list_is_refused_where_it_is_asked_for(scene: Scene) -> None:
    asked = {"company": "C", "email": "c@customer.example", "account_id": "300000000001"}
    survey = reverse("onboarding:survey_region", args=[scene.deployment.pk])
    for region in REGIONS:
        cache.clear()  # the limit of requests from one address
        answer = scene.people.anonymous.post("/request/", {**asked, "region": region, "form_key": new_key()})
        assert answer.status_code == 422, repr(region)
        assert 'id="error_' in answer.content.decode(), repr(region)
        looked = scene.people.owner.post(survey, {"region": region, "form_key": new_key()})
        assert looked.status_code in {409, 422}, repr(region)
    assert not OnboardingRequest.objects.exists()
    assert not Workflow.objects.filter(kind__contains="survey").exists()


def test_a_version_that_is_no_plain_number_is_refused(scene: Scene) -> None:
    fresh = make_deployment(scene.people.organisation)
    fields = {"name": "renamed", "account_id": "300000000009", "account_kind": "dedicated", "form_key": new_key()}
    path = reverse("onboarding:account", args=[fresh.pk])
    for number in NUMBERS:
        assert scene.people.owner.post(path, {**fields, "version": number}).status_code == 422, number
    before = fresh.name
    fresh.refresh_from_db()
    assert (fresh.connection, fresh.name, fresh.version) == (None, before, 1)


def test_a_page_kept_for_long_is_told_that_it_is_old(scene: Scene) -> None:
    fresh = make_deployment(scene.people.organisation)
    kept = {"name": "renamed", "account_id": "300000000009", "account_kind": "dedicated", "form_key": new_key()}
    Deployment.objects.filter(pk=fresh.pk).update(version=7)
    answer = scene.people.owner.post(reverse("onboarding:account", args=[fresh.pk]), {**kept, "version": "1"})
    assert answer.status_code == 409
    fresh.refresh_from_db()
    assert (fresh.connection, fresh.version) == (None, 7)


def test_the_same_form_sent_twice_does_one_thing_and_leads_to_the_same_place(scene: Scene) -> None:
    fresh = make_deployment(scene.people.organisation)
    fields = {
        "name": "renamed", "account_id": "300000000009", "account_kind": "dedicated", "form_key": new_key(),
        "version": "1",
    }  # fmt: skip
    first, second = (
        scene.people.owner.post(reverse("onboarding:account", args=[fresh.pk]), fields) for _twice in range(2)
    )
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    fresh.refresh_from_db()
    assert fresh.connection is not None
    assert Workflow.objects.filter(connection=fresh.connection).count() <= 1


AHEAD = {
    "onboarding:infrastructure": {"region": "us-east-1", "cidr": "10.4.0.0/16", "vpc_mode": "ours"},
    "onboarding:survey_region": {"region": "us-east-1"},
    "onboarding:declare_range": {"kind": "peer", "label": "x", "cidr": "10.9.0.0/16"},
    "onboarding:review": {"confirmation": "launch", "shown": "x"},
    "onboarding:launch_resume": {},
}


@pytest.mark.parametrize("name", AHEAD)
@pytest.mark.parametrize("state", [DeploymentState.ACCOUNT, DeploymentState.REMOVED])
def test_a_post_for_another_step_changes_nothing(scene: Scene, name: str, state: DeploymentState) -> None:
    fresh = make_deployment(scene.people.organisation, state=state)
    before = Deployment.objects.filter(pk=fresh.pk).values().get()
    fields = {**AHEAD[name], "version": "1", "form_key": new_key()}
    answer = scene.people.owner.post(reverse(name, args=[fresh.pk]), fields)
    assert answer.status_code in {409, 422}
    assert Deployment.objects.filter(pk=fresh.pk).values().get() == before
    assert not fresh.declared_ranges.exists()
    assert not Workflow.objects.filter(subject_id=fresh.pk).exists()


@pytest.mark.parametrize("step", ["0", "7", "2.5", "final", "../admin", "%2e%2e"])
def test_a_step_that_does_not_exist_is_missing(scene: Scene, step: str) -> None:
    path = f"/deployments/{scene.deployment.pk}/{step}/"
    assert scene.people.owner.get(path).status_code == 404
    assert scene.people.owner.post(path).status_code == 404
