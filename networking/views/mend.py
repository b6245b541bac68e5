"""«Apply for me»: the plan is shown, then confirmed; the same address shows how it goes."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from networking.actions.mend import leave_mend, resume_mend, start_mend
from networking.forms.mends import GO_ON, LEAVE, MendForm
from networking.mends.right import role_cannot
from networking.pages.mend import MendPage
from onboarding.models import Deployment
from onboarding.progress import journey
from onboarding.states import DeploymentState
from onboarding.views.answers import acted, changed, nothing_new, too_late, unchanged
from onboarding.views.infrastructure import why_not
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role


@opens(Deployment)
@require_http_methods(["GET", "HEAD", "POST"])
def vpc_mend(request: Request, deployment: Deployment) -> HttpResponse:
    """What the management role would change, before and after; htmx gets the live part alone."""
    if request.method == "POST":
        return _posted(request, deployment)
    if request.htmx and unchanged(request, deployment):
        return nothing_new()
    return render(
        request, "networking/_mend.html" if request.htmx else "networking/mend.html", _context(request, deployment)
    )


def _context(request: Request, deployment: Deployment) -> dict[str, object]:
    here = why_not(request, deployment)
    return {
        "deployment": deployment,
        "journey": journey(deployment),
        "page": MendPage.of(deployment),
        "why_not": here or role_cannot(deployment.connection),
        "may_act": not here,
    }


def _posted(request: Request, deployment: Deployment) -> HttpResponse:
    if not Role(request.membership.role).covers(Role.ADMIN):
        return render(request, "403.html", status=403)
    if deployment.state != DeploymentState.INFRASTRUCTURE:
        return too_late(request, deployment)
    form = MendForm(request.POST)
    if not form.is_valid():
        return changed(request, deployment, stale=True)
    wanted = form.cleaned_data

    def act() -> str:
        if wanted["act"] == GO_ON:
            resume_mend(deployment=deployment, version=wanted["version"], by=request.user)
        elif wanted["act"] == LEAVE:
            leave_mend(deployment=deployment, version=wanted["version"], by=request.user)
        else:
            start_mend(deployment=deployment, plan_hash=wanted["plan_hash"], version=wanted["version"], by=request.user)
        return reverse("networking:vpc_mend", args=[deployment.pk])

    return acted(request, deployment, act)
