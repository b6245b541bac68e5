"""What we did in the account: every call, for the customer to see and to take along."""

import csv
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onboarding.models import Deployment
from portal.accounts.gate import Request, opens
from portal.aws.models import CallRecord

PAGE = 50
COLUMNS = (
    "at", "role", "region", "service", "operation", "resource", "mutating", "outcome", "error_code", "request_id",
    "purpose", "actor", "workflow_id", "intent_id",
)  # fmt: skip


def _calls(deployment: Deployment) -> Any:
    return CallRecord.objects.filter(
        organisation_id=deployment.organisation_id, connection=deployment.connection
    ).order_by("-at")


@opens(Deployment)
@require_safe
def calls(request: Request, deployment: Deployment) -> HttpResponse:
    """The calls, newest first, fifty on a page; `?changes=1` shows only those that change something."""
    wanted = _calls(deployment)
    only_changes = request.GET.get("changes") == "1"
    if only_changes:
        wanted = wanted.filter(mutating=True)
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) < 8):
        raise Http404
    page = Paginator(wanted, PAGE).get_page(int(number))
    context = {"deployment": deployment, "page": page, "only_changes": only_changes, "wide": True}
    return render(request, "onboarding/calls.html", context)


@opens(Deployment)
@require_safe
def calls_export(request: Request, deployment: Deployment) -> StreamingHttpResponse:
    """All calls as CSV (UTF-8, RFC 4180)."""
    response = StreamingHttpResponse(_lines(deployment), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="calls-{deployment.slug}.csv"'
    return response


class _Line:
    """A file that hands each written line back."""

    def write(self, line: str) -> str:
        return line


def _lines(deployment: Deployment) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for row in _calls(deployment).values_list(*COLUMNS).iterator(chunk_size=500):
        yield writer.writerow([_cell(value) for value in row])


def _cell(value: Any) -> str:
    """A spreadsheet runs what begins like a formula, so such text gets an apostrophe before it."""
    text = value.isoformat() if hasattr(value, "isoformat") else str(value if value is not None else "")
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
