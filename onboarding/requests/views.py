"""The public request page. Whoever asks gets the same answer, whatever is known about the address or the account."""

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from onboarding.requests import actions
from onboarding.requests.forms import RequestForm
from portal.accounts.formkeys import once
from portal.accounts.gate import public

#: Well-formed requests that one client address may send, in allauth's notation: amount/duration/per.
RATES = {"request": "10/m/ip,60/d/ip"}


@public
@require_http_methods(["GET", "HEAD", "POST"])
def request(request: HttpRequest) -> HttpResponse:
    """Company, first admin, account and region. A refused form is 422, too many good ones are 429."""
    form = RequestForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "onboarding/request.html", {"form": form}, status=422 if form.is_bound else 200)
    if not consume(request, app="onboarding", action="request", config=RATES):
        return render(request, "onboarding/request_later.html", status=429)
    return once(request, lambda: _submit(request, form))


def _submit(request: HttpRequest, form: RequestForm) -> str:
    language = (translation.get_language() or "en").split("-")[0]
    actions.submit(**form.cleaned_data, language=language)
    return _beside(request, "thanks")


def _beside(request: HttpRequest, name: str) -> str:
    """The address of a page of this room, under whatever namespace the room is mounted."""
    match = request.resolver_match
    return reverse(":".join([*(match.namespaces if match else ["requests"]), name]))


@public
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """The request has arrived; says nothing about it, so it may be opened by anybody."""
    return render(request, "onboarding/request_thanks.html")
