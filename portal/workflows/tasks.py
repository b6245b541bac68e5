"""What the queue's messages call. Arguments are row ids only."""

from uuid import UUID

from portal.workflows import outbox, runner


def ring(workflow_id: str) -> None:
    """Looks at one workflow."""
    runner.run(UUID(workflow_id))


def post() -> None:
    """Delivers waiting letters."""
    outbox.deliver()
