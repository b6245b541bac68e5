"""Declared networks: who may name them, what is refused, and what they do to the address plan."""

from typing import Any

import pytest

from onboarding.models import DeclaredRange, Deployment
from onboarding.states import DeploymentState
from tests.onboarding.infrastructure.account import address, at_infrastructure, between, choose
from tests.people import People, Person


def declare(person: Person, deployment: Deployment, **changes: str) -> Any:
    page = person.get(address("infrastructure", deployment)).content.decode()
    sent = {
        "form_key": between(page, 'name="form_key" value="', '"'),
        "range-version": between(page, 'name="version" value="', '"'),
        "range-kind": "peer",
        "range-label": "analytics",
        "range-cidr": "10.20.0.0/16",
        **changes,
    }
    return person.post(address("declare_range", deployment), sent)


def page_of(person: Person, deployment: Deployment) -> str:
    return " ".join(person.get(address("infrastructure", deployment)).content.decode().split())


def test_an_admin_declares_a_network_and_sees_it_on_the_map(people: People, deployment: Deployment) -> None:
    assert declare(people.admin, deployment).status_code == 302
    page = page_of(people.owner, deployment)
    assert "<title>10.20.0.0/16 · analytics</title>" in page
    assert "map-peer" in page
    assert DeclaredRange.objects.get().organisation == people.organisation


def test_a_network_that_meets_the_chosen_range_is_noted_and_told_at_once(
    people: People, deployment: Deployment
) -> None:
    choose(deployment, people.owner)
    declare(people.owner, deployment, **{"range-cidr": "10.9.32.0/20"})
    assert "10.9.0.0/16 contains 10.9.32.0/20 of analytics, network to be peered." in page_of(people.owner, deployment)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"range-cidr": "10.20.0.1/16"}, "has bits set behind its prefix"),
        ({"range-cidr": "127.0.0.0/8"}, "no network can use"),
        ({"range-cidr": "10.0.0.0/16,10.1.0.0/16"}, "Enter one range only"),
        ({"range-label": ""}, "Enter a name."),
        ({"range-kind": "moon"}, "Select a valid choice"),
    ],
)
def test_a_malformed_network_comes_back_with_its_reason(
    people: People, deployment: Deployment, changes: dict[str, str], sentence: str
) -> None:
    answer = declare(people.owner, deployment, **changes)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    assert "<details open>" in text
    assert not DeclaredRange.objects.exists()


def test_a_viewer_declares_and_removes_nothing(people: People, deployment: Deployment) -> None:
    declare(people.owner, deployment)
    (declared,) = DeclaredRange.objects.all()
    assert people.viewer.post(address("declare_range", deployment)).status_code == 403
    assert people.viewer.post(address("remove_range", deployment, range_id=declared.pk)).status_code == 403
    assert "Declare a network" not in page_of(people.viewer, deployment)
    assert DeclaredRange.objects.exists()


def test_a_network_of_another_organisation_does_not_exist(people: People, deployment: Deployment) -> None:
    foreign = DeclaredRange.objects.create(
        organisation=people.elsewhere,
        deployment=at_infrastructure(people.elsewhere),
        kind="peer",
        label="theirs",
        cidr="10.30.0.0/16",
    )
    assert people.owner.post(address("remove_range", deployment, range_id=foreign.pk)).status_code == 404
    assert "10.30.0.0/16" not in page_of(people.owner, deployment)
    assert DeclaredRange.objects.filter(pk=foreign.pk).exists()


def test_a_network_is_taken_back(people: People, deployment: Deployment) -> None:
    declare(people.owner, deployment)
    (declared,) = DeclaredRange.objects.all()
    page = people.owner.get(address("infrastructure", deployment)).content.decode()
    sent = {"form_key": between(page, 'name="form_key" value="', '"')}
    assert people.owner.post(address("remove_range", deployment, range_id=declared.pk), sent).status_code == 302
    assert not DeclaredRange.objects.exists()


def test_nothing_is_declared_after_the_confirmation(people: People, deployment: Deployment) -> None:
    page = people.owner.get(address("infrastructure", deployment)).content.decode()
    Deployment.objects.filter(pk=deployment.pk).update(state=DeploymentState.LAUNCH)
    sent = {
        "form_key": between(page, 'name="form_key" value="', '"'),
        "range-version": "1",
        "range-kind": "peer",
        "range-label": "late",
        "range-cidr": "10.40.0.0/16",
    }
    assert people.owner.post(address("declare_range", deployment), sent).status_code == 409
    assert not DeclaredRange.objects.exists()
