"""Durable work: workflows with their lease, intents and events."""

from portal.workflows.models.events import Event
from portal.workflows.models.heartbeats import Heartbeat
from portal.workflows.models.intents import Intent
from portal.workflows.models.outbox import Letter
from portal.workflows.models.workflows import Workflow

__all__ = ["Event", "Heartbeat", "Intent", "Letter", "Workflow"]
