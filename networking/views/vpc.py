"""The VPC that a customer brings: picked, looked at, judged, mended, looked at again."""

import time
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from networking.actions.choices import NotLooked, choose_subnets
from networking.actions.looks import TooOften, look_at_vpc, watch
from networking.forms.choices import LookForm, SubnetsForm
from networking.maps.vpc_map import vpc_map
from networking.mends.mending import mends_for
from networking.mends.right import role_cannot
from networking.pages.facts_upload import facts_upload
from networking.pages.hand_off_list import hand_offs_of
from networking.pages.next_act import next_act, page_parts
from networking.pages.vpc import VpcPage
from networking.pages.vpc_request import request_of
from networking.remedies.remedies import everything
from networking.views.downloads import shell_script
from onboarding.differences import Difference
from onboarding.inputs.identifiers import vpc_id as parsed_vpc_id
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.progress import journey
from onboarding.states import DeploymentState, VpcMode
from onboarding.views.answers import acted, changed, nothing_new, too_late
from onboarding.views.infrastructure import plan_of, why_not
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role


@opens(Deployment)
@require_safe
def vpc(request: Request, deployment: Deployment) -> HttpResponse:
    """The page; without a choice of an existing VPC there is nothing to show yet."""
    plan = plan_of(deployment)
    if plan.vpc_mode != VpcMode.EXISTING or not plan.region:
        return redirect("onboarding:infrastructure", deployment.pk)
    return _page(request, deployment)


@opens(Deployment)
@require_safe
def vpc_progress(request: Request, deployment: Deployment) -> HttpResponse:
    """The live part of an open page: how the look stands, and what it found."""
    if request.htmx and deployment.state == DeploymentState.INFRASTRUCTURE:
        watch(deployment=deployment)
    if request.htmx and request.GET.get("seen") == look_token(deployment):
        return nothing_new()
    page = VpcPage.of(deployment, plan_of(deployment), _wanted(request), _ticked(request))
    return render(request, "networking/_vpc_live.html", {**_live(request, page), "oob": bool(request.htmx)})


@opens(Deployment, role=Role.ADMIN)
@require_POST
def vpc_look(request: Request, deployment: Deployment) -> HttpResponse:
    """«Look at this VPC»."""
    if deployment.state != DeploymentState.INFRASTRUCTURE:
        return too_late(request, deployment)
    form = LookForm(request.POST)
    if not form.is_valid():
        return _page(request, deployment, look_form=form, status=422)
    chosen = form.cleaned_data["chosen"]

    def act() -> str:
        plan = plan_of(deployment)
        subnets = plan.subnet_ids if plan.vpc_id == chosen else []
        look_at_vpc(deployment=deployment, vpc_id=chosen, subnet_ids=subnets, by=request.user)
        return _here(deployment, chosen)

    try:
        return acted(request, deployment, act)
    except TooOften as refused:
        form.add_error("vpc", str(refused))
        return _page(request, deployment, look_form=form, status=429)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def vpc_choose(request: Request, deployment: Deployment) -> HttpResponse:
    """Saves VPC and subnets."""
    if deployment.state != DeploymentState.INFRASTRUCTURE:
        return too_late(request, deployment)
    form = SubnetsForm(request.POST)
    if not form.is_valid():
        return _page(request, deployment, subnets_form=form, status=422)
    wanted = form.cleaned_data

    def act() -> str:
        choose_subnets(
            deployment=deployment,
            vpc_id=wanted["vpc"],
            subnet_ids=wanted["chosen"],
            version=wanted["version"],
            by=request.user,
        )
        return f"{_here(deployment, '')}#findings"

    try:
        return acted(request, deployment, act, compare=lambda: _differences(wanted, plan_of(deployment)))
    except NotLooked:
        return changed(request, deployment)


@opens(Deployment)
@require_safe
def vpc_script(request: Request, deployment: Deployment) -> HttpResponse:
    """«Everything at once»: one shell script for all failures of the page's VPC; 404 before anybody has looked."""
    page = VpcPage.of(deployment, plan_of(deployment), _wanted(request))
    if page.network is None:
        raise Http404
    return shell_script(everything(page.remedies), f"mend-{page.vpc_id}.sh")


def _differences(wanted: dict[str, Any], plan: InfrastructurePlan) -> list[Difference]:
    """Where what was sent differs from what is saved now."""
    pairs = (
        (_("VPC"), wanted["vpc"], plan.vpc_id),
        (_("Subnets"), ", ".join(sorted(wanted["chosen"])), ", ".join(sorted(plan.subnet_ids))),
    )
    return [Difference(label=label, yours=yours, now=now) for label, yours, now in pairs if yours != now]


def look_token(deployment: Deployment) -> str:
    """What the live part was shown; it changes once a minute, so that ages stay right."""
    return f"{deployment.shown}.{int(time.time()) // 60}"


def _wanted(request: Request) -> str:
    """The VPC that the address names, one that nobody looked at shows nothing; empty for what is no id of one."""
    return _vpc_id(request.GET.get("vpc"))


def _vpc_id(text: str | None) -> str:
    try:
        return parsed_vpc_id(text or "")
    except ValueError:
        return ""


def _ticked(request: Request) -> list[str] | None:
    """The boxes of an open form, so that a look that ends does not take them back."""
    found = request.GET.getlist("subnets[]")
    return [one[:24] for one in found[:200]] or None


def _here(deployment: Deployment, vpc_id: str) -> str:
    address = reverse("networking:vpc", args=[deployment.pk])
    return f"{address}?{urlencode({'vpc': vpc_id})}" if vpc_id else address


def _live(request: Request, page: VpcPage) -> dict[str, Any]:
    """What a finished look changes."""
    deployment = page.deployment
    request_view = request_of(deployment, page.plan, page.shown)
    is_open = deployment.state == DeploymentState.INFRASTRUCTURE
    mends = mends_for(page.network, page.subnet_ids, profile=page.profile) if page.seen and page.network else ()
    return {
        "deployment": deployment,
        "page": page,
        "token": look_token(deployment),
        "remedies": page.remedies,
        "mends": mends,
        "role_cannot": role_cannot(deployment.connection),
        "map": vpc_map(page.network, page.subnet_ids, page.findings) if page.network else None,
        "vpc_request": request_view,
        "next_act": next_act(page, request_view, has_remedies=bool(page.remedies)) if is_open else None,
        "parts": page_parts(page, request_view),
        "why_not": why_not(request, deployment),
        "open": is_open,
    }


def _page(
    request: Request,
    deployment: Deployment,
    *,
    look_form: LookForm | None = None,
    subnets_form: SubnetsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    posted = _vpc_id(request.POST.get("vpc")) if subnets_form else ""
    ticked = request.POST.getlist("subnets[]") if subnets_form else None
    page = VpcPage.of(deployment, plan_of(deployment), posted or _wanted(request), ticked)
    context = {
        **_live(request, page),
        "journey": journey(deployment),
        "look_form": look_form or LookForm(initial={"vpc": page.vpc_id}),
        "subnets_form": subnets_form or SubnetsForm(),
        "hand_offs": hand_offs_of(deployment, page.vpc_id),
        "facts_upload": facts_upload(deployment, page.vpc_id),
    }
    return render(request, "networking/vpc.html", context, status=status)
