"""The processes beside tests: they work on the test's database, and end with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.workflows.models import Heartbeat
from tests.processes import LivePortal, Workers, wait_for


def beats(name: str) -> bool:
    return Heartbeat.objects.filter(name=name, at__gt=timezone.now() - timedelta(seconds=30)).exists()


@pytest.mark.crash
def test_a_worker_works_on_the_tests_database_and_leaves_nothing_behind(workers: Workers) -> None:
    worker = workers.start()
    wait_for(lambda: beats("sweeper") and beats("cluster"), what="the worker gives signs of life")
    assert len(worker.family()) > 2
    worker.stop()
    assert worker.family() == {}


@pytest.mark.crash
def test_a_killed_worker_takes_its_whole_family_with_it(workers: Workers) -> None:
    worker = workers.start()
    wait_for(lambda: beats("cluster"), what="the worker gives signs of life")
    worker.kill()
    assert worker.family() == {}


@pytest.mark.browser
def test_the_live_portal_answers_a_browser(live_portal: LivePortal, open_page: object) -> None:
    page = open_page()  # type: ignore[operator]
    answer = page.goto("/account/login/")
    assert answer.status == 200
    assert page.url.startswith(live_portal.url)
