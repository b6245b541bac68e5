"""The page of one peering: six steps, what was seen of each, and what a person does about it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from networking.actions.balancers import ask_for_balancer
from networking.actions.peering_watches import watch_peering
from networking.actions.peerings import STATABLE, ask_for_rule, renew_peering, state_step
from networking.forms.peerings import PeeringActForm, StepForm
from networking.models import Peering
from networking.pages.peering import PeeringPage, token_of
from networking.pages.peering_states import connection_words
from networking.pages.peering_steps import page_url
from networking.pages.target_side import target_side
from networking.peering.standing import standing_of
from networking.states import PeeringStep
from networking.views.peering_answers import answered, peering_behind, too_old, why_not
from onboarding.models import Deployment
from onboarding.views.answers import nothing_new
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role

#: Steps that support does when it is asked.
ASKABLE = (PeeringStep.BALANCER, PeeringStep.SECURITY_GROUP)


@opens(Deployment)
@require_safe
def peering(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """The page; `?step=routes` opens one of the six, else the one to be done now is open."""
    context = _context(request, peering_behind(deployment, peering_id))
    page: PeeringPage = context["page"]
    if not page.is_over:
        context["target_side"] = target_side(page.standing)
    return render(request, "networking/peering.html", context)


@opens(Deployment)
@require_safe
def peering_progress(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """The live part of an open page; 204 while there is nothing new."""
    row = peering_behind(deployment, peering_id)
    if request.htmx:
        watch_peering(peering=row)
    if request.htmx and request.GET.get("seen") == token_of(row):
        return nothing_new()
    return render(request, "networking/_peering_live.html", _context(request, row))


@opens(Deployment, role=Role.ADMIN)
@require_POST
def peering_state(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """«I have done this»: noted as somebody's word, which proves nothing."""
    row = peering_behind(deployment, peering_id)
    form = StepForm(request.POST)
    if not form.is_valid() or form.cleaned_data["step"] not in STATABLE:
        return too_old(request, row)
    step = PeeringStep(form.cleaned_data["step"])

    def act() -> str:
        state_step(peering=row, step=step, by=request.user)
        messages.success(request, _("Noted. The step stays unknown until somebody shows us that it is done."))
        return page_url(row)

    return answered(request, row, act)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def peering_ask(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """«Ask support», for the private load balancer or its inbound rule."""
    row = peering_behind(deployment, peering_id)
    form = StepForm(request.POST)
    if not form.is_valid() or form.cleaned_data["step"] not in ASKABLE:
        return too_old(request, row)

    def act() -> str:
        if form.cleaned_data["step"] == PeeringStep.BALANCER:
            ask_for_balancer(deployment=row.deployment, by=request.user)
        else:
            ask_for_rule(peering=row, by=request.user)
        messages.success(request, _("Support was asked. You get a mail when it is done; go on meanwhile."))
        return page_url(row)

    return answered(request, row, act)


@opens(Deployment, role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def peering_renew(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """«Start a new request» after one that ended: what follows is said, then confirmed."""
    row = peering_behind(deployment, peering_id)
    if request.method != "POST":
        words = connection_words(standing_of(row))
        context = {"deployment": deployment, "peering": row, "words": words, "why_not": why_not(request, row)}
        return render(request, "networking/peering_renew.html", context)
    form = PeeringActForm(request.POST)
    if not form.is_valid():
        return too_old(request, row)

    def act() -> str:
        renew_peering(peering=row, version=form.cleaned_data["version"], by=request.user)
        return f"{page_url(row)}?step={PeeringStep.CONNECTION.value}"

    return answered(request, row, act)


def _context(request: Request, row: Peering) -> dict[str, Any]:
    page = PeeringPage.of(row, request.GET.get("step", "")[:24])
    page.peering.deployment.organisation = request.membership.organisation  # as the gate read it
    return {
        "deployment": page.peering.deployment,
        "peering": page.peering,
        "page": page,
        "why_not": why_not(request, page.peering),
        "may_act": Role(request.membership.role).covers(Role.ADMIN),
    }
