"""What the staff person's authenticator app would show."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.gate import public
from portal.demo.codes import current_code
from portal.demo.people import STAFF, STAFF_TOTP_SECRET


@public
@never_cache
@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """The page; it renews its code by itself."""
    return render(request, "demo/codes.html", _context())


@public
@never_cache
@require_safe
def code(request: HttpRequest) -> HttpResponse:
    """The fragment that the page polls."""
    return render(request, "demo/_code.html", _context())


def _context() -> dict[str, object]:
    return {"now": current_code(STAFF_TOTP_SECRET), "staff": STAFF, "secret": STAFF_TOTP_SECRET}
