"""Hand-off links: made and revoked by the deployment's admins, followed by somebody who needs no account."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from networking.actions import hand_offs as actions
from networking.actions.facts import FactsRefused, TooLate
from networking.facts.script import facts_script
from networking.forms.requests import FactsForm, HandOffForm
from networking.models import HandOff
from networking.pages.hand_off import HandOffPage
from networking.pages.hand_off_list import hand_offs_of
from networking.remedies.remedies import everything
from networking.states import HandOffAct
from networking.views.downloads import shell_script
from onboarding.actions.versions import WrongStep
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from onboarding.views.answers import changed, too_late
from portal.accounts.formkeys import FIELD, FormKeyRefused, claim, once, refused
from portal.accounts.gate import Request, by_link, opens
from portal.accounts.refusals import ActionRefused
from portal.accounts.states import Role
from portal.accounts.uploads import request_length


@opens(Deployment, role=Role.ADMIN)
@require_POST
@never_cache
def vpc_hand_off(request: Request, deployment: Deployment) -> HttpResponse:
    """Makes a link and shows it: this once, because nothing but its hash is kept."""
    if deployment.state != DeploymentState.INFRASTRUCTURE:
        return too_late(request, deployment)
    form = HandOffForm(request.POST)
    if not form.is_valid():
        return _form_page(request, deployment, form, status=422)
    try:
        return _made(request, deployment, form)
    except FormKeyRefused:
        return refused(request)
    except WrongStep:
        return changed(request, deployment)
    except ActionRefused as reason:
        form.add_error(None, str(reason))
        return _form_page(request, deployment, form, status=409 if isinstance(reason, actions.TooMany) else 422)


def _made(request: Request, deployment: Deployment, form: HandOffForm) -> HttpResponse:
    """Raises FormKeyRefused, WrongStep or ActionRefused; a key that was used leads to the list of links."""
    wanted = form.cleaned_data
    listed = _vpc_page(deployment)
    with transaction.atomic():
        earlier = claim(request.POST.get(FIELD), request.user, listed)
        if earlier is not None:
            messages.info(
                request,
                _("Your first press made the link and showed it. If you missed it, revoke it and make another one."),
            )
            return redirect(earlier)
        row, token = actions.hand_off(
            deployment=deployment, vpc_id=wanted["vpc"], label=wanted["label"], by=request.user
        )
    address = settings.PORTAL_BASE_URL + reverse("networking:hand_off", args=[token])
    context = {"deployment": deployment, "link": row, "address": address, "back_url": listed}
    return render(request, "networking/hand_off_made.html", context)


def _form_page(request: Request, deployment: Deployment, form: HandOffForm, *, status: int) -> HttpResponse:
    context = {
        "deployment": deployment,
        "title": _("No link was made"),
        "part": "networking/_hand_offs.html",
        "hand_offs": hand_offs_of(deployment, str(form["vpc"].value() or ""), form=form),
    }
    return render(request, "networking/vpc_part.html", context, status=status)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def vpc_hand_off_revoke(request: Request, deployment: Deployment, hand_off_id: UUID) -> HttpResponse:
    """Makes a link stop working."""
    row = get_object_or_404(HandOff, deployment=deployment, pk=hand_off_id)

    def act() -> str:
        actions.revoke(hand_off=row, by=request.user)
        messages.success(request, _("The link for %(label)s no longer works.") % {"label": row.label})
        return _vpc_page(deployment)

    return once(request, act)


def _vpc_page(deployment: Deployment) -> str:
    return reverse("networking:vpc", args=[deployment.pk]) + "#hand-offs"


@by_link(HandOff)
@require_safe
def hand_off(request: HttpRequest, handoff: HandOff) -> HttpResponse:
    """The page behind the link. Looking uses nothing up, and is on the record."""
    actions.note_use(hand_off=handoff, act=HandOffAct.OPENED)
    return _page(request, handoff, FactsForm())


@by_link(HandOff)
@require_safe
def hand_off_script(request: HttpRequest, handoff: HandOff) -> HttpResponse:
    """All remedies as one script; 404 while there is nothing to mend."""
    remedies = HandOffPage.of(handoff).remedies
    if not remedies:
        return render(request, "404.html", status=404)
    actions.note_use(hand_off=handoff, act=HandOffAct.REMEDIES)
    return shell_script(everything(remedies), f"{handoff.vpc_id}-everything.sh")


@by_link(HandOff)
@require_safe
def hand_off_facts_script(request: HttpRequest, handoff: HandOff) -> HttpResponse:
    """The read-only script that writes the facts file; 404 while nobody chose a region for it."""
    page = HandOffPage.of(handoff)
    if not (page.account_id and page.region):
        return render(request, "404.html", status=404)
    actions.note_use(hand_off=handoff, act=HandOffAct.SCRIPT)
    text = facts_script(account=page.account_id, region=page.region, vpc_id=handoff.vpc_id, subnet_ids=page.subnet_ids)
    return shell_script(text, f"{handoff.vpc_id}-facts.sh")


@by_link(HandOff)
@require_POST
def hand_off_facts(request: HttpRequest, handoff: HandOff) -> HttpResponse:
    """Takes a facts file about the link's VPC."""
    form = FactsForm(request.POST, request.FILES, length=request_length(request))
    if not form.is_valid():
        return _page(request, handoff, form, status=form.refused_status)
    back = reverse("networking:hand_off", args=[_token(request)]) + "#facts"
    try:
        # The secret is in the address, so the form key's row does not get it as the place of its answer.
        with transaction.atomic():
            first = claim(request.POST.get(FIELD), request.user, "") is None
        if first:
            actions.take_facts_by_link(hand_off=handoff, data=form.content())
    except FormKeyRefused:
        return _page(request, handoff, form, status=409, old=True)
    except (FactsRefused, actions.TooMany) as reason:
        form.add_error("facts", str(reason))
        return _page(request, handoff, form, status=_status(reason))
    return redirect(back)


def _status(reason: ActionRefused) -> int:
    if isinstance(reason, actions.TooMany):
        return 429
    return 409 if isinstance(reason, TooLate) else 422


def _token(request: HttpRequest) -> str:
    """The secret in the address of the page."""
    match = request.resolver_match
    return str(match.kwargs["token"]) if match else ""


def _page(request: HttpRequest, row: HandOff, form: FactsForm, *, status: int = 200, old: bool = False) -> HttpResponse:
    page = HandOffPage.of(row)
    token = _token(request)
    context = {
        "page": page,
        "remedies": page.remedies,
        "facts_upload": page.upload(token, form),
        "script_url": reverse("networking:hand_off_script", args=[token]),
        "why_not": page.why_not,
        "old": old,
    }
    return render(request, "networking/hand_off.html", context, status=status)
