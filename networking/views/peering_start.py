"""The list of peerings, and starting one: where, which VPC, which subnets."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from networking.actions.looks import TooOften
from networking.actions.peerings import register_peering
from networking.actions.vicinity import look_around
from networking.forms.peering_start import PeeringForm, TargetForm
from networking.pages.peering_list import PeeringList
from networking.pages.peering_start import PeeringStart
from networking.peering.byoc import ByocVpc
from onboarding.inputs.identifiers import vpc_id as parsed_vpc_id
from onboarding.models import Deployment
from onboarding.progress import journey
from onboarding.states import DeploymentState
from onboarding.views.answers import acted, changed, too_late
from portal.accounts.gate import Request, opens
from portal.accounts.refusals import ActionRefused
from portal.accounts.states import Role


@opens(Deployment)
@require_safe
def peerings(request: Request, deployment: Deployment) -> HttpResponse:
    """All peerings of a deployment, each with its state, step and whose turn it is."""
    context = {
        "deployment": deployment,
        "journey": journey(deployment),
        "page": PeeringList.of(deployment),
        "may_act": Role(request.membership.role).covers(Role.ADMIN),
    }
    return render(request, "networking/peerings.html", context)


@opens(Deployment, role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def peering_new(request: Request, deployment: Deployment) -> HttpResponse:
    """Three questions, one after the other on the same page; a POST registers the peering."""
    byoc = ByocVpc.of(deployment)
    if deployment.state != DeploymentState.READY or byoc is None:
        return (
            too_late(request, deployment)
            if request.method == "POST"
            else redirect("networking:peerings", deployment.pk)
        )
    asked = request.POST if request.method == "POST" else request.GET
    place = TargetForm(asked) if asked.get("account") or asked.get("region") else _first(deployment, byoc)
    start = _start(deployment, byoc, place, asked)
    if request.method == "POST":
        return _registered(request, start, place)
    return _page(request, start, place, _form(start))


def _first(deployment: Deployment, byoc: ByocVpc) -> TargetForm:
    account = deployment.connection.account_id if deployment.connection else ""
    return TargetForm(initial={"account": account, "region": byoc.region})


def _start(deployment: Deployment, byoc: ByocVpc, place: TargetForm, asked: QueryDict) -> PeeringStart:
    given = place.cleaned_data if place.is_bound and place.is_valid() else {}
    return PeeringStart.of(
        deployment, byoc, str(given.get("account", "")), str(given.get("region", "")), _vpc(asked.get("vpc", ""))
    )


def _vpc(text: str) -> str:
    """A VPC id of the address; a malformed one counts as none."""
    try:
        return parsed_vpc_id(text)
    except ValueError:
        return ""


def _form(start: PeeringStart, data: Any = None) -> PeeringForm:
    initial = {"vpc": start.vpc_id, "label": start.proposed_label}
    return PeeringForm(data, seen=start.vpc is not None, initial=initial)


def _page(
    request: Request, start: PeeringStart, place: TargetForm, form: PeeringForm, *, status: int = 200
) -> HttpResponse:
    ticked = request.POST.getlist("subnets[]") if form.is_bound else [subnet.id for subnet in start.subnets]
    context = {
        "deployment": start.deployment,
        "journey": journey(start.deployment),
        "start": start,
        "place": place,
        "form": form,
        "ticked": ticked,
    }
    fragment = request.htmx and request.method == "GET"
    return render(
        request, "networking/_peering_which.html" if fragment else "networking/peering_new.html", context, status=status
    )


def _registered(request: Request, start: PeeringStart, place: TargetForm) -> HttpResponse:
    form = _form(start, request.POST)
    if not (place.is_bound and place.is_valid()) or not form.is_valid():
        return _page(request, start, place, form, status=422)
    given = form.cleaned_data

    def act() -> str:
        row = register_peering(
            deployment=start.deployment,
            label=given["label"],
            account_id=start.account,
            region=start.region,
            vpc_id=given["vpc"],
            subnet_ids=given["chosen"],
            ranges=start.vpc.ranges if start.vpc else given["ranges"],
            by=request.user,
        )
        messages.success(request, _("The peering is registered. Nothing has been made in AWS yet."))
        return reverse("networking:peering", args=[start.deployment.pk, row.pk])

    try:
        return acted(request, start.deployment, act)
    except ActionRefused as refused:
        form.add_error("vpc", str(refused))
        return _page(request, start, place, form, status=422)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def peering_around(request: Request, deployment: Deployment) -> HttpResponse:
    """«See which VPCs are there»."""
    place = TargetForm(request.POST)
    if not place.is_valid():
        return changed(request, deployment)
    where = place.cleaned_data

    def act() -> str:
        look_around(deployment=deployment, account=where["account"], region=where["region"], by=request.user)
        return reverse("networking:peering_new", args=[deployment.pk]) + "?" + urlencode(where) + "#which"

    try:
        return acted(request, deployment, act)
    except TooOften as refused:
        messages.error(request, str(refused))
        return redirect(reverse("networking:peering_new", args=[deployment.pk]) + "?" + urlencode(where))
