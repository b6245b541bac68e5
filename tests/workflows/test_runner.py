"""What a run makes of a step's answer, of AWS's refusals, and of a database that stumbles."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models.functions import Now
from django_q.models import OrmQ

from portal.accounts.models import User
from portal.aws.errors import AwsProblem, Refused, Throttled, Unclear
from portal.aws.models import Connection
from portal.aws.sessions import DoorClosed, WrongAccount
from portal.aws.states import ConnectionState
from portal.findings.languages import heard
from portal.support.models import Ticket
from portal.support.states import TicketKind
from portal.workflows import actions, runner
from portal.workflows.models import Event, Workflow
from portal.workflows.shapes import Done, HumanNeeded, Outcome, Pause, Wait, Work
from portal.workflows.states import Turn, WorkflowState
from tests.people import make_staff
from tests.workflows.conftest import Script, fresh, make_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db: None) -> User:
    return make_staff("support@vendor.example")


def raising(problem: Exception) -> Any:
    def act(_work: Work) -> Outcome:
        raise problem

    return act


def test_steps_follow_each_other_and_the_last_one_ends_the_workflow(workflow: Workflow, script: Script) -> None:
    runner.run(workflow.pk)
    assert fresh(workflow).step == "second"
    runner.run(workflow.pk)
    row = fresh(workflow)
    assert (row.state, row.turn, row.due_at) == (WorkflowState.DONE, Turn.NOBODY, None)
    assert row.ended_at is not None
    assert script.settled == [WorkflowState.DONE]
    assert [event.code for event in Event.objects.order_by("at")] == ["workflow.step", "workflow.done"]


def test_a_look_that_changes_nothing_shown_leaves_the_version(workflow: Workflow, script: Script) -> None:
    script.act = lambda _work: Wait(seconds=0, message={"en": "AWS works"})
    runner.run(workflow.pk)
    version = fresh(workflow).version
    runner.run(workflow.pk)
    assert fresh(workflow).version == version
    assert len(script.progressed) == 1


@pytest.mark.parametrize("problem", [Throttled, Unclear])
def test_patience_is_asked_for_without_troubling_the_customer(
    workflow: Workflow, script: Script, problem: type[AwsProblem]
) -> None:
    script.act = raising(problem("cloudformation:DescribeStacks", "Throttling", "Rate exceeded"))
    for _ in range(8):
        make_due(workflow)
        runner.run(workflow.pk)
    row = fresh(workflow)
    assert (row.state, row.attempts, row.waits, row.turn) == (WorkflowState.ACTIVE, 0, 8, Turn.US)
    assert row.message == {}
    assert Workflow.objects.filter(due_at__gt=Now() + timedelta(seconds=1)).exists()


def test_an_expired_session_is_opened_anew(workflow: Workflow, script: Script) -> None:
    """F-26: nothing that the customer must know of."""
    script.act = raising(Refused("cloudformation:DescribeStacks", "ExpiredToken", "The token is expired", "req-1"))
    runner.run(workflow.pk)
    assert (fresh(workflow).state, fresh(workflow).turn) == (WorkflowState.ACTIVE, Turn.US)


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("sts:AssumeRole", "RequestTimeTooSkewed"),
        ("cloudformation:CreateStack", "RequestTimeTooSkewed"),
        ("cloudformation:DescribeStacks", "SignatureDoesNotMatch"),
        ("sts:AssumeRole", "InvalidClientTokenId"),
        ("sts:AssumeRole", "ExpiredToken"),
    ],
)
def test_what_is_wrong_with_our_own_clock_or_keys_is_an_alarm_of_ours(
    workflow: Workflow, script: Script, caplog: pytest.LogCaptureFixture, operation: str, code: str
) -> None:
    """F-27: one look a minute and an alarm, never a storm, and nothing laid at the customer's door."""
    Connection.objects.update(state=ConnectionState.PROVEN)
    script.act = raising(Refused(operation, code, "said AWS", "req-1"))
    runner.run(workflow.pk)
    row = fresh(workflow)
    assert (row.state, row.turn) == (WorkflowState.ACTIVE, Turn.US)
    assert Workflow.objects.filter(due_at__gt=Now() + timedelta(seconds=50)).exists()
    assert Connection.objects.get().state == ConnectionState.PROVEN
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_permission_that_is_missing_is_named_and_the_work_can_go_on(
    workflow: Workflow, script: Script, staff: User
) -> None:
    """F-28 and F-29."""
    script.act = raising(Refused("ec2:DescribeVpcs", "UnauthorizedOperation", "not yours", "req-1"))
    runner.run(workflow.pk)
    row = fresh(workflow)
    assert (row.state, row.turn) == (WorkflowState.PAUSED, Turn.YOU)
    said = heard(row.message, "")
    assert all(word in said for word in ("ec2:DescribeVpcs", "UnauthorizedOperation", "req-1"))
    script.act = lambda _work: Done()
    actions.go_on(workflow=row, by=staff)
    runner.run(workflow.pk)
    assert fresh(workflow).step == "second"


def test_a_role_that_no_longer_opens_pauses_and_trust_is_proven_anew_on_return(
    workflow: Workflow, script: Script, staff: User
) -> None:
    """F-38. The stack that the customer puts back may trust differently, so the work begins at its first step."""
    Connection.objects.update(state=ConnectionState.PROVEN)
    runner.run(workflow.pk)
    script.act = raising(Refused("sts:AssumeRole", "AccessDenied", "not authorized", "req-1"))
    runner.run(workflow.pk)
    row = fresh(workflow)
    assert (row.state, row.turn, row.step) == (WorkflowState.PAUSED, Turn.YOU, "first")
    assert Connection.objects.get().state == ConnectionState.LOST
    assert row.connection.account_id in heard(row.message, "")
    script.act, script.ran = lambda _work: Done(), []
    actions.go_on(workflow=row, by=staff)
    runner.run(workflow.pk)
    runner.run(workflow.pk)
    assert script.ran == ["first", "second"]


@pytest.mark.parametrize(
    ("problem", "kind"),
    [(DoorClosed("closed"), TicketKind.STUCK), (WrongAccount("1"), TicketKind.WRONG_ACCOUNT)],
)
def test_a_door_that_must_stay_shut_is_a_matter_for_support(
    workflow: Workflow, script: Script, problem: Exception, kind: TicketKind
) -> None:
    script.act = raising(problem)
    runner.run(workflow.pk)
    assert (fresh(workflow).state, fresh(workflow).turn) == (WorkflowState.NEEDS_HUMAN, Turn.SUPPORT)
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.workflow_id, ticket.organisation_id) == (kind, workflow.pk, workflow.organisation_id)


def test_each_time_that_a_human_is_needed_there_is_one_ticket(workflow: Workflow, script: Script, staff: User) -> None:
    script.act = lambda _work: HumanNeeded(message={"en": "Look at vpc-1."})
    runner.run(workflow.pk)
    assert heard(Ticket.objects.get().summary, "") == "Look at vpc-1."
    actions.ring_again(workflow=fresh(workflow), by=staff, reason="looked")
    runner.run(workflow.pk)
    assert Ticket.objects.count() == 2


def test_an_unknown_kind_of_work_stops_for_a_human(workflow: Workflow) -> None:
    Workflow.objects.update(kind="from.tomorrow")
    runner.run(workflow.pk)
    assert fresh(workflow).state == WorkflowState.NEEDS_HUMAN


def test_an_unknown_step_stops_for_a_human(workflow: Workflow, script: Script) -> None:
    """F-56: the row was written by a newer version."""
    Workflow.objects.update(step="third")
    runner.run(workflow.pk)
    assert fresh(workflow).state == WorkflowState.NEEDS_HUMAN
    assert script.ran == []


def test_what_takes_longer_than_it_ever_should_stops_for_a_human(
    workflow: Workflow, script: Script, staff: User
) -> None:
    Workflow.objects.update(deadline_at=Now() - timedelta(seconds=1))
    runner.run(workflow.pk)
    assert fresh(workflow).state == WorkflowState.NEEDS_HUMAN
    assert script.ran == []
    actions.ring_again(workflow=fresh(workflow), by=staff, reason="it may go on")
    runner.run(workflow.pk)
    assert script.ran == ["first"]


def test_a_deadlock_repeats_the_whole_record_and_not_the_step(
    workflow: Workflow, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-52."""
    stumbling(monkeypatch, times=2)
    runner.run(workflow.pk)
    assert script.ran == ["first"]
    assert fresh(workflow).step == "second"
    assert Event.objects.count() == 1
    assert OrmQ.objects.count() == 2


def test_a_database_that_stays_away_leaves_the_work_for_the_next_look(
    workflow: Workflow, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    stumbling(monkeypatch, times=3)
    with pytest.raises(OperationalError):
        runner.run(workflow.pk)
    row = fresh(workflow)
    assert (row.step, row.attempts, row.leased_until) == ("first", 1, None)
    make_due(workflow)
    runner.run(workflow.pk)
    assert fresh(workflow).step == "second"


def test_a_paused_workflow_is_not_looked_at(workflow: Workflow, script: Script) -> None:
    script.act = lambda _work: Pause(message={"en": "Yours."})
    runner.run(workflow.pk)
    make_due(workflow)
    runner.run(workflow.pk)
    assert script.ran == ["first"]


def test_what_staff_do_to_a_workflow_shows_on_its_page_at_once(workflow: Workflow, script: Script, staff: User) -> None:
    actions.hand_to_human(workflow=workflow, by=staff, reason="odd")
    assert script.progressed == [workflow.version]
    actions.ring_again(workflow=workflow, by=staff, reason="fine")
    actions.cancel(workflow=workflow, by=staff, reason="enough")
    assert len(script.progressed) == 3


def stumbling(monkeypatch: pytest.MonkeyPatch, *, times: int) -> None:
    """The database breaks off the recording transaction at its very end, so many times."""
    really, left = runner._follow, [times]

    def follow(*facts: Any) -> None:
        really(*facts)
        if left[0]:
            left[0] -= 1
            raise OperationalError("deadlock detected")

    monkeypatch.setattr(runner, "_follow", follow)
