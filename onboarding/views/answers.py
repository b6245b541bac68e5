"""Answers that several pages give: stale forms, refused steps, fragments that did not change."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from onboarding.actions.versions import Stale, WrongStep
from onboarding.differences import Difference
from onboarding.models import Deployment
from onboarding.progress import token_of
from onboarding.review import Incomplete
from portal.accounts.formkeys import once
from portal.workflows.actions import Busy, NotAllowed
from portal.workflows.models import Event


def acted(
    request: HttpRequest,
    deployment: Deployment,
    act: Callable[[], str],
    *,
    compare: Callable[[], Sequence[Difference]] = tuple,
) -> HttpResponse:
    """Runs `act` once per form and redirects; 409 with what is the case now when the form was too old.

    `compare` says then how what was sent differs from what is stored.
    """
    try:
        return once(request, act)
    except (Stale, WrongStep, Busy, NotAllowed, Incomplete) as reason:
        deployment.refresh_from_db()
        stale = isinstance(reason, Stale)
        return changed(
            request, deployment, stale=stale, busy=isinstance(reason, Busy), differences=compare() if stale else ()
        )


def too_late(request: HttpRequest, deployment: Deployment) -> HttpResponse:
    """The answer to a post for a step that is over: the result of the first post when this one repeats it, else 409."""

    def refuse() -> str:
        raise WrongStep(deployment.state)

    return acted(request, deployment, refuse)


def changed(
    request: HttpRequest,
    deployment: Deployment,
    *,
    stale: bool = False,
    busy: bool = False,
    differences: Sequence[Difference] = (),
) -> HttpResponse:
    """409: the form is too old, something else is at work, or the deployment stands at another step."""
    newest = Event.objects.filter(subject_id=deployment.pk).order_by("-at").first() if stale else None
    context = {
        "deployment": deployment,
        "stale": stale,
        "busy": busy,
        "differences": differences,
        "newest": newest,
    }
    return render(request, "onboarding/changed.html", context, status=409)


def unchanged(request: HttpRequest, deployment: Deployment) -> bool:
    """Whether the fragment in the browser already shows this. htmx swaps a 304 too, so the answer is 204."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and request.GET.get("seen") == token_of(deployment)


def nothing_new() -> HttpResponse:
    """204: leave what is shown."""
    return HttpResponse(status=204)
