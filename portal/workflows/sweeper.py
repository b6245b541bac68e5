"""Rings for whatever is due, so that a lost message does no harm; also delivers letters that were left."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django_q.models import OrmQ

from portal.workflows import doorbell, housekeeping
from portal.workflows.models import Heartbeat, Letter, Workflow
from portal.workflows.states import WorkflowState

#: How long a due workflow may wait for its own message before the sweeper rings.
GRACE = timedelta(seconds=5)


def sweep() -> int:
    """Rings for due workflows that nobody holds; returns how many."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
    due = Workflow.objects.filter(free, state=WorkflowState.ACTIVE, due_at__lt=Now() - _grace()).order_by("due_at")
    found = list(due.values_list("pk", flat=True)[:200])
    if _waiting() >= len(found):
        # Nobody empties the queue now: their messages are in it, and more of them would not help.
        found = []
    with transaction.atomic():
        for workflow_id in found:
            doorbell.ring(workflow_id)
        if Letter.objects.filter(sent_at=None, due_at__lte=Now() - _grace()).exists():
            doorbell.ring_post()
        Heartbeat.objects.update_or_create(name="sweeper", defaults={"at": Now()})
    housekeeping.tidy()
    return len(found)


def _waiting() -> int:
    """How many messages have waited for longer than the grace."""
    return int(OrmQ.objects.filter(lock__lt=timezone.now() - _grace()).count())


def _grace() -> timedelta:
    return min(GRACE, timedelta(seconds=settings.WORKFLOW["sweep_every"] / 4))
