"""Giving the public load balancer up, taking that request back, and having it put back."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from networking.actions.public_removals import ask_for_removal, ask_to_restore, standing_removal, withdraw_removal
from networking.forms.private_access import RemovalForm
from networking.models import PublicRemoval
from networking.views.private_access import here, show, tried
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from onboarding.views.answers import too_late
from portal.accounts.gate import Request, opens
from portal.accounts.refusals import ActionRefused
from portal.accounts.states import Role


@opens(Deployment, role=Role.ADMIN)
@require_POST
def public_removal(request: Request, deployment: Deployment) -> HttpResponse:
    """Sends the request to support."""
    if deployment.state != DeploymentState.READY:
        return too_late(request, deployment)
    form = RemovalForm(request.POST)
    if not form.is_valid():
        return show(request, deployment, removal=form, status=422)

    def act() -> str:
        ask_for_removal(deployment=deployment, by=request.user)
        messages.success(request, _("Support has the request. You get a mail when it is decided."))
        return f"{here(deployment)}#public"

    return tried(request, deployment, act)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def public_withdraw(request: Request, deployment: Deployment) -> HttpResponse:
    """Takes an undecided request back."""

    def act() -> str:
        withdraw_removal(removal=_standing(deployment), by=request.user)
        messages.success(request, _("The request is withdrawn. The public load balancer stays."))
        return f"{here(deployment)}#public"

    return tried(request, deployment, act)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def public_restore(request: Request, deployment: Deployment) -> HttpResponse:
    """Asks support to put the public load balancer back."""

    def act() -> str:
        ask_to_restore(removal=_standing(deployment), by=request.user)
        messages.success(request, _("Support is asked to put the public load balancer back."))
        return f"{here(deployment)}#public"

    return tried(request, deployment, act)


def _standing(deployment: Deployment) -> PublicRemoval:
    found = standing_removal(deployment)
    if found is None:
        raise ActionRefused(_("No such request stands any more. Nothing was changed."))
    return found
