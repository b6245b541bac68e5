"""Sending the five facts to support."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from networking.actions.vpc_requests import NotReady, submit_vpc
from networking.forms.requests import SubmitVpcForm
from networking.pages.vpc_request import request_of
from networking.requests.proofs import saved_plan
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from onboarding.views.answers import acted, too_late
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role


@opens(Deployment, role=Role.ADMIN)
@require_POST
def vpc_submit(request: Request, deployment: Deployment) -> HttpResponse:
    """Sends the request; the page shows the very text that support gets."""
    if deployment.state != DeploymentState.INFRASTRUCTURE:
        return too_late(request, deployment)
    form = SubmitVpcForm(request.POST)
    if not form.is_valid():
        return _page(request, deployment, _("The form came without its version. Press the button once more."))

    def act() -> str:
        submit_vpc(deployment=deployment, version=form.cleaned_data["version"], by=request.user)
        messages.success(request, _("Support has the request. You get a mail when it is decided."))
        return reverse("networking:vpc", args=[deployment.pk]) + "#request"

    try:
        return acted(request, deployment, act)
    except NotReady as refused:
        return _page(request, deployment, str(refused))


def _page(request: Request, deployment: Deployment, refused: str) -> HttpResponse:
    deployment.refresh_from_db()
    context = {
        "deployment": deployment,
        "title": _("The request was not sent"),
        "part": "networking/_vpc_request.html",
        "vpc_request": request_of(deployment, saved_plan(deployment), refused=refused),
    }
    return render(request, "networking/vpc_part.html", context, status=422)
