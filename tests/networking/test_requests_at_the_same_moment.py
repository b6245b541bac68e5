"""Two people press at the same moment: each thing happens once, on either database."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from networking.actions.hand_offs import MOST_FILES, MOST_OPEN, hand_off, take_facts_by_link
from networking.actions.vpc_requests import approve_request, ask_back, submit_vpc
from networking.models import HandOff, HandOffUse, VpcRequest
from onboarding.models import Deployment
from portal.support.models import Ticket
from portal.workflows.models import Letter
from tests.networking.brought import VPC, bring, look, user_of
from tests.people import People, make_people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Runs all of them in threads of their own that start together; what each returned or raised."""
    ready, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        ready.wait()
        try:
            answers[number] = acts[number]()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_two_presses_send_one_request(people: People) -> None:
    deployment = bring(people)
    look(deployment)
    version, by = deployment.version, user_of(people)

    def press() -> VpcRequest:
        return submit_vpc(deployment=Deployment.objects.get(pk=deployment.pk), version=version, by=by)

    first, second = at_once(press, press)
    assert first == second == VpcRequest.objects.get()
    assert Ticket.objects.count() == 1


def test_of_two_decisions_one_counts(people: People) -> None:
    deployment = bring(people)
    look(deployment)
    request = submit_vpc(deployment=deployment, version=deployment.version, by=user_of(people))
    staff = people.staff.user
    assert staff is not None
    answers = at_once(
        lambda: approve_request(request=VpcRequest.objects.get(pk=request.pk), by=staff, reason="Fine."),
        lambda: ask_back(request=VpcRequest.objects.get(pk=request.pk), by=staff, reason="Which gateway?"),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["ActionRefused", "NoneType"]
    kinds = {letter.key.split(":")[1] for letter in Letter.objects.all()}
    assert kinds in ({"vpc-approved"}, {"vpc-asked-back"})


def test_the_limit_of_open_links_holds(people: People) -> None:
    deployment = bring(people)
    by = user_of(people)
    for number in range(MOST_OPEN - 1):
        hand_off(deployment=deployment, vpc_id=VPC, label=f"team {number}", by=by)
    answers = at_once(*[lambda: hand_off(deployment=deployment, vpc_id=VPC, label="one more", by=by)] * 3)
    assert sorted(type(answer).__name__ for answer in answers) == ["TooMany", "TooMany", "tuple"]
    assert HandOff.objects.count() == MOST_OPEN


def test_the_limit_of_files_holds(people: People) -> None:
    deployment = bring(people)
    link, _token = hand_off(deployment=deployment, vpc_id=VPC, label="team", by=user_of(people))
    HandOffUse.objects.bulk_create(
        [HandOffUse(organisation=people.organisation, hand_off=link, act="refused") for _ in range(MOST_FILES - 1)]
    )
    answers = at_once(*[lambda: take_facts_by_link(hand_off=link, data=b"{")] * 3)
    assert sorted(type(answer).__name__ for answer in answers) == ["FactsRefused", "TooMany", "TooMany"]
    assert HandOffUse.objects.count() == MOST_FILES
