"""What happens to peerings by itself: looks while a page is open, a look a day, and one letter for what matters."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from networking.actions.peering_watches import watch_peering
from networking.kinds import PEERING_LOOK, UNPEER
from networking.models import Peering, PeeringConnection, PeeringFault
from networking.peering_upkeep import look_at_open, remind, tell_faults, verify_daily
from networking.states import PeeringState
from portal.findings.models import Observation
from portal.support.models import Ticket
from portal.support.states import TicketKind
from portal.workflows.models import Letter, Workflow
from portal.workflows.registry import plan_of
from portal.workflows.states import WorkflowState
from tests.networking.peered import accepter, peered, record, record_requested, requester, unrouted
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def connected(people: People) -> Peering:
    peering = peered(people, access=True)
    record(peering)
    assert peering.state == PeeringState.CONNECTED
    return peering


def aged(peering: Peering, **age: float) -> None:
    """The last look was that long ago."""
    Observation.objects.filter(subject_id=peering.pk).update(observed_at=timezone.now() - timedelta(**age))


def test_a_connected_peering_is_looked_at_once_a_day(connected: Peering) -> None:
    assert verify_daily() == 0
    aged(connected, hours=25)
    assert verify_daily() == 1
    assert verify_daily() == 0, "one is under way"
    assert Workflow.objects.get().kind == PEERING_LOOK
    assert Workflow.objects.get().started_by == "system"


def test_a_removed_peering_is_left_alone(connected: Peering) -> None:
    aged(connected, hours=25)
    Peering.objects.update(state=PeeringState.REMOVED)
    assert verify_daily() == 0


def test_an_open_page_is_looked_at_again_until_the_peering_is_connected(people: People) -> None:
    peering = peered(people, access=True)
    record_requested(peering)
    assert look_at_open() == 0, "nobody has the page open"
    watch_peering(peering=peering)
    assert look_at_open() == 0, "the last look is fresh"
    aged(peering, seconds=30)
    assert look_at_open() == 1
    Workflow.objects.update(state="done")
    aged(peering, seconds=30)
    Peering.objects.update(state=PeeringState.CONNECTED)
    assert look_at_open() == 0


def test_a_vanished_route_is_told_once_and_again_only_when_it_breaks_anew(connected: Peering) -> None:
    record(connected, unrouted(requester(connected)))
    connected.refresh_from_db()
    assert connected.state == PeeringState.BROKEN
    assert tell_faults() == 1
    letters = Letter.objects.filter(subject__contains="no longer works")
    assert letters.count() == 2, "the owner and the admin"
    assert "rtb-0b0b0b0b0b0b0b0ba" in letters[0].body
    record(connected, unrouted(requester(connected)))
    assert tell_faults() == 0
    record(connected)
    assert PeeringFault.objects.filter(mended_at__isnull=True).count() == 0
    record(connected, unrouted(requester(connected)))
    assert tell_faults() == 1
    assert letters.count() == 4


def test_a_rule_that_vanished_is_told_to_support_as_well(connected: Peering) -> None:
    (group,) = requester(connected).security_groups or ()
    record(connected, requester(connected, security_groups=(replace(group, inbound=()),)))
    assert tell_faults() == 1
    assert Ticket.objects.get(kind=TicketKind.INBOUND_RULE).summary["en"].startswith("sg-")
    assert "Support has been told" in Letter.objects.filter(subject__contains="no longer works")[0].body


def test_people_are_reminded_once_before_a_request_expires(people: People) -> None:
    peering = peered(people, access=True)
    record_requested(peering)
    PeeringConnection.objects.update(expires_at=timezone.now() + timedelta(days=5))
    assert remind() == 0
    PeeringConnection.objects.update(expires_at=timezone.now() + timedelta(hours=30))
    remind()
    remind()
    assert Letter.objects.filter(subject__contains="expires within two days").count() == 2


@pytest.mark.parametrize("status", ["rejected", "expired", "failed"])
def test_the_end_of_a_request_is_told_once(people: People, status: str) -> None:
    peering = peered(people, access=True)
    record_requested(peering)
    record_requested(peering, status)
    remind()
    remind()
    letters = Letter.objects.filter(subject__contains="a peering connection ended")
    assert letters.count() == 2
    assert "start a new request" in letters[0].body


def test_a_removal_that_others_finish_by_hand_ends_with_the_next_look(people: People) -> None:
    peering = peered(people, access=True)
    record(peering, requester(peering, peerings=(), security_groups=()), accepter(peering, peerings=()))
    Peering.objects.update(state=PeeringState.REMOVING)
    connection = peering.deployment.connection
    values = {
        "organisation": peering.organisation, "connection": connection, "subject_id": peering.deployment_id,
        "deadline_at": timezone.now(), "state": WorkflowState.DONE,
    }  # fmt: skip
    Workflow.objects.create(kind=UNPEER, data={"peering": str(peering.pk), "named": []}, **values)
    look = Workflow.objects.create(kind=PEERING_LOOK, data={"peering": str(peering.pk)}, **values)
    watch_peering(peering=peering)
    aged(peering, seconds=30)
    assert look_at_open() == 1, "the open page of a removal is looked at as well"
    Workflow.objects.filter(state=WorkflowState.ACTIVE).delete()
    plan = plan_of(PEERING_LOOK)
    assert plan is not None
    plan.settled(look)
    peering.refresh_from_db()
    assert peering.state == PeeringState.REMOVED
