"""The infrastructure step: choices, the address plan while typing, declared ranges, and the irreversible review."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onboarding import actions
from onboarding.address_plan import AddressPlan
from onboarding.forms import ConfirmForm, InfrastructureForm, RangeForm
from onboarding.inputs.zone_maps import zone_map
from onboarding.models import DeclaredRange, Deployment, InfrastructurePlan
from onboarding.outlook import Outlook
from onboarding.progress import journey
from onboarding.review import Incomplete, review_of
from onboarding.rules.profiles import profile as rule_profile
from onboarding.states import DeploymentState, VpcMode
from onboarding.surveys import Seen, newest_survey
from onboarding.views.answers import acted, nothing_new, unchanged
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role


def plan_of(deployment: Deployment) -> InfrastructurePlan:
    """The stored plan, or an empty one that is not stored: looking changes nothing."""
    stored = InfrastructurePlan.objects.filter(deployment=deployment).first()
    return stored or InfrastructurePlan(
        organisation_id=deployment.organisation_id, deployment=deployment, region=deployment.requested_region
    )


@opens(Deployment)
@require_http_methods(["GET", "HEAD", "POST"])
def infrastructure(request: Request, deployment: Deployment) -> HttpResponse:
    """Region, VPC, addresses and zones. Saved as a draft; the review makes them final."""
    if request.method != "POST":
        return _page(request, deployment, None)
    if not Role(request.membership.role).covers(Role.ADMIN):
        return render(request, "403.html", status=403)
    outlook = Outlook.of(deployment, str(request.POST.get("region", "")))
    form = InfrastructureForm(request.POST, profile=outlook.profile, zones=outlook.zone_choices)
    if not form.is_valid():
        return _page(request, deployment, form, status=422)
    wanted = form.cleaned_data
    names = outlook.zone_names

    def act() -> str:
        other = zone_map(wanted["other_zones"]) if wanted["other_zones"] else None
        actions.choose_infrastructure(
            deployment=deployment,
            region=wanted["region"],
            vpc_mode=VpcMode(wanted["vpc_mode"]),
            cidr=wanted["cidr"],
            zones=[{"name": names[zone], "id": zone} for zone in wanted["zones"]],
            other_zone_map=dict(other.pairs) if other else {},
            version=wanted["version"],
            by=request.user,
        )
        return reverse("onboarding:review", args=[deployment.pk])

    return acted(request, deployment, act)


@opens(Deployment)
@require_safe
def infrastructure_progress(request: Request, deployment: Deployment) -> HttpResponse:
    """The live part: what the survey of the region shows."""
    if unchanged(request, deployment):
        return nothing_new()
    region = str(request.GET.get("region", "")) or plan_of(deployment).region
    outlook = Outlook.of(deployment, region)
    context = {"deployment": deployment, "outlook": outlook, "journey": journey(deployment)}
    return render(request, "onboarding/_survey.html", context)


@opens(Deployment)
@require_safe
def address_plan(request: Request, deployment: Deployment) -> HttpResponse:
    """The map and the overlaps of the CIDR that is being typed."""
    region = str(request.GET.get("region", "")) or plan_of(deployment).region
    plan = AddressPlan.of(deployment, _seen(deployment, region), str(request.GET.get("cidr", "")))
    return render(request, "onboarding/_address_plan.html", {"deployment": deployment, "plan": plan})


@opens(Deployment, role=Role.ADMIN)
@require_POST
def survey_region(request: Request, deployment: Deployment) -> HttpResponse:
    """«Look at this region»: zones, VPCs and quotas are read anew."""
    region = str(request.POST.get("region", ""))
    if rule_profile(deployment.profile).region(region) is None:
        return _page(request, deployment, None, status=422)

    def act() -> str:
        actions.look_at_region(deployment=deployment, region=region, by=request.user)
        return f"{_address(deployment)}?region={region}"

    return acted(request, deployment, act)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def declare_range(request: Request, deployment: Deployment) -> HttpResponse:
    """Notes a network that will talk to the deployment."""
    form = RangeForm(request.POST)
    if not form.is_valid():
        return _page(request, deployment, None, range_form=form, status=422)
    wanted = form.cleaned_data

    def act() -> str:
        actions.declare_range(
            deployment=deployment,
            kind=wanted["kind"],
            label=wanted["label"],
            cidr=wanted["cidr"],
            version=wanted["version"],
            by=request.user,
        )
        return _address(deployment)

    return acted(request, deployment, act)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def remove_range(request: Request, deployment: Deployment, range_id: Any) -> HttpResponse:
    """Takes a declared network back."""
    declared = get_object_or_404(DeclaredRange, pk=range_id, deployment=deployment)

    def act() -> str:
        actions.remove_range(deployment=deployment, declared=declared, version=deployment.version, by=request.user)
        return _address(deployment)

    return acted(request, deployment, act)


@opens(Deployment, role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, deployment: Deployment) -> HttpResponse:
    """What cannot be changed later, with its consequences; the typed confirmation starts the launch."""
    plan = plan_of(deployment)
    try:
        shown = review_of(deployment, plan)
    except Incomplete:
        return _page(request, deployment, None, status=409)
    form = ConfirmForm(request.POST if request.method == "POST" else None, phrase=deployment.name)
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else 422
        return _review_page(request, deployment, plan, form, status=status)
    wanted = form.cleaned_data

    def act() -> str:
        actions.confirm_infrastructure(
            deployment=deployment, shown_hash=wanted["shown_hash"], version=wanted["version"], by=request.user
        )
        return reverse("onboarding:launch", args=[deployment.pk])

    if deployment.state == DeploymentState.INFRASTRUCTURE and wanted["shown_hash"] != shown.content_hash:
        return render(request, "onboarding/changed.html", {"deployment": deployment, "stale": True}, status=409)
    return acted(request, deployment, act)


def _review_page(
    request: Request, deployment: Deployment, plan: InfrastructurePlan, form: ConfirmForm, *, status: int
) -> HttpResponse:
    outlook = Outlook.of(deployment, plan.region)
    context = {
        "deployment": deployment,
        "journey": journey(deployment),
        "review": review_of(deployment, plan),
        "outlook": outlook,
        "findings": outlook.findings(plan),
        "address_plan": AddressPlan.of(deployment, outlook.seen, plan.cidr),
        "form": form,
        "here": deployment.state == DeploymentState.INFRASTRUCTURE,
    }
    return render(request, "onboarding/review.html", context, status=status)


def _address(deployment: Deployment) -> str:
    return reverse("onboarding:infrastructure", args=[deployment.pk])


def _seen(deployment: Deployment, region: str) -> Seen | None:
    return newest_survey(deployment, region)


def _page(
    request: Request,
    deployment: Deployment,
    form: InfrastructureForm | None,
    *,
    range_form: RangeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    plan = plan_of(deployment)
    region = str(request.POST.get("region", "") or request.GET.get("region", "")) or plan.region
    outlook = Outlook.of(deployment, region)
    shown = form or InfrastructureForm(
        initial=outlook.initial(plan), profile=outlook.profile, zones=outlook.zone_choices
    )
    context = {
        "deployment": deployment,
        "journey": journey(deployment),
        "plan": plan,
        "outlook": outlook,
        "form": shown,
        "range_form": range_form or RangeForm(initial={"version": deployment.version}),
        "ranges": DeclaredRange.objects.filter(deployment=deployment),
        "address_plan": AddressPlan.of(deployment, outlook.seen, str(shown["cidr"].value() or "")),
        "may_act": Role(request.membership.role).covers(Role.ADMIN),
        "here": deployment.state == DeploymentState.INFRASTRUCTURE,
    }
    return render(request, "onboarding/infrastructure.html", context, status=status)
