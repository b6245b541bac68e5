"""Launch and tear-down: live progress, going on, rolling back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onboarding import actions
from onboarding.forms import ConfirmForm
from onboarding.launch_progress import launch_progress as progress_of
from onboarding.models import Deployment
from onboarding.progress import journey
from onboarding.states import DeploymentState
from onboarding.tasks.removal import kept_resources
from onboarding.views.answers import acted, nothing_new, unchanged
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role
from portal.findings.models import Observation


@opens(Deployment)
@require_safe
def launch(request: Request, deployment: Deployment) -> HttpResponse:
    """Every stack and resource, elapsed against typical time, and what to do when it stops."""
    return render(request, "onboarding/launch.html", _context(request, deployment))


@opens(Deployment)
@require_safe
def launch_progress(request: Request, deployment: Deployment) -> HttpResponse:
    """The live part."""
    if unchanged(request, deployment):
        return nothing_new()
    return render(request, "onboarding/_launch.html", _context(request, deployment))


@opens(Deployment, role=Role.ADMIN)
@require_POST
def launch_resume(request: Request, deployment: Deployment) -> HttpResponse:
    """«Go on»."""

    def act() -> str:
        actions.resume_launch(deployment=deployment, version=deployment.version, by=request.user)
        return reverse("onboarding:launch", args=[deployment.pk])

    return acted(request, deployment, act)


@opens(Deployment, role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def teardown(request: Request, deployment: Deployment) -> HttpResponse:
    """What the tear-down deletes and what stays; the typed confirmation begins it."""
    form = ConfirmForm(request.POST if request.method == "POST" else None, phrase=deployment.name)
    if request.method != "POST" or not form.is_valid():
        context = {
            "deployment": deployment,
            "journey": journey(deployment),
            "progress": progress_of(deployment),
            "form": form,
            "here": deployment.state in {DeploymentState.LAUNCH, DeploymentState.READY},
        }
        return render(request, "onboarding/teardown.html", context, status=200 if request.method != "POST" else 422)
    wanted = form.cleaned_data

    def act() -> str:
        actions.tear_down(deployment=deployment, version=wanted["version"], by=request.user)
        return reverse("onboarding:launch", args=[deployment.pk])

    return acted(request, deployment, act)


def _context(request: Request, deployment: Deployment) -> dict[str, object]:
    kinds = ("blockers", "remains") if deployment.state in {"teardown", "removed"} else ("trust",)
    looks = Observation.objects.filter(
        organisation_id=deployment.organisation_id, subject_id=deployment.pk, kind__in=kinds
    ).order_by("observed_at")
    newest = {look.kind: look for look in looks}
    return {
        "deployment": deployment,
        "journey": journey(deployment),
        "progress": progress_of(deployment),
        "looks": newest,
        "kept": kept_resources(deployment) if deployment.state == DeploymentState.REMOVED else [],
        "may_act": Role(request.membership.role).covers(Role.ADMIN),
    }
