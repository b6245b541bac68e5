"""One message, one step: claim the lease, run the current step, record what it answered and ring again.

Recording is one transaction, conditional on the fence: the row, its event and the next message stand or fall together.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.aws.errors import BLOCKED, DENIED, EXPIRED, AwsProblem, Refused, Throttled, is_ours
from portal.aws.models import Connection
from portal.aws.sessions import DoorClosed, WrongAccount
from portal.aws.states import ConnectionPurpose, ConnectionState
from portal.findings.languages import Spoken, heard, spoken
from portal.workflows import doorbell, leases, ports, registry
from portal.workflows.journal import tell
from portal.workflows.models import Workflow
from portal.workflows.shapes import Done, Finished, HumanNeeded, Outcome, Pause, Plan, Refusal, Wait, Work
from portal.workflows.states import Matter, Turn, WorkflowState
from portal.workflows.times import backed_off

log = structlog.get_logger(__name__)


def run(workflow_id: UUID) -> None:
    """Looks at a workflow once. Does nothing when it is held, not due, or over."""
    work = leases.claim(workflow_id)
    if work is None:
        return
    plan = registry.plan_of(work.workflow.kind)
    finished = False
    try:
        outcome = _stop_sign(plan, work) or _one_step(plan, work)
        _record(plan, work, outcome)
        finished = True
    except leases.LeaseLost:
        finished = True
        log.warning("lease_lost", workflow=str(workflow_id), fence=work.fence)
    finally:
        # Also on SystemExit (the queue's timeout): the attempt stays counted, the next look comes soon.
        if not finished:
            leases.release(work, after=2.0 * work.workflow.attempts)


def _stop_sign(plan: Plan | None, work: Work) -> Outcome | None:
    """Why no step is run at all."""
    workflow = work.workflow
    if plan is None or not plan.knows(workflow.step):
        return HumanNeeded(message=spoken(lambda: _("This version of the portal does not know this kind of work.")))
    if workflow.attempts > settings.WORKFLOW["max_attempts"]:
        return HumanNeeded(
            message=spoken(
                lambda: _("The step broke off %(n)d times. Support looks at it.") % {"n": workflow.attempts - 1}
            )
        )
    if timezone.now() > workflow.deadline_at:
        return HumanNeeded(message=spoken(lambda: _("This took longer than it ever should. Support looks at it.")))
    return None


def _one_step(plan: Plan | None, work: Work) -> Outcome:
    assert plan is not None
    try:
        return plan.step(work.workflow.step).run(work)
    except AwsProblem as problem:
        return _answer_to(work, problem)
    except DoorClosed:
        return HumanNeeded(message=spoken(lambda: _("The link to the AWS account is closed. Support looks at it.")))
    except WrongAccount:
        return HumanNeeded(
            message=spoken(lambda: _("AWS answered for another account. The link is locked until support has looked.")),
            matter=Matter.WRONG_ACCOUNT,
        )


def _answer_to(work: Work, problem: AwsProblem) -> Outcome:
    """What a look that AWS did not answer well means."""
    if is_ours(problem):
        log.error("own_clock_or_keys", operation=problem.operation, code=problem.code, request_id=problem.request_id)
        return Wait(
            seconds=60,
            message=spoken(lambda: _("AWS does not accept our own clock or keys. We are on it.")),
            turn=Turn.US,
        )
    if isinstance(problem, Throttled) or not isinstance(problem, Refused) or problem.code in EXPIRED:
        return Wait(
            seconds=backed_off(work.workflow.waits), message=work.workflow.message, turn=Turn(work.workflow.turn)
        )
    if problem.operation == "sts:AssumeRole" and problem.code in DENIED | BLOCKED:
        return lost_access(work)
    return Pause(message=_details(problem), turn=Turn.YOU)


def lost_access(work: Work) -> Pause:
    """A role that worked before no longer opens: the customer removed the stack, or the account is suspended.

    The stack that comes back may trust differently, so the work begins at its first step again.
    """
    Connection.objects.filter(pk=work.workflow.connection_id, state=ConnectionState.PROVEN).update(
        state=ConnectionState.LOST
    )
    connection = work.workflow.connection
    return Pause(message=spoken(lambda: _shut(connection) % {"account": connection.account_id}), rewind=True)


def _shut(connection: Connection) -> str:
    if connection.purpose == ConnectionPurpose.TARGET:
        return _("Account %(account)s no longer lets us in. Put the stack of the peering role back, then look again.")
    return _("Account %(account)s no longer lets us in. Put the bootstrap stack back, then press «Go on».")


def _details(problem: AwsProblem) -> Spoken:
    return spoken(
        lambda: (
            _("AWS refused %(operation)s: %(code)s. %(text)s (request %(id)s)")
            % {
                "operation": problem.operation,
                "code": problem.code,
                "text": problem.text,
                "id": problem.request_id or "–",
            }
        )
    )


def _record(plan: Plan | None, work: Work, outcome: Outcome) -> None:
    """Writes what came of the run; the whole transaction is tried again on a deadlock or serialization failure."""
    for attempt in range(3):
        try:
            with transaction.atomic(durable=True):
                _write(plan, work, outcome)
            return
        except OperationalError:
            if attempt == 2:
                raise
            if not connection.in_atomic_block:  # a connection that broke is opened anew
                connection.close_if_unusable_or_obsolete()


def _write(plan: Plan | None, work: Work, outcome: Outcome) -> None:
    leases.hold(work)
    before = Workflow.objects.get(pk=work.workflow.pk)
    changes = _changes(plan, before, outcome)
    if changes.get("turn", before.turn) != before.turn:
        changes["turn_since"] = Now()
    shown = any(
        changes[name] != getattr(before, name) for name in ("state", "step", "turn", "message") if name in changes
    )
    Workflow.objects.filter(pk=before.pk).update(
        attempts=0, leased_until=None, version=F("version") + (1 if shown else 0), **changes
    )
    after = Workflow.objects.select_related("connection", "organisation").get(pk=before.pk)
    _follow(plan, before, after, outcome)


def _changes(plan: Plan | None, before: Workflow, outcome: Outcome) -> dict[str, Any]:
    """The columns that an outcome sets."""
    message = {"message": outcome.message} if outcome.message else {}
    match outcome:
        case Wait(seconds=seconds, turn=turn):
            return {"due_at": Now() + _seconds(seconds), "turn": turn, "waits": F("waits") + 1, **message}
        case Done():
            return _onward(plan, before) | message
        case Finished():
            return _end(WorkflowState.DONE) | message
        case Refusal():
            return _end(WorkflowState.REFUSED) | message
        case Pause(turn=turn, rewind=rewind):
            back = {"step": plan.steps[0].name} if plan and rewind else {}
            return {"state": WorkflowState.PAUSED, "due_at": None, "turn": turn, "waits": 0, **back, **message}
        case HumanNeeded():
            return {
                "state": WorkflowState.NEEDS_HUMAN,
                "due_at": None,
                "turn": Turn.SUPPORT,
                "waits": 0,
                **message,
            }


def _onward(plan: Plan | None, before: Workflow) -> dict[str, Any]:
    following = plan and plan.after(before.step or plan.steps[0].name)
    if not following:
        return _end(WorkflowState.DONE)
    return {"step": following, "due_at": Now(), "turn": Turn.US, "waits": 0}


def _end(state: WorkflowState) -> dict[str, Any]:
    return {"state": state, "ended_at": Now(), "due_at": None, "turn": Turn.NOBODY}


def _seconds(seconds: float) -> Any:
    return timedelta(seconds=seconds)


def _told(after: Workflow, outcome: Outcome) -> str:
    """What the history says of a run: the step's own words, else its name and state."""
    words = {"kind": after.kind, "state": after.get_state_display(), "step": after.step or "–"}
    return heard(outcome.message, "") or _("%(kind)s: %(state)s (%(step)s)") % words


def _follow(plan: Plan | None, before: Workflow, after: Workflow, outcome: Outcome) -> None:
    """Event, hooks and the next message: inside the recording transaction."""
    if after.state != before.state or after.step != before.step:
        tell(
            f"workflow.{after.state}" if after.state != before.state else "workflow.step",
            lambda: _told(after, outcome),
            organisation=after.organisation_id,
            subject_id=after.subject_id,
            workflow=after,
        )
    if isinstance(outcome, HumanNeeded):
        ports.open_ticket(after, outcome.matter, outcome.message)
    if plan is not None:
        if after.version != before.version:
            plan.progressed(after)
        if after.state not in {WorkflowState.ACTIVE, before.state}:
            plan.settled(after)
    if after.state == WorkflowState.ACTIVE:
        doorbell.ring(after.pk, after=outcome.seconds if isinstance(outcome, Wait) else 0.0)
