"""Home: the deployments of a person, and the page of one."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from onboarding.models import Deployment
from onboarding.progress import journey as journey_of
from onboarding.progress import journeys
from onboarding.views.answers import nothing_new, unchanged
from portal.accounts.gate import Request, opens, signed_in
from portal.accounts.states import Role
from portal.workflows.models import Event

DEPLOYMENTS = 30
EVENTS = 12


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The person's deployments; with one there is nothing to choose. Staff without one go to their desk."""
    mine = Deployment.objects.visible_to(request.user).select_related("organisation", "connection")
    page = Paginator(mine.order_by("created_at", "pk"), DEPLOYMENTS).get_page(request.GET.get("page"))
    deployments = list(page)
    if len(deployments) == page.paginator.count == 1:
        return redirect("onboarding:journey", deployments[0].pk)
    if not deployments and getattr(request.user, "is_staff", False):
        return redirect("admin:index")
    page.object_list = journeys(deployments)
    return render(request, "onboarding/home.html", {"page": page})


@opens(Deployment)
@require_safe
def journey(request: Request, deployment: Deployment) -> HttpResponse:
    """Where the deployment stands, what is next, and what happened."""
    happened = Event.objects.filter(organisation_id=deployment.organisation_id, subject_id=deployment.pk)
    events = Paginator(happened.order_by("-at", "-pk"), EVENTS).get_page(request.GET.get("page"))
    return render(request, "onboarding/journey.html", _context(request, deployment) | {"events": events})


@opens(Deployment)
@require_safe
def journey_progress(request: Request, deployment: Deployment) -> HttpResponse:
    """The journey's live part."""
    if unchanged(request, deployment):
        return nothing_new()
    return render(request, "onboarding/_journey_progress.html", _context(request, deployment))


def _context(request: Request, deployment: Deployment) -> dict[str, object]:
    may_act = Role(request.membership.role).covers(Role.ADMIN)
    return {"deployment": deployment, "journey": journey_of(deployment), "may_act": may_act}
