"""Error pages. A stranger's object and a missing one get the same 404."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.accounts.gate import public


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read."""
    return render(request, "400.html", status=400)


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the person's role does not cover this."""
    return render(request, "403.html", status=403)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it does not exist, or not for this person."""
    return render(request, "404.html", status=404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """500: something broke on our side."""
    return render(request, "500.html", status=500)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is not from this session."""
    return render(request, "403_csrf.html", status=403)
