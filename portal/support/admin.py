"""The support desk's view of tickets, with one button: close, with the reason."""

from typing import Any

from django.contrib import admin
from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.accounts.readonly import DeskButton, ReadOnlyAdmin, linked
from portal.accounts.refusals import ActionRefused
from portal.accounts.subjects import subject_link
from portal.findings.languages import heard
from portal.support.actions import close_ticket
from portal.support.models import Ticket
from portal.support.states import TicketKind, TicketState

#: Closed by deciding what they are about, on its own page of the desk, never by themselves. An inbound rule may also be
#: there by somebody else's hand.
_DECIDED_ELSEWHERE = frozenset({TicketKind.VPC_APPROVAL, TicketKind.PRIVATE_BALANCER, TicketKind.PUBLIC_BALANCER})


def _is_open(row: Ticket) -> bool:
    return bool(row.state == TicketState.OPEN and row.kind not in _DECIDED_ELSEWHERE)


def _close(row: Ticket, by: User, reason: str) -> None:
    if not close_ticket(ticket=row, reason=reason, by=by):
        raise ActionRefused(_("Somebody closed this ticket before you. Nothing was changed."))


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    list_display = ("opened_at", "kind", "says", "state", "organisation_link", "workflow_link", "age", "closed_by")
    list_select_related = ("organisation", "workflow")
    search_fields = ("id", "key", "subject_id", "organisation__name", "reason")
    list_filter = ("state", "kind", "opened_at")
    hidden = ("summary", "subject_id")
    shown_extra = ("text", "subject", "age")
    organisation_link = linked("organisation", gettext_lazy("organisation"))
    workflow_link = linked("workflow", gettext_lazy("workflow"))
    buttons = (
        DeskButton(
            name="close",
            label=gettext_lazy("Close the ticket"),
            question=gettext_lazy(
                "The ticket leaves the queue. What it is about stays as it is; nothing is sent to AWS."
            ),
            offered=_is_open,
            perform=_close,
        ),
    )

    @admin.display(description=gettext_lazy("what it is about"))
    def says(self, row: Any) -> str:
        """The first line; the ticket's own page shows all of it."""
        return str(heard(row.summary, "")).partition("\n")[0]

    @admin.display(description=gettext_lazy("what it is about"))
    def text(self, row: Any) -> SafeString:
        return linebreaksbr(heard(row.summary, ""))

    @admin.display(description=gettext_lazy("subject"))
    def subject(self, row: Any) -> str | SafeString:
        return subject_link(row)

    @admin.display(description=gettext_lazy("open for"), ordering="opened_at")
    def age(self, row: Any) -> str:
        return timesince(row.opened_at, row.closed_at)
