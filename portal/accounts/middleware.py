"""Requests are taken apart strictly and logged without secrets; times are shown in the viewer's zone."""

import zoneinfo
from collections.abc import Callable

import structlog
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone, translation
from django_structlog.middlewares import RequestMiddleware

log = structlog.get_logger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]
NUL = "\x00"
#: What stands for bytes that are no UTF-8.
UNREADABLE = "\ufffd"


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

    A field that arrives twice (`region=a&region=b`, in the address, the body, or differently in both) is refused:
    taking the first or the last would be a guess. Lists are sent under names that end in `[]`. PostgreSQL cannot
    hold the character NUL: a path or cookie with one names nothing that exists.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(NUL in name or NUL in value for name, value in request.COOKIES.items()):
            raise BadRequest("A cookie holds the character NUL.")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        if NUL in request.path_info:
            raise Http404
        if request.method == "POST":
            charset = (request.content_params or {}).get("charset", "utf-8")
            if charset.strip("\"'").lower() not in {"utf-8", "utf8", "us-ascii"}:
                raise BadRequest("The body is not in UTF-8.")
            if {"external_id", "ExternalId"} & request.POST.keys():
                # Ours alone to make: a posted one is ignored everywhere, and worth a line.
                log.warning("external_id_posted", path=request.path_info)
        if not request.path.startswith("/admin/"):  # the admin's own lists repeat names
            _refuse_broken(request)


def _refuse_broken(request: HttpRequest) -> None:
    posted = request.POST if request.method == "POST" else QueryDict()
    for fields in (request.GET, posted):
        for name, values in fields.lists():
            if len(values) > 1 and not name.endswith("[]"):
                raise BadRequest("A field is given twice.")
            if any(mark in text for text in (name, *values) for mark in (NUL, UNREADABLE)):
                raise BadRequest("A field cannot be read.")
    if any(request.GET[name] != posted[name] for name in request.GET if name in posted):
        raise BadRequest("Address and body give a field two values.")


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
