"""Keeps our rows of a stack equal to what CloudFormation said last."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from onboarding.actions.versions import show_anew
from onboarding.models import Stack, StackResource
from portal.aws.facts.stacks import StackEventFact, StackFact
from portal.workflows import leases
from portal.workflows.shapes import Work

#: Statuses after which CloudFormation does nothing more by itself.
COMPLETE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")


def record(work: Work, stack: Stack, fact: StackFact, events: Iterable[StackEventFact]) -> None:
    """Writes status and resources, on condition that the lease is ours; a page shows it at once."""
    fresh = list(events)
    with transaction.atomic():
        leases.hold(work)
        changed = stack.status != fact.status or bool(fresh)
        _write_stack(stack, fact, fresh)
        _write_resources(stack, fresh)
        if changed:
            show_anew(stack.deployment_id)


def _write_stack(stack: Stack, fact: StackFact, fresh: list[StackEventFact]) -> None:
    stack.stack_id = fact.id
    stack.status = fact.status
    stack.reason = _reason(stack, fact, fresh)
    stack.created_at = fact.created_at
    stack.outputs = {output.name: output.value for output in fact.outputs}
    if fresh:
        newest = fresh[0]
        stack.last_event_id = newest.id
        stack.last_words = f"{newest.logical_id} {newest.status} {newest.reason}".strip()
    # The last event may have been read in an earlier look, while the stack was still said to be at work.
    stack.settled_at = None if fact.in_progress else (fresh[0].at if fresh else stack.settled_at or timezone.now())
    stack.save()
    Stack.objects.filter(pk=stack.pk).update(observed_at=Now())


def _reason(stack: Stack, fact: StackFact, fresh: list[StackEventFact]) -> str:
    """Why the stack is broken. AWS says it in the event that begins a roll-back, and not in the one that ends it."""
    if fact.status in COMPLETE:
        return ""
    said = [event.reason for event in fresh if event.about_stack and event.reason]
    return fact.reason or (said[0] if said else stack.reason)


def _why(before: StackResource, event: StackEventFact) -> str:
    """AWS's words on a failure. They stay while a roll-back deletes the resource, and go when a new attempt begins."""
    if "FAILED" in event.status:
        return event.reason
    rolled_back = before.status == "CREATE_FAILED" or (before.reason and before.status == "DELETE_IN_PROGRESS")
    return before.reason if event.status.startswith("DELETE_") and rolled_back else ""


def _write_resources(stack: Stack, fresh: list[StackEventFact]) -> None:
    """Newest state per resource. Events come newest first, so the oldest is applied first."""
    known = {resource.logical_id: resource for resource in StackResource.objects.filter(stack=stack)}
    for event in reversed(fresh):
        if event.about_stack or event.at is None:
            continue
        row = known.get(event.logical_id) or StackResource(
            organisation_id=stack.organisation_id, stack=stack, logical_id=event.logical_id, started_at=event.at
        )
        row.resource_type = event.type
        row.physical_id = event.physical_id or row.physical_id
        if event.status.endswith("_IN_PROGRESS") and not row.status.endswith("_IN_PROGRESS"):
            row.started_at = event.at
        row.reason = _why(row, event)
        row.status, row.changed_at = event.status, event.at
        known[event.logical_id] = row
    StackResource.objects.bulk_create(
        known.values(),
        update_conflicts=True,
        unique_fields=["stack", "logical_id"],
        update_fields=["resource_type", "physical_id", "status", "reason", "started_at", "changed_at"],
    )
