"""Two people press at the same moment on a peering's page (F-57): one thing happens, on either database."""

import pytest

from networking.actions.peering_work import remove_peering, start_steps
from networking.kinds import PEER, UNPEER
from networking.models import Peering
from networking.peering.plan import PeeringPlan
from networking.peering.standing import standing_of
from networking.states import PeeringState, PeeringStep
from onboarding.actions.versions import Stale, WrongStep
from portal.workflows.actions import Busy
from portal.workflows.models import Event, Workflow
from tests.networking import peered
from tests.networking.brought import user_of
from tests.networking.peering_pages import allow_writes
from tests.networking.test_requests_at_the_same_moment import at_once
from tests.people import People, make_people

pytestmark = pytest.mark.django_db(transaction=True)
ROUTES = (PeeringStep.ROUTES,)


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


@pytest.fixture
def peering(people: People) -> Peering:
    """The request waits to be accepted, no route leads to it, and the roles may peer."""
    row = peered.peered(people)
    peered.record_requested(row)
    allow_writes(row)
    return Peering.objects.get(pk=row.pk)


def test_of_two_confirmations_one_starts_the_work(people: People, peering: Peering) -> None:
    shown, version = PeeringPlan.of(standing_of(peering), ROUTES).shown, peering.version
    persons = [person.user for person in (people.owner, people.admin)]

    def press(by: object) -> Workflow:
        row = Peering.objects.get(pk=peering.pk)
        return start_steps(peering=row, steps=ROUTES, plan_hash=shown, version=version, by=by)

    answers = at_once(*[lambda by=by: press(by) for by in persons])
    work = Workflow.objects.get()
    assert [answer for answer in answers if isinstance(answer, Workflow)] == [work]
    assert any(isinstance(answer, Stale | Busy) for answer in answers)
    peering.refresh_from_db()
    assert peering.version == version + 1
    assert Event.objects.filter(code="peering.work").count() == 1


def test_of_work_and_removal_one_begins(people: People, peering: Peering) -> None:
    standing, version, by = standing_of(peering), peering.version, user_of(people)
    plan, removal = PeeringPlan.of(standing, ROUTES).shown, PeeringPlan.of_removal(standing, frozenset()).shown

    def begin() -> Workflow:
        row = Peering.objects.get(pk=peering.pk)
        return start_steps(peering=row, steps=ROUTES, plan_hash=plan, version=version, by=by)

    def remove() -> Workflow:
        row = Peering.objects.get(pk=peering.pk)
        return remove_peering(peering=row, named=frozenset(), plan_hash=removal, version=version, by=by)

    answers = at_once(begin, remove)
    work = Workflow.objects.get()
    assert [answer for answer in answers if isinstance(answer, Workflow)] == [work]
    assert any(isinstance(answer, Stale | Busy | WrongStep) for answer in answers)
    peering.refresh_from_db()
    ends = {PEER: PeeringState.SETTING_UP, UNPEER: PeeringState.REMOVING}
    assert peering.state == ends[work.kind]
