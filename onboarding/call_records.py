"""The calls made in a customer's account, as the customer filters, reads and exports them."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.models import Deployment
from portal.accounts.models import Membership
from portal.aws.models import CallRecord
from portal.aws.states import Outcome
from portal.workflows.journal import SYSTEM

PAGE: Final = 50
COLUMNS: Final = (
    "at", "role", "region", "service", "operation", "resource", "mutating", "outcome", "error_code", "request_id",
    "purpose", "actor", "workflow_id", "intent_id",
)  # fmt: skip
#: What begins like this a spreadsheet may run as a formula. https://owasp.org/www-community/attacks/CSV_Injection
FORMULA: Final = frozenset("=+-@\t\r\n")


class Show(StrEnum):
    """Which calls are listed."""

    ALL = "all"
    CHANGES = "changes"
    REFUSED = "refused"


SHOW_WORDS: Final[Mapping[Show, str | Promise]] = {
    Show.ALL: _("All"),
    Show.CHANGES: _("Only what changes something"),
    Show.REFUSED: _("Only what AWS refused"),
}


@dataclass(frozen=True)
class CallView:
    """One call; `who` is a member's address, empty for the portal itself and for people who are no members."""

    call: CallRecord
    who: str

    @property
    def by_portal(self) -> bool:
        """Whether nobody asked for it: the portal looked by itself."""
        return self.call.actor == SYSTEM


def calls_of(deployment: Deployment, show: Show = Show.ALL) -> "QuerySet[CallRecord]":
    """The calls through the deployment's connection, newest first; none before there is one."""
    if deployment.connection_id is None:
        return CallRecord.objects.none()
    found = CallRecord.objects.filter(
        organisation_id=deployment.organisation_id, connection_id=deployment.connection_id
    ).order_by("-at", "-pk")
    match show:
        case Show.CHANGES:
            return found.filter(mutating=True)
        case Show.REFUSED:
            return found.filter(outcome=Outcome.REFUSED)
        case Show.ALL:
            return found


def page_of(deployment: Deployment, show: Show, number: int) -> tuple["Page[CallRecord]", list[CallView]]:
    """One page with the members' names: three queries. A number beyond the last page is the last one."""
    page = Paginator(calls_of(deployment, show), PAGE).get_page(number)
    rows = list(page.object_list)
    names = _members(deployment) if any(row.actor != SYSTEM for row in rows) else {}
    return page, [CallView(row, names.get(row.actor, "")) for row in rows]


def _members(deployment: Deployment) -> dict[str, str]:
    """Opaque actor id → address of the organisation's own members; support's people stay opaque."""
    members = Membership.objects.filter(organisation_id=deployment.organisation_id).select_related("user")
    return {member.user.opaque_id: member.user.email for member in members}


class _Line:
    """A file that hands each written line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(deployment: Deployment, show: Show) -> Iterator[str]:
    """The calls as CSV (RFC 4180), five hundred rows at a time."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for row in calls_of(deployment, show).values_list(*COLUMNS).iterator(chunk_size=500):
        yield writer.writerow([_cell(value) for value in row])


def _cell(value: Any) -> str:
    """A value as text; what a spreadsheet would run gets an apostrophe before it."""
    text = value.isoformat() if hasattr(value, "isoformat") else str(value if value is not None else "")
    return f"'{text}" if text[:1] in FORMULA else text
