"""What is behind a hand-off link: for somebody who needs no account, one VPC or the target side of one peering."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from networking.actions import hand_offs as actions
from networking.actions.facts import FactsRefused, TooLate
from networking.forms.requests import FactsForm
from networking.models import HandOff
from networking.pages.hand_off import HandOffPage
from networking.pages.peering_hand_off import PeeringHandOffPage
from networking.states import HandOffAct, PeeringStep
from networking.views.downloads import shell_script
from onboarding.actions.versions import WrongStep
from portal.accounts.formkeys import FIELD, FormKeyRefused, claim
from portal.accounts.gate import by_link
from portal.accounts.refusals import ActionRefused
from portal.accounts.uploads import request_length


def page_of(link: HandOff) -> HandOffPage | PeeringHandOffPage:
    """What the link shows."""
    return HandOffPage.of(link) if link.peering is None else PeeringHandOffPage.of(link, link.peering)


@by_link(HandOff)
@require_safe
def hand_off(request: HttpRequest, handoff: HandOff) -> HttpResponse:
    """The page behind the link. Looking uses nothing up, and is on the record."""
    actions.note_use(hand_off=handoff, act=HandOffAct.OPENED)
    return _page(request, handoff, FactsForm())


@by_link(HandOff)
@require_safe
def hand_off_script(request: HttpRequest, handoff: HandOff) -> HttpResponse:
    """All remedies as one script; 404 while there is nothing to do."""
    return _download(request, handoff, page_of(handoff).script(), HandOffAct.REMEDIES, "everything")


@by_link(HandOff)
@require_safe
def hand_off_facts_script(request: HttpRequest, handoff: HandOff) -> HttpResponse:
    """The read-only script that writes the facts file; 404 while nobody chose a region for it."""
    return _download(request, handoff, page_of(handoff).facts_script(), HandOffAct.SCRIPT, "facts")


def _download(request: HttpRequest, row: HandOff, text: str, act: HandOffAct, name: str) -> HttpResponse:
    if not text:
        return render(request, "404.html", status=404)
    actions.note_use(hand_off=row, act=act)
    return shell_script(text, f"{row.vpc_id}-{name}.sh")


@by_link(HandOff)
@require_POST
def hand_off_facts(request: HttpRequest, handoff: HandOff) -> HttpResponse:
    """Takes a facts file about what the link shows."""
    form = FactsForm(request.POST, request.FILES, length=request_length(request))
    if not form.is_valid():
        return _page(request, handoff, form, status=form.refused_status)
    try:
        if _is_first(request):
            actions.take_facts_by_link(hand_off=handoff, data=form.content())
    except FormKeyRefused:
        return _page(request, handoff, form, status=409, old=True)
    except (FactsRefused, actions.TooMany) as reason:
        form.add_error("facts", str(reason))
        return _page(request, handoff, form, status=_status(reason))
    return redirect(reverse("networking:hand_off", args=[_token(request)]) + "#facts")


@by_link(HandOff)
@require_POST
def hand_off_state(request: HttpRequest, handoff: HandOff) -> HttpResponse:
    """«I have done this», of one step of the target side."""
    step = request.POST.get("step", "")
    if handoff.peering is None or step not in PeeringStep.values:
        return render(request, "404.html", status=404)
    try:
        with transaction.atomic():
            if _is_first(request):
                actions.state_step_by_link(hand_off=handoff, step=PeeringStep(step))
    except (FormKeyRefused, WrongStep):
        return _page(request, handoff, FactsForm(), status=409, old=True)
    except ValueError:
        return render(request, "404.html", status=404)
    return redirect(reverse("networking:hand_off", args=[_token(request)]) + f"#step-{step}")


def _is_first(request: HttpRequest) -> bool:
    """Whether this form was not sent before. The secret is in the address, so the form key's row does not get it as the
    place of its answer. Raises FormKeyRefused.
    """
    with transaction.atomic():
        return claim(request.POST.get(FIELD), request.user, "") is None


def _status(reason: ActionRefused) -> int:
    if isinstance(reason, actions.TooMany):
        return 429
    return 409 if isinstance(reason, TooLate) else 422


def _token(request: HttpRequest) -> str:
    """The secret in the address of the page."""
    match = request.resolver_match
    return str(match.kwargs["token"]) if match else ""


def _page(request: HttpRequest, row: HandOff, form: FactsForm, *, status: int = 200, old: bool = False) -> HttpResponse:
    page = page_of(row)
    token = _token(request)
    context = {
        "page": page,
        "remedies": page.remedies,
        "facts_upload": page.upload(token, form),
        "script_url": reverse("networking:hand_off_script", args=[token]),
        "state_url": reverse("networking:hand_off_state", args=[token]),
        "why_not": page.why_not,
        "old": old,
    }
    return render(request, page.template, context, status=status)
