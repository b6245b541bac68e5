"""What the portal does for deployments by itself: proving trust anew each day, serving who waited for an account."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from onboarding.kinds import REPROOF, TRUST
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.aws.models import Connection
from portal.aws.states import ConnectionPurpose, ConnectionState
from portal.workflows import actions as workflows
from portal.workflows.journal import SYSTEM
from portal.workflows.models import Workflow

#: How old a proof of trust may get.
DAILY = timedelta(hours=24)


def due_for_proof(purpose: ConnectionPurpose) -> QuerySet[Connection]:
    """Proven links of a purpose whose proof is a day old: the oldest first, at most a hundred."""
    old = Q(probed_at__lt=timezone.now() - DAILY) | Q(probed_at__isnull=True)
    return Connection.objects.filter(old, state=ConnectionState.PROVEN, purpose=purpose).order_by("probed_at")[:100]


def reprove() -> int:
    """Starts the daily proof for connections that are in use and free; returns how many."""
    started = 0
    for connection in due_for_proof(ConnectionPurpose.DEPLOYMENT):
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
