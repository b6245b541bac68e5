"""What people and the portal do with workflows."""

import contextlib
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.aws.models import Connection
from portal.workflows import doorbell, ledger, registry
from portal.workflows.journal import SYSTEM, tell
from portal.workflows.models import Workflow
from portal.workflows.states import LIVE, TRANSITIONS, Turn, WorkflowState


class Busy(Exception):
    """The connection already has a live workflow: `workflow`."""

    def __init__(self, workflow: Workflow | None) -> None:
        super().__init__("The connection is busy.")
        self.workflow = workflow


class NotAllowed(Exception):
    """The workflow's state does not allow that."""


@transaction.atomic
def start(
    *, kind: str, connection: Connection, subject_id: Any, by: User | str, data: dict[str, Any] | None = None
) -> Workflow:
    """Starts a workflow and rings for it in the same transaction. Raises Busy while the connection has a live one.

    A look that the portal began by itself is given up for what a person starts.
    """
    plan = registry.plan_of(kind)
    if plan is None:
        raise ValueError(f"No plan is called {kind}.")
    if not isinstance(by, str):
        clear_the_way(connection)
    try:
        with transaction.atomic():
            workflow = Workflow.objects.create(
                organisation_id=connection.organisation_id,
                connection=connection,
                kind=kind,
                subject_id=subject_id,
                step=plan.steps[0].name,
                started_by=by if isinstance(by, str) else by.opaque_id,
                deadline_at=timezone.now() + plan.deadline,
                data=data or {},
            )
    except IntegrityError:
        raise Busy(live_workflow(connection)) from None
    doorbell.ring(workflow.pk)
    return workflow


def clear_the_way(connection: Connection) -> None:
    """Gives up a look that nobody asked for; for what a person is about to start."""
    live = live_workflow(connection)
    plan = registry.plan_of(live.kind) if live is not None else None
    if live is None or plan is None or not plan.gives_way or live.started_by != SYSTEM:
        return
    with contextlib.suppress(NotAllowed):  # it ended in this very moment
        _move(live, WorkflowState.CANCELLED, due_at=None, turn=Turn.NOBODY, ended_at=Now())


def live_workflow(connection: Connection) -> Workflow | None:
    """The one live workflow of a connection."""
    return Workflow.objects.filter(connection=connection, state__in=LIVE).first()


@transaction.atomic
def look_now(*, workflow: Workflow) -> None:
    """Makes an active workflow due at once; a press of «Look now»."""
    changed = Workflow.objects.filter(pk=workflow.pk, state=WorkflowState.ACTIVE).update(due_at=Now())
    if changed:
        doorbell.ring(workflow.pk)


@transaction.atomic
def go_on(*, workflow: Workflow, by: User | str) -> None:
    """Resumes a paused workflow where it stood; refused effects are planned again. Raises NotAllowed."""
    plan = registry.plan_of(workflow.kind)
    # The time that the work may take begins anew: what waited for a person for weeks is not late.
    more = {"deadline_at": timezone.now() + plan.deadline} if plan else {}
    _move(workflow, WorkflowState.ACTIVE, due_at=Now(), attempts=0, waits=0, turn=Turn.US, turn_since=Now(), **more)
    ledger.reopen(workflow)
    _tell(workflow, "workflow.resumed", by)
    doorbell.ring(workflow.pk)


@transaction.atomic
def ring_again(*, workflow: Workflow, by: User, reason: str) -> None:
    """Staff wake a stuck workflow, whether it waits or needs a human. Raises NotAllowed when it is over.

    What was sent and left no trace may be sent again: staff have looked, and `reason` says what they saw.
    """
    if workflow.state == WorkflowState.ACTIVE:
        look_now(workflow=workflow)
    else:
        ledger.let_send_again(workflow)
        go_on(workflow=workflow, by=by)
    _tell(workflow, "workflow.rung", by, reason)


@transaction.atomic
def hand_to_human(*, workflow: Workflow, by: User, reason: str) -> None:
    """Staff stop a workflow: no further call is made until a human lets it go on. Raises NotAllowed."""
    _move(workflow, WorkflowState.NEEDS_HUMAN, due_at=None, turn=Turn.SUPPORT, turn_since=Now())
    _tell(workflow, "workflow.handed", by, reason)


@transaction.atomic
def cancel(*, workflow: Workflow, by: User | str, reason: str = "") -> None:
    """Ends a workflow that is not to go on; what it made stays. Raises NotAllowed."""
    _move(workflow, WorkflowState.CANCELLED, due_at=None, turn=Turn.NOBODY, ended_at=Now())
    _tell(workflow, "workflow.cancelled", by, reason)


def _move(workflow: Workflow, to: WorkflowState, **changes: Any) -> None:
    """One allowed transition. The fence grows, so that a run in progress can neither write nor send any more."""
    sources = [state for state, targets in TRANSITIONS.items() if to in targets]
    moved = Workflow.objects.filter(pk=workflow.pk, state__in=sources).update(
        state=to, fence=F("fence") + 1, leased_until=None, version=F("version") + 1, **changes
    )
    if not moved:
        raise NotAllowed(f"{workflow.state} → {to}")
    workflow.refresh_from_db()
    plan = registry.plan_of(workflow.kind)
    if plan is not None:
        plan.progressed(workflow)


def _tell(workflow: Workflow, code: str, by: User | str, reason: str = "") -> None:
    tell(
        code,
        lambda: _sentence(code, reason),
        organisation=workflow.organisation_id,
        subject_id=workflow.subject_id,
        by=by,
        workflow=workflow,
    )


def _sentence(code: str, reason: str) -> str:
    """What somebody did with the work; who it was stands beside it in the event."""
    said = {
        "workflow.resumed": _("The work goes on."),
        "workflow.rung": _("Support looked at it and let the work go on."),
        "workflow.handed": _("Support stopped the work to look at it."),
        "workflow.cancelled": _("The work was ended."),
    }
    return f"{said[code]} {reason}".strip()
