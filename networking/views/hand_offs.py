"""Hand-off links to a VPC that is brought: made and revoked by the deployment's admins."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from networking.actions import hand_offs as actions
from networking.forms.requests import HandOffForm
from networking.models import HandOff
from networking.pages.hand_off_list import hand_offs_of
from networking.views.made_links import made_link
from onboarding.actions.versions import WrongStep
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from onboarding.views.answers import changed, too_late
from portal.accounts.formkeys import FormKeyRefused, once, refused
from portal.accounts.gate import Request, opens
from portal.accounts.refusals import ActionRefused
from portal.accounts.states import Role


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
    wanted = form.cleaned_data
    return made_link(
        request,
        lambda: actions.hand_off(deployment=deployment, vpc_id=wanted["vpc"], label=wanted["label"], by=request.user),
        back_url=_vpc_page(deployment),
        back=_("I have copied it: back to your VPC"),
    )


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
    row = get_object_or_404(HandOff, deployment=deployment, peering=None, pk=hand_off_id)

    def act() -> str:
        actions.revoke(hand_off=row, by=request.user)
        messages.success(request, _("The link for %(label)s no longer works.") % {"label": row.label})
        return _vpc_page(deployment)

    return once(request, act)


def _vpc_page(deployment: Deployment) -> str:
    return reverse("networking:vpc", args=[deployment.pk]) + "#hand-offs"
