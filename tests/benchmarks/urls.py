"""The portal's addresses and two that do nothing, behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.accounts.gate import public, signed_in
from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as portal_urls

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@public
def empty(request: HttpRequest) -> HttpResponse:
    """Nothing."""
    return HttpResponse()


@signed_in
def constant(request: HttpRequest) -> HttpResponse:
    """The same sentence to everybody who is signed in."""
    return HttpResponse("constant")


urlpatterns = [
    path("bench/empty/", empty, name="bench_empty"),
    path("bench/constant/", constant, name="bench_constant"),
    *portal_urls,
]
