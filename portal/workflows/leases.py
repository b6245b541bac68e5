"""The right to work on one workflow for a while.

A lease is taken by one conditional update: of two workers exactly one changes the row, on both databases. It expires
by the database's clock, so a worker whose host clock is off, or that slept, cannot believe that it still holds it.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from portal.workflows.models import Workflow
from portal.workflows.shapes import Work
from portal.workflows.states import WorkflowState


class LeaseLost(Exception):
    """Another worker holds the workflow now; nothing may be written or sent."""


#: A message may arrive this much before it is due: the queue's clock is the host's, the lease's is the database's.
EARLY = timedelta(seconds=1)


def claim(workflow_id: UUID) -> Work | None:
    """Takes the lease and counts the attempt, committed before any work. None: not due, not active or held."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
    due = Workflow.objects.filter(free, pk=workflow_id, state=WorkflowState.ACTIVE, due_at__lte=Now() + EARLY)
    # Compare and swap: the fence is ours by what we wrote. Read after the update, it could be a later worker's.
    fence = due.values_list("fence", flat=True).first()
    if fence is None:
        return None
    taken = due.filter(fence=fence).update(
        fence=fence + 1,
        attempts=F("attempts") + 1,
        leased_until=Now() + timedelta(seconds=settings.WORKFLOW["lease"]),
    )
    if not taken:
        return None
    workflow = Workflow.objects.select_related("connection", "organisation").get(pk=workflow_id)
    return Work(workflow, fence + 1)


def hold(work: Work) -> None:
    """Renews the lease. Raises LeaseLost when it has expired or passed to another worker."""
    held = _held(work).update(leased_until=Now() + timedelta(seconds=settings.WORKFLOW["lease"]))
    if not held:
        raise LeaseLost(str(work.workflow.pk))


def release(work: Work, *, after: float) -> None:
    """Gives the lease back unchanged; the workflow is due again after `after` seconds."""
    Workflow.objects.filter(pk=work.workflow.pk, fence=work.fence, state=WorkflowState.ACTIVE).update(
        leased_until=None, due_at=Now() + timedelta(seconds=after)
    )


def _held(work: Work) -> QuerySet[Workflow]:
    return Workflow.objects.filter(
        pk=work.workflow.pk, fence=work.fence, state=WorkflowState.ACTIVE, leased_until__gt=Now()
    )
