"""Of all who want to work on a workflow one does; whoever lost it can neither write nor send."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.db.models.functions import Now
from django.utils import timezone

from portal.accounts.models import User
from portal.workflows import actions, leases, runner
from portal.workflows.models import Event, Workflow
from portal.workflows.shapes import Done, Finished, Outcome, Wait, Work
from portal.workflows.states import WorkflowState
from tests.people import make_staff
from tests.workflows.conftest import Script, claimed, expire, fresh, in_thread, make_due

pytestmark = pytest.mark.django_db


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What several threads answer that begin at the same moment, each on its own database connection."""
    gate = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(number: int) -> None:
        gate.wait()
        answers[number] = in_thread(acts[number])()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_at_once_one_gets_the_lease(workflow: Workflow) -> None:
    answers = at_once([lambda: leases.claim(workflow.pk)] * 8)
    assert len([work for work in answers if work is not None]) == 1
    row = fresh(workflow)
    assert (row.fence, row.attempts) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_message_that_comes_twice_at_once_is_one_look(workflow: Workflow, script: Script) -> None:
    """F-8 and F-9: the queue delivers again while the first delivery still runs."""

    def slow(_work: Work) -> Outcome:
        time.sleep(0.4)
        return Wait(seconds=60)

    script.act = slow
    at_once([lambda: runner.run(workflow.pk)] * 4)
    assert script.ran == ["first"]
    assert fresh(workflow).waits == 1


def test_a_lease_ends_by_the_databases_clock(workflow: Workflow, monkeypatch: pytest.MonkeyPatch) -> None:
    """F-27: a host that is an hour ahead takes nobody's lease, and one that is behind does not keep its own."""
    work = claimed(workflow)
    make_due(workflow)
    ahead = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: ahead)
    assert leases.claim(workflow.pk) is None
    leases.hold(work)
    behind = timezone.now() - timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: behind)
    expire(workflow)
    with pytest.raises(leases.LeaseLost):
        leases.hold(work)
    assert leases.claim(workflow.pk) is not None


def test_a_lease_that_ran_out_is_lost_though_nobody_took_it(workflow: Workflow) -> None:
    work = claimed(workflow)
    expire(workflow)
    with pytest.raises(leases.LeaseLost):
        leases.hold(work)


def test_two_leases_never_share_a_fence(workflow: Workflow) -> None:
    """A worker that stops between taking the lease and reading it must not read the next one's fence."""
    later: list[Work | None] = []

    def overtaken(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if sql.startswith("UPDATE") and "fence" in sql and not later:
            later.append(None)
            expire(workflow)
            later[0] = leases.claim(workflow.pk)
        return answer

    with database.execute_wrapper(overtaken):
        slept = claimed(workflow)
    assert later[0] is not None
    assert (slept.fence, later[0].fence) == (1, 2)
    with pytest.raises(leases.LeaseLost):
        leases.hold(slept)
    leases.hold(later[0])


def test_the_attempt_is_counted_before_the_work(workflow: Workflow, script: Script) -> None:
    seen: list[int] = []

    def look(work: Work) -> Outcome:
        seen.append(fresh(work.workflow).attempts)
        return Wait(seconds=0)

    script.act = look
    runner.run(workflow.pk)
    assert seen == [1]
    assert fresh(workflow).attempts == 0


def test_a_step_that_breaks_off_gives_the_lease_back_and_keeps_its_attempt(workflow: Workflow, script: Script) -> None:
    def broken(_work: Work) -> Outcome:
        raise ZeroDivisionError

    script.act = broken
    with pytest.raises(ZeroDivisionError):
        runner.run(workflow.pk)
    row = fresh(workflow)
    assert (row.leased_until, row.attempts, row.state) == (None, 1, WorkflowState.ACTIVE)
    assert Workflow.objects.filter(pk=row.pk, due_at__gt=Now()).exists()


def test_the_queues_time_limit_gives_the_lease_back(workflow: Workflow, script: Script) -> None:
    """django-q2 ends a task that takes too long with SystemExit (F-12)."""

    def endless(_work: Work) -> Outcome:
        raise SystemExit

    script.act = endless
    with pytest.raises(SystemExit):
        runner.run(workflow.pk)
    assert (fresh(workflow).leased_until, fresh(workflow).attempts) == (None, 1)


def test_a_step_that_always_breaks_off_runs_five_times_and_then_stops_for_a_human(
    workflow: Workflow, script: Script
) -> None:
    def broken(_work: Work) -> Outcome:
        raise SystemExit

    script.act = broken
    for _ in range(5):
        make_due(workflow)
        with pytest.raises(SystemExit):
            runner.run(workflow.pk)
    make_due(workflow)
    runner.run(workflow.pk)
    assert len(script.ran) == 5
    assert fresh(workflow).state == WorkflowState.NEEDS_HUMAN
    make_due(workflow)
    runner.run(workflow.pk)
    assert len(script.ran) == 5


def test_a_sleeper_that_wakes_writes_nothing(workflow: Workflow, script: Script) -> None:
    """F-7: its lease ran out, another worker took the workflow and ended it."""

    def sleep(_work: Work) -> Outcome:
        expire(workflow)
        script.act = lambda _inner: Finished(message={"en": "by the second"})
        runner.run(workflow.pk)
        return Wait(seconds=5, message={"en": "by the first"})

    script.act = sleep
    runner.run(workflow.pk)
    row = fresh(workflow)
    assert (row.state, row.message) == (WorkflowState.DONE, {"en": "by the second"})
    assert (row.fence, row.attempts) == (2, 0)
    assert script.settled == [WorkflowState.DONE]
    assert Event.objects.filter(workflow=workflow).count() == 1


@pytest.fixture
def staff(db: None) -> User:
    return make_staff("support@vendor.example")


@pytest.mark.parametrize("state", [WorkflowState.CANCELLED, WorkflowState.NEEDS_HUMAN])
def test_who_is_stopped_by_a_person_can_write_nothing_more(
    workflow: Workflow, script: Script, staff: User, state: WorkflowState
) -> None:
    def stopped(_work: Work) -> Outcome:
        act = actions.cancel if state == WorkflowState.CANCELLED else actions.hand_to_human
        act(workflow=fresh(workflow), by=staff, reason="told to")
        return Done(message={"en": "too late"})

    script.act = stopped
    runner.run(workflow.pk)
    row = fresh(workflow)
    assert (row.state, row.step, row.message) == (state, "first", {})
    assert row.due_at is None
    assert script.ran == ["first"]


def test_a_run_that_lost_its_lease_does_not_give_back_anothers(workflow: Workflow) -> None:
    first = claimed(workflow)
    expire(workflow)
    second = claimed(workflow)
    leases.release(first, after=0)
    leases.hold(second)
