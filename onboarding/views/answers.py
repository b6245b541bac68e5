"""Answers that several pages give: stale forms, refused steps, fragments that did not change."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from onboarding.actions.versions import Stale, WrongStep
from onboarding.models import Deployment
from onboarding.progress import token_of
from onboarding.review import Incomplete
from portal.accounts.formkeys import once
from portal.workflows.actions import Busy, NotAllowed


def acted(request: HttpRequest, deployment: Deployment, act: Callable[[], str]) -> HttpResponse:
    """Runs `act` once per form and redirects; 409 with what is the case now when the form was too old."""
    try:
        return once(request, act)
    except (Stale, WrongStep, Busy, NotAllowed, Incomplete) as reason:
        deployment.refresh_from_db()
        context = {"deployment": deployment, "stale": isinstance(reason, Stale), "busy": isinstance(reason, Busy)}
        return render(request, "onboarding/changed.html", context, status=409)


def unchanged(request: HttpRequest, deployment: Deployment) -> bool:
    """Whether the fragment in the browser already shows this. htmx swaps a 304 too, so the answer is 204."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and request.GET.get("seen") == token_of(deployment)


def nothing_new() -> HttpResponse:
    """204: leave what is shown."""
    return HttpResponse(status=204)
