"""Asking for a look at a peering: which is refused, which is the one under way, how many an account bears."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from networking.actions.looks import TooOften
from networking.actions.peering_looks import look_at_peering
from networking.kinds import PEER, PEERING_LOOK
from networking.models import Peering
from networking.states import PeeringState
from onboarding.actions.versions import WrongStep
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.workflows.actions import Busy
from portal.workflows.journal import SYSTEM
from portal.workflows.models import Event, Workflow
from portal.workflows.states import WorkflowState
from tests.networking import peered as scene
from tests.networking.brought import user_of
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def peering(people: People) -> Peering:
    return scene.peered(people)


def test_a_person_s_look_is_told_and_pressed_twice_it_is_one(people: People, peering: Peering) -> None:
    first = look_at_peering(peering=peering, by=user_of(people))
    assert (first.kind, first.subject_id, first.data) == (
        PEERING_LOOK, peering.deployment_id, {"peering": str(peering.pk)})  # fmt: skip
    assert look_at_peering(peering=peering, by=user_of(people)) == first
    assert Event.objects.filter(code="peering.looked").count() == 1


def test_a_look_at_another_peering_is_given_up_for_this_one(people: People, peering: Peering) -> None:
    columns = Peering.objects.values().get(pk=peering.pk)
    other = Peering.objects.create(**{**columns, "id": uuid4(), "vpc_id": "vpc-0d0d0d0d0d0d0d0d0"})
    first = look_at_peering(peering=other, by=user_of(people))
    second = look_at_peering(peering=peering, by=user_of(people))
    first.refresh_from_db()
    assert (first.state, second.state) == (WorkflowState.CANCELLED, WorkflowState.ACTIVE)


def test_other_work_on_the_account_comes_first(people: People, peering: Peering) -> None:
    Workflow.objects.create(
        organisation=people.organisation, connection=peering.deployment.connection, kind=PEER,
        subject_id=peering.deployment_id, started_by="x", deadline_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    with pytest.raises(Busy):
        look_at_peering(peering=peering, by=user_of(people))


def test_an_account_bears_three_looks_a_minute_and_one_is_left_to_people(people: People, peering: Peering) -> None:
    for _ in range(2):
        look_at_peering(peering=peering, by=SYSTEM)
        Workflow.objects.update(state=WorkflowState.DONE)
    with pytest.raises(TooOften):
        look_at_peering(peering=peering, by=SYSTEM)
    look_at_peering(peering=peering, by=user_of(people))
    Workflow.objects.update(state=WorkflowState.DONE)
    with pytest.raises(TooOften, match="Wait a minute"):
        look_at_peering(peering=peering, by=user_of(people))


def test_what_is_over_is_not_looked_at(people: People, peering: Peering) -> None:
    Peering.objects.filter(pk=peering.pk).update(state=PeeringState.REMOVED)
    with pytest.raises(WrongStep):
        look_at_peering(peering=peering, by=user_of(people))
    Peering.objects.filter(pk=peering.pk).update(state=PeeringState.CONNECTED)
    Deployment.objects.filter(pk=peering.deployment_id).update(state=DeploymentState.TEARDOWN)
    with pytest.raises(WrongStep):
        look_at_peering(peering=peering, by=user_of(people))
    assert not Workflow.objects.exists()
