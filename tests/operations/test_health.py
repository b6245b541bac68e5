"""The health address tells what is alive; only a missing database is a failure."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.workflows.models import Heartbeat
from tests.operations.production import manage


@pytest.mark.django_db
def test_a_worker_never_seen_is_told_and_no_failure() -> None:
    answer = Client().get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "worker_seen": None, "sweeper_seen": None}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_it_gives_the_seconds_since_each_was_seen_in_one_query(django_assert_num_queries) -> None:
    now = timezone.now()
    Heartbeat.objects.create(name="cluster", at=now - timedelta(hours=2))
    Heartbeat.objects.create(name="sweeper", at=now - timedelta(seconds=30))
    with django_assert_num_queries(1):
        told = Client().get("/health/").json()
    assert 7200 <= told["worker_seen"] < 7210
    assert 30 <= told["sweeper_seen"] < 40


@pytest.mark.django_db
def test_a_clock_that_is_behind_shows_no_negative_seconds() -> None:
    Heartbeat.objects.create(name="sweeper", at=timezone.now() + timedelta(seconds=30))
    assert Client().get("/health/").json()["sweeper_seen"] == 0


def test_without_a_database_it_answers_503_and_without_tls_it_is_not_sent_on() -> None:
    """Production's settings, whose database listens nowhere."""
    run = manage(
        "shell", "--no-imports", "--command",
        "from django.test import Client; c = Client(SERVER_NAME='portal.example'); a = c.get('/health/')\n"
        "print(a.status_code, a.content.decode()); print(c.get('/account/login/').status_code)",
    )  # fmt: skip
    first, second = run.stdout.strip().splitlines()
    assert first.split(" ", 1)[0] == "503", run.stderr
    assert json.loads(first.split(" ", 1)[1]) == {"database": "away", "worker_seen": None, "sweeper_seen": None}
    assert second == "301"
