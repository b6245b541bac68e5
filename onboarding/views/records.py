"""What we did in the account: every call, for the customer to see and to take along."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onboarding.call_records import SHOW_WORDS, Show, csv_lines, page_of
from onboarding.models import Deployment
from portal.accounts.gate import Request, opens


@opens(Deployment)
@require_safe
def calls(request: Request, deployment: Deployment) -> HttpResponse:
    """The calls, newest first, fifty on a page; `?show=changes` and `?show=refused` narrow them."""
    show = _show(request)
    page, listed = page_of(deployment, show, _number(request))
    context = {
        "deployment": deployment,
        "page": page,
        "calls": listed,
        "show": show,
        "filters": [(one.value, words) for one, words in SHOW_WORDS.items()],
        "wide": True,
    }
    return render(request, "onboarding/calls.html", context)


@opens(Deployment)
@require_safe
def calls_export(request: Request, deployment: Deployment) -> StreamingHttpResponse:
    """The same calls as CSV (UTF-8), all of them."""
    show = _show(request)
    response = StreamingHttpResponse(csv_lines(deployment, show), content_type="text/csv; charset=utf-8")
    suffix = "" if show is Show.ALL else f"-{show.value}"
    response["Content-Disposition"] = f'attachment; filename="calls-{deployment.slug}{suffix}.csv"'
    return response


def _show(request: HttpRequest) -> Show:
    """Raises Http404 for a filter that there is not."""
    try:
        return Show(request.GET.get("show", Show.ALL))
    except ValueError:
        raise Http404 from None


def _number(request: HttpRequest) -> int:
    """The page: digits only, else Http404. Beyond the last page is the last one."""
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) < 8):
        raise Http404
    return max(1, int(number))
