"""Screenshots of the AWS console as pictures."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from networking.models import Screenshot
from portal.accounts.gate import public

#: The address holds the id of a row that never changes.
_FOR_EVER = "public, max-age=31536000, immutable"


@public
@require_safe
def screenshot(request: HttpRequest, step: str, language: str) -> HttpResponse:
    """The picture of a step in a language. Its address names by `?v=` which one, as the pages that show it do; no other
    address leads to it. Public, because pages behind a hand-off link show it to people without an account, and because
    it is the vendor's and shows nothing of a tenant.
    """
    row = Screenshot.objects.filter(step=step, language=language, pk=_wanted(request)).first()
    if row is None:
        raise Http404
    answer = HttpResponse(bytes(row.picture), content_type="image/png")
    answer["Cache-Control"] = _FOR_EVER
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = "inline"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _wanted(request: HttpRequest) -> UUID:
    try:
        return UUID(request.GET.get("v", ""))
    except ValueError:
        raise Http404 from None
