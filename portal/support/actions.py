"""Opening and closing tickets."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.findings.languages import spoken
from portal.support.models import Ticket
from portal.support.states import TicketKind, TicketState
from portal.workflows.journal import tell
from portal.workflows.models import Workflow


@transaction.atomic
def open_ticket(
    *,
    key: str,
    kind: TicketKind,
    organisation_id: Any,
    subject_id: Any,
    say: Callable[[], object],
    workflow: Workflow | None = None,
) -> Ticket:
    """Opens a ticket for staff, once per `key`."""
    ticket, _fresh = Ticket.objects.get_or_create(
        key=key[:160],
        defaults={
            "kind": kind,
            "organisation_id": organisation_id,
            "subject_id": subject_id,
            "summary": spoken(say),
            "workflow": workflow,
        },
    )
    return ticket


@transaction.atomic
def close_ticket(*, ticket: Ticket, reason: str, by: User | str) -> bool:
    """Closes a ticket with a reason; False when it was closed already."""
    closed = Ticket.objects.filter(pk=ticket.pk, state=TicketState.OPEN).update(
        state=TicketState.CLOSED, closed_at=Now(), closed_by=by if isinstance(by, str) else by.email, reason=reason
    )
    if closed:
        tell(
            "ticket.closed",
            lambda: _("A ticket was closed: %(reason)s") % {"reason": reason},
            organisation=ticket.organisation_id,
            subject_id=ticket.subject_id,
            by=by,
        )
    return bool(closed)
