"""Old keys and sessions are swept away; what still serves stays."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.accounts.formkeys import new_key
from portal.accounts.models import FormKey
from portal.workflows.models import Heartbeat
from portal.workflows.sweeper import sweep
from tests.people import People

HOURS = timedelta(hours=1)


def form_key(age: timedelta) -> str:
    return FormKey.objects.create(key=new_key(), used_at=timezone.now() - age).key


@pytest.mark.django_db
def test_a_sweep_forgets_form_keys_older_than_two_days() -> None:
    old, young = form_key(49 * HOURS), form_key(47 * HOURS)
    sweep()
    assert set(FormKey.objects.values_list("key", flat=True)) == {young}
    assert old != young


@pytest.mark.django_db
def test_form_keys_are_looked_at_once_an_hour() -> None:
    sweep()
    form_key(49 * HOURS)
    sweep()
    assert FormKey.objects.count() == 1
    Heartbeat.objects.filter(name="form keys").update(at=timezone.now() - 61 / 60 * HOURS)
    sweep()
    assert FormKey.objects.count() == 0


def test_expired_sessions_go_once_a_day_and_living_ones_stay(people: People) -> None:
    alive, ended = people.owner.client.session.session_key, people.admin.client.session.session_key
    Session.objects.filter(session_key=ended).update(expire_date=timezone.now() - HOURS)
    long_ago = timezone.now() - 48 * HOURS
    for person, key in ((people.owner, alive), (people.admin, ended)):
        line = UserSession.objects.create(
            user=person.user, session_key=key, ip="127.0.0.1", user_agent="x", created_at=long_ago
        )
        UserSession.objects.filter(pk=line.pk).update(created_at=long_ago)
    sweep()
    assert Session.objects.filter(session_key=alive).exists()
    assert not Session.objects.filter(session_key=ended).exists()
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [alive]
    assert people.owner.get("/people/profile/").status_code == 200


@pytest.mark.django_db
def test_housekeeping_leaves_the_heartbeats_of_the_worker_alone() -> None:
    sweep()
    names = set(Heartbeat.objects.values_list("name", flat=True))
    assert {"sweeper", "form keys", "sessions"} <= names
    assert "cluster" not in names
