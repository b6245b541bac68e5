"""What the queue's messages call. Arguments are row ids only. Each task is a sign of life of its cluster."""

from uuid import UUID

from portal.workflows import outbox, runner
from portal.workflows.watchdog import beat


def ring(workflow_id: str) -> None:
    """Looks at one workflow."""
    beat()
    runner.run(UUID(workflow_id))


def post() -> None:
    """Delivers waiting letters."""
    beat()
    outbox.deliver()
