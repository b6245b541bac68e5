"""What the desk's pages of this app share: a ticket's words, findings as the customer sees them, buttons that act."""

from collections.abc import Callable, Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from portal.accounts.models import User
from portal.accounts.readonly import EMPTY
from portal.findings.languages import heard
from portal.findings.shapes import Finding
from portal.findings.templatetags.findings import worst_first


def ticket_text(row: Any) -> str | SafeString:
    """The words of the row's `ticket`, line by line."""
    words = heard(row.ticket.summary, "") if row.ticket else ""
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in words.splitlines())) or EMPTY


def shown_findings(findings: Iterable[Finding]) -> SafeString:
    """Findings by the one template of findings."""
    return SafeString(render_to_string("findings/_findings.html", {"findings": worst_first(findings)}))


def pressed(act: Callable[..., object], row_name: str) -> Callable[[Any, User, str], None]:
    """A button's `perform` out of an action that takes the row by `row_name`, `by` and a `reason`."""

    def perform(row: Any, by: User, reason: str) -> None:
        act(**{row_name: row}, by=by, reason=reason)

    return perform
