"""The target side of a peering without lending access: the read-only script, and the facts file that it writes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from networking.actions.facts import FactsRefused, TooLate
from networking.actions.peering_facts import take_peering_facts
from networking.forms.requests import FactsForm
from networking.models import Peering
from networking.pages.peering_hand_off import target_script
from networking.pages.peering_steps import page_url
from networking.pages.target_facts import peering_upload
from networking.peering.standing import standing_of
from networking.views.downloads import shell_script
from networking.views.peering_answers import peering_behind
from networking.views.peering_parts import peering_part
from onboarding.models import Deployment
from portal.accounts.formkeys import once
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role
from portal.accounts.uploads import request_length


@opens(Deployment)
@require_safe
def peering_facts_script(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """The script for the registered target VPC."""
    peering = peering_behind(deployment, peering_id)
    return shell_script(target_script(peering), f"{peering.vpc_id}-facts.sh")


@opens(Deployment, role=Role.ADMIN)
@require_POST
def peering_facts(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """Takes a facts file about the target side."""
    peering = peering_behind(deployment, peering_id)
    form = FactsForm(request.POST, request.FILES, length=request_length(request))
    if not form.is_valid():
        return _page(request, peering, form, status=form.refused_status)

    def act() -> str:
        take_peering_facts(peering=peering, data=form.content(), by=request.user)
        messages.success(request, _("The facts file was taken. What it says is marked as stated by you."))
        return page_url(peering) + "#facts"

    try:
        return once(request, act)
    except FactsRefused as refused:
        form.add_error("facts", str(refused))
        return _page(request, peering, form, status=409 if isinstance(refused, TooLate) else 422)


def _page(request: Request, peering: Peering, form: FactsForm, *, status: int) -> HttpResponse:
    part = {
        "title": _("The facts file was not taken"),
        "part": "networking/_facts_upload.html",
        "facts_upload": peering_upload(standing_of(peering), form=form),
    }
    return peering_part(request, peering, part, status=status)
