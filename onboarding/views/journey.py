"""Home: the deployments of a person, and the page of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from onboarding.models import Deployment
from onboarding.progress import journey as journey_of
from onboarding.views.answers import nothing_new, unchanged
from portal.accounts.gate import Request, opens, signed_in
from portal.workflows.models import Event


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The person's deployments; with one there is nothing to choose. Staff without one go to their desk."""
    deployments = list(Deployment.objects.visible_to(request.user).select_related("organisation")[:200])
    if len(deployments) == 1:
        return redirect("onboarding:journey", deployments[0].pk)
    if not deployments and getattr(request.user, "is_staff", False):
        return redirect("admin:index")
    return render(request, "onboarding/home.html", {"deployments": deployments})


@opens(Deployment)
@require_safe
def journey(request: Request, deployment: Deployment) -> HttpResponse:
    """Where the deployment stands and what is next."""
    return render(request, "onboarding/journey.html", _context(deployment))


@opens(Deployment)
@require_safe
def journey_progress(request: Request, deployment: Deployment) -> HttpResponse:
    """The journey's live part."""
    if unchanged(request, deployment):
        return nothing_new()
    return render(request, "onboarding/_journey.html", _context(deployment))


def _context(deployment: Deployment) -> dict[str, object]:
    events = Event.objects.filter(organisation_id=deployment.organisation_id, subject_id=deployment.pk)[:12]
    return {"deployment": deployment, "journey": journey_of(deployment), "events": events}
