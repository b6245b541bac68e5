"""django-q2 as a doorbell: the message is a workflow's id. Lost and repeated messages do no harm."""

from uuid import UUID

from django_q.tasks import async_task

from portal.workflows.broker import delayed

RING = "portal.workflows.tasks.ring"
POST = "portal.workflows.tasks.post"


def ring(workflow_id: UUID, *, after: float = 0.0) -> None:
    """Queues a look at a workflow after `after` seconds; inside a transaction it is queued only if that commits."""
    with delayed(after):
        async_task(RING, str(workflow_id))


def ring_post() -> None:
    """Queues the delivery of waiting letters."""
    async_task(POST)
