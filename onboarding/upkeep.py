"""What the portal does for deployments by itself: proving trust anew each day, serving who waited for an account."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.kinds import REPROOF, TRUST
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.aws.models import Connection
from portal.aws.states import ConnectionState
from portal.support.actions import open_ticket
from portal.support.states import TicketKind
from portal.workflows import actions as workflows
from portal.workflows.journal import SYSTEM
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState

#: How old a proof of trust may get.
DAILY = timedelta(hours=24)


def reprove() -> int:
    """Starts the daily proof for connections that are in use and free; returns how many."""
    old = Q(probed_at__lt=timezone.now() - DAILY) | Q(probed_at__isnull=True)
    started = 0
    for connection in Connection.objects.filter(old, state=ConnectionState.PROVEN).order_by("probed_at")[:100]:
        deployment = Deployment.objects.filter(connection=connection).exclude(state=DeploymentState.REMOVED).first()
        if deployment is None:
            continue
        try:
            workflows.start(kind=REPROOF, connection=connection, subject_id=deployment.pk, by=SYSTEM)
        except workflows.Busy:
            continue
        started += 1
    return started


def serve_next(ended: Workflow) -> None:
    """Starts the search for roles for a deployment that shares the account and waited until it was free."""
    waiting = Deployment.objects.filter(connection_id=ended.connection_id, state=DeploymentState.BOOTSTRAP)
    following = waiting.exclude(pk=ended.subject_id).order_by("state_since").first()
    if following is not None:
        workflows.start(kind=TRUST, connection=ended.connection, subject_id=following.pk, by=SYSTEM)


def call_support(workflow: Workflow) -> None:
    """A ticket for a workflow that needs a human, once per stop."""
    if workflow.state != WorkflowState.NEEDS_HUMAN:
        return
    message = workflow.message
    open_ticket(
        key=f"stuck:{workflow.pk}:{workflow.fence}",
        kind=TicketKind.STUCK,
        organisation_id=workflow.organisation_id,
        subject_id=workflow.subject_id,
        say=lambda: _("%(kind)s stands still: %(message)s") % {"kind": workflow.kind, "message": message.get("en", "")},
        workflow=workflow,
    )
