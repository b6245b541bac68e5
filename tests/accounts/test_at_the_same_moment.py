"""Two posts at the same moment: the database decides which of them is the first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from onboarding.models import Deployment, OnboardingRequest
from onboarding.requests.actions import approve
from portal.accounts.actions import change_role, invite, remove_member, token_hash
from portal.accounts.formkeys import new_key
from portal.accounts.models import FormKey, Invitation, Membership, User
from portal.accounts.refusals import ActionRefused
from portal.accounts.states import Role
from portal.workflows.models import Letter
from tests.people import People, join, make_people, make_user
from tests.staff.rows import make_request


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


def _together[T](*acts: Callable[[], T]) -> list[T]:
    """Each act in a thread and a database connection of its own, all started at once."""
    start = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        try:
            start.wait(10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except ActionRefused:
        return True
    return False


def test_a_form_sent_five_times_at_once_does_its_work_once(people: People) -> None:
    fields = {
        "form_key": new_key(),
        "company": "Acme",
        "email": "a@customer.example",
        "account_id": "222222222222",
        "region": "us-east-1",
    }
    answers = _together(*[lambda: Client().post("/request/", fields)] * 5)
    assert {answer.status_code for answer in answers} == {302}
    assert OnboardingRequest.objects.count() == 1
    assert FormKey.objects.count() == 1


def test_a_link_used_twice_at_once_makes_one_person(people: People) -> None:
    invitation = invite(
        organisation=people.organisation, email="new@customer.example", role=Role.ADMIN, by=people.owner.user
    )
    Invitation.objects.filter(pk=invitation.pk).update(token_hash=token_hash("the-token"))
    fields = {"name": "", "password": "a long sentence about engines"}
    answers = _together(*[lambda: Client().post("/people/invitation/the-token/", fields)] * 4)
    landed = [answer.headers.get("Location", "").partition("?")[0] for answer in answers]
    assert landed.count("/people/protect/") == 1
    # The others come too late, or find that the address has an account by now.
    assert set(landed) <= {"/people/protect/", "", "/account/login/"}
    assert User.objects.filter(email="new@customer.example").count() == 1
    assert Membership.objects.filter(user__email="new@customer.example").count() == 1


def test_two_of_staff_approve_at_once_and_one_organisation_is_made(people: People) -> None:
    request = make_request()

    def act() -> bool:
        return _refused(lambda: approve(request=OnboardingRequest.objects.get(pk=request.pk), by=people.staff.user))

    assert sorted(_together(act, act, act)) == [False, True, True]
    assert Deployment.objects.count() == 1
    assert Letter.objects.count() == 1


def test_two_owners_who_leave_at_once_do_not_both_go(people: People) -> None:
    second = join(make_user("second@customer.example"), people.organisation, Role.OWNER)
    first = Membership.objects.get(user=people.owner.user)
    outcomes = _together(
        lambda: _refused(lambda: remove_member(membership=first, by=people.owner.user)),
        lambda: _refused(lambda: change_role(membership=second, role=Role.VIEWER, by=second.user)),
    )
    assert sorted(outcomes) == [False, True]
    assert Membership.objects.filter(organisation=people.organisation, role=Role.OWNER).count() == 1
