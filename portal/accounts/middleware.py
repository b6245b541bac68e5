"""Requests are taken apart strictly and logged without secrets; times are shown in the viewer's zone."""

import zoneinfo
from collections.abc import Callable

import structlog
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone, translation
from django_structlog.middlewares import RequestMiddleware

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestLogMiddleware(RequestMiddleware):
    """One line per request with its id, path, person (an opaque id), address and status.

    The query is left out: codes and signatures travel in it. The address is the one that throttling counts: behind
    TRUSTED_PROXIES, never what the client wrote itself. The id is shown on error pages and sent as `X-Request-ID`.
    """

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        response.headers["X-Request-ID"] = request_id()
        super().handle_response(request, response)

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        structlog.contextvars.bind_contextvars(ip=get_client_ip(request))

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


def request_id() -> str:
    """The id under which the request of this moment is logged; empty outside a request."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


class StrictRequestMiddleware:
    """Answers 400 to requests that say one thing twice or in broken encoding.

    A field that arrives twice (`region=a&region=b`) is refused: taking the first or the last would be a guess.
    Lists are sent under names that end in `[]`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        if request.path.startswith("/admin/"):  # the admin's own lists repeat names
            return None
        return HttpResponseBadRequest() if _broken(request) else None


def _broken(request: HttpRequest) -> bool:
    for fields in (request.GET, request.POST if request.method == "POST" else {}):
        for name, values in dict(getattr(fields, "lists", dict)()).items():
            if len(values) > 1 and not name.endswith("[]"):
                return True
            if "\x00" in name or any("\x00" in value or "\ufffd" in value for value in values):
                return True
    return False


class ViewerTimeZoneMiddleware:
    """Activates the signed-in person's time zone, and their language where they chose one.

    The language switch in the header sets a cookie, which is the newer choice and goes before the profile's.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if user.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(zoneinfo.ZoneInfo(user.time_zone)):
            return self.get_response(request)


def current_language() -> str:
    """The active language's code, `en` where none is active."""
    return translation.get_language() or "en"
