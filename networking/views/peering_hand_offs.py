"""Hand-off links to the target side of a peering: made and revoked by the deployment's admins."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from networking.actions import hand_offs as actions
from networking.forms.requests import LinkForm
from networking.models import HandOff, Peering
from networking.pages.hand_off_list import peering_hand_offs_of
from networking.pages.peering_steps import page_url
from networking.views.made_links import made_link
from networking.views.peering_answers import not_done, peering_behind, why_not
from networking.views.peering_parts import peering_part
from onboarding.actions.versions import WrongStep
from onboarding.models import Deployment
from portal.accounts.formkeys import FormKeyRefused, once, refused
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role


@opens(Deployment, role=Role.ADMIN)
@require_POST
@never_cache
def peering_hand_off(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """Makes a link and shows it: this once, because nothing but its hash is kept."""
    peering = peering_behind(deployment, peering_id)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _form_page(request, peering, form, status=422)
    try:
        return made_link(
            request,
            lambda: actions.hand_off_peering(peering=peering, label=form.cleaned_data["label"], by=request.user),
            back_url=_list(peering),
            back=_("I have copied it: back to the peering"),
        )
    except FormKeyRefused:
        return refused(request)
    except WrongStep:
        return not_done(request, peering, why_not(request, peering))
    except actions.TooMany as reason:
        form.add_error(None, str(reason))
        return _form_page(request, peering, form, status=409)


def _form_page(request: Request, peering: Peering, form: LinkForm, *, status: int) -> HttpResponse:
    part = {
        "title": _("No link was made"),
        "part": "networking/_hand_offs.html",
        "hand_offs": peering_hand_offs_of(peering, form=form),
    }
    return peering_part(request, peering, part, status=status)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def peering_hand_off_revoke(
    request: Request, deployment: Deployment, peering_id: UUID, hand_off_id: UUID
) -> HttpResponse:
    """Makes a link stop working."""
    peering = peering_behind(deployment, peering_id)
    row = get_object_or_404(HandOff, peering=peering, pk=hand_off_id)

    def act() -> str:
        actions.revoke(hand_off=row, by=request.user)
        messages.success(request, _("The link for %(label)s no longer works.") % {"label": row.label})
        return _list(peering)

    return once(request, act)


def _list(peering: Peering) -> str:
    return page_url(peering) + "#hand-offs"
