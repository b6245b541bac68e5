"""Private access: the load balancer, the private name, the probe and its result."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from networking.actions.balancers import ask_for_balancer, enable_balancer
from networking.actions.private_access import ProofRefused, name_endpoint, take_proof
from networking.forms.private_access import EndpointForm, ProofForm, RemovalForm
from networking.pages.private_access import PrivateAccessPage
from networking.reach.probe import probe_script
from networking.views.downloads import shell_script
from onboarding.models import Deployment
from onboarding.progress import journey
from onboarding.states import DeploymentState
from onboarding.views.answers import acted, too_late
from portal.accounts.gate import Request, opens
from portal.accounts.refusals import ActionRefused
from portal.accounts.states import Role


@opens(Deployment)
@require_http_methods(["GET", "HEAD"])
def private_access(request: Request, deployment: Deployment) -> HttpResponse:
    """The page."""
    return show(request, deployment)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def private_access_name(request: Request, deployment: Deployment) -> HttpResponse:
    """Keeps the public host name."""
    if deployment.state != DeploymentState.READY:
        return too_late(request, deployment)
    form = EndpointForm(request.POST)
    if not form.is_valid():
        return show(request, deployment, endpoint=form, status=422)
    given = form.cleaned_data

    def act() -> str:
        name_endpoint(
            deployment=deployment, public_host=given["public_host"], version=given["version"], by=request.user
        )
        return f"{here(deployment)}#name"

    return acted(request, deployment, act)


@opens(Deployment)
@require_safe
def private_access_script(_request: Request, deployment: Deployment) -> HttpResponse:
    """The probe for the private name; 404 before the public one is given."""
    page = PrivateAccessPage.of(deployment)
    if not page.private_host:
        raise Http404
    return shell_script(probe_script(page.private_host), "private-access.sh")


@opens(Deployment, role=Role.ADMIN)
@require_POST
def private_access_proof(request: Request, deployment: Deployment) -> HttpResponse:
    """Takes what the probe printed."""
    if deployment.state != DeploymentState.READY:
        return too_late(request, deployment)
    page = PrivateAccessPage.of(deployment)
    form = ProofForm(request.POST, request.FILES, peerings=page.peerings)
    if not form.is_valid():
        return show(request, deployment, proof=form, status=422)

    def act() -> str:
        peering, data = form.cleaned_data["peering"], form.content()
        proof = take_proof(deployment=deployment, peering=peering, data=data, by=request.user)
        if proof.proven:
            messages.success(request, _("The probe reached the private endpoint. It stands below, stated by you."))
        else:
            messages.warning(request, _("The probe did not reach the private endpoint. What it found stands below."))
        return f"{here(deployment)}#proofs"

    try:
        return acted(request, deployment, act)
    except ProofRefused as refused:
        form.add_error("text" if form.cleaned_data.get("text") else "result", str(refused))
        return show(request, deployment, proof=form, status=422)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def balancer_ask(request: Request, deployment: Deployment) -> HttpResponse:
    """«Ask support» for the private load balancer."""

    def act() -> str:
        ask_for_balancer(deployment=deployment, by=request.user)
        messages.success(request, _("Support is asked. You get a mail when the private load balancer is enabled."))
        return here(deployment)

    return tried(request, deployment, act)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def balancer_enable(request: Request, deployment: Deployment) -> HttpResponse:
    """The switch, where the rules have one."""

    def act() -> str:
        enable_balancer(deployment=deployment, by=request.user)
        messages.success(request, _("The private load balancer is enabled. It takes some minutes to appear in AWS."))
        return here(deployment)

    return tried(request, deployment, act)


def tried(request: Request, deployment: Deployment, act: Callable[[], str]) -> HttpResponse:
    """Runs `act` once per form; the page with the reason and 409 where it is refused."""
    try:
        return acted(request, deployment, act)
    except ActionRefused as refused:
        messages.error(request, str(refused))
        return show(request, deployment, status=409)


def here(deployment: Deployment) -> str:
    """The page's address."""
    return reverse("networking:private_access", args=[deployment.pk])


def show(
    request: Request,
    deployment: Deployment,
    *,
    endpoint: EndpointForm | None = None,
    proof: ProofForm | None = None,
    removal: RemovalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with the forms as they were sent."""
    page = PrivateAccessPage.of(deployment)
    kept = {"public_host": page.access.public_host, "version": page.access.version}
    context = {
        "deployment": deployment,
        "journey": journey(deployment),
        "page": page,
        "endpoint_form": endpoint or EndpointForm(initial=kept),
        "proof_form": proof or ProofForm(peerings=page.peerings, initial={"peering": request.GET.get("peering")}),
        "removal_form": removal or RemovalForm(),
        "why_not": "" if page.is_ready and Role(request.membership.role).covers(Role.ADMIN) else locked(request, page),
    }
    return render(request, "networking/private_access.html", context, status=status)


def locked(request: Request, page: PrivateAccessPage) -> str:
    """Why the reader can change nothing here."""
    if not Role(request.membership.role).covers(Role.ADMIN):
        return _("Only admins and owners can change this; you can read it all.")
    return _("The deployment is not ready, so there is nothing to reach yet.")
