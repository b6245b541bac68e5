"""The infrastructure step: choices, the address plan while typing, declared ranges."""

import time
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onboarding import actions, kept_choices
from onboarding.differences import differences
from onboarding.forms import ChoicesForm, InfrastructureForm, RangeForm, choices_form
from onboarding.inputs.zone_maps import zone_map
from onboarding.models import DeclaredRange, Deployment, InfrastructurePlan
from onboarding.outlook import Outlook
from onboarding.progress import journey
from onboarding.rules.profiles import profile as rule_profile
from onboarding.states import DeploymentState, VpcMode
from onboarding.survey_work import SurveyWork
from onboarding.views.answers import acted, nothing_new, too_late
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
    if deployment.state != DeploymentState.INFRASTRUCTURE:
        return too_late(request, deployment)
    return _posted(request, deployment)


def _posted(request: Request, deployment: Deployment) -> HttpResponse:
    if "use_cidr" in request.POST:
        return _detour(request, deployment, "cidr-field", cidr=str(request.POST["use_cidr"])[:100])
    if "compare" in request.POST:
        return _detour(request, deployment, "zones")
    outlook = Outlook.of(deployment, str(request.POST.get("region", "")))
    form = choices_form(request.POST, outlook)
    if not form.is_valid():
        return _page(request, deployment, form, status=422)
    return _save(request, deployment, form)


def _save(request: Request, deployment: Deployment, form: ChoicesForm) -> HttpResponse:
    wanted = form.cleaned_data
    names = form.outlook.zone_names

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
        if wanted["vpc_mode"] == VpcMode.EXISTING:
            kept_choices.keep_aside(request.session, deployment, request.POST)
            return reverse("networking:vpc", args=[deployment.pk])
        kept_choices.drop(request.session, deployment)
        return reverse("onboarding:review", args=[deployment.pk])

    return acted(request, deployment, act, compare=lambda: differences(wanted, plan_of(deployment)))


def _detour(request: Request, deployment: Deployment, anchor: str, **changes: str) -> HttpResponse:
    """Back to the page with everything that was typed, and `changes`; nothing is saved, so no form key is used up."""
    kept_choices.keep(request.session, deployment, request.POST, **changes)
    return HttpResponse(status=303, headers={"Location": f"{_here(deployment, _region(request))}#{anchor}"})


@opens(Deployment)
@require_safe
def infrastructure_progress(request: Request, deployment: Deployment) -> HttpResponse:
    """The live part while a look is under way; when it has ended, everything on the page that it changes."""
    if request.htmx and request.GET.get("seen") == look_token(deployment):
        return nothing_new()
    plan = plan_of(deployment)
    outlook = Outlook.of(deployment, _region(request) or plan.region)
    work = SurveyWork.of(deployment)
    first = outlook.initial(plan, kept_choices.kept(request.session, deployment, brings_vpc=plan.brings_vpc))
    ticked = [zone for zone in request.GET.getlist("zones[]") if zone in outlook.zone_names]
    values = {**first, "cidr": str(request.GET.get("cidr", first["cidr"])), "zones": ticked or first["zones"]}
    context = {**_live(request, deployment, outlook, work, values), "oob": bool(request.htmx) and not work.running}
    return render(request, "onboarding/_survey.html", context)


def look_token(deployment: Deployment) -> str:
    """What the live part was shown. It changes at least once a minute, so that a look that was given up elsewhere
    without any progress does not keep a page asking for ever.
    """
    return f"{deployment.shown}.{int(time.time()) // 60}"


@opens(Deployment)
@require_safe
def address_plan(request: Request, deployment: Deployment) -> HttpResponse:
    """The map and the overlaps of the CIDR that is being typed."""
    outlook = Outlook.of(deployment, _region(request) or plan_of(deployment).region)
    context = {
        "deployment": deployment,
        "plan": outlook.address_plan(str(request.GET.get("cidr", ""))[:100]),
        "editable": _editable(request, deployment),
    }
    return render(request, "onboarding/_address_plan.html", context)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def survey_region(request: Request, deployment: Deployment) -> HttpResponse:
    """«Look at this region»: zones, VPCs and quotas are read anew."""
    region = str(request.POST.get("region", ""))
    if rule_profile(deployment.profile).region(region) is None:
        outlook = Outlook.of(deployment, "")
        return _page(request, deployment, choices_form(request.POST, outlook), status=422)

    def act() -> str:
        actions.look_at_region(deployment=deployment, region=region, by=request.user)
        if "cidr" in request.POST:  # the review's button sends the region alone
            kept_choices.keep(request.session, deployment, request.POST)
        return _here(deployment, region)

    return acted(request, deployment, act)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def declare_range(request: Request, deployment: Deployment) -> HttpResponse:
    """Notes a network that will talk to the deployment."""
    form = RangeForm(request.POST, prefix="range")
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
        return f"{_here(deployment)}#ranges"

    return acted(request, deployment, act)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def remove_range(request: Request, deployment: Deployment, range_id: Any) -> HttpResponse:
    """Takes a declared network back."""
    declared = get_object_or_404(DeclaredRange, pk=range_id, deployment=deployment)

    def act() -> str:
        actions.remove_range(deployment=deployment, declared=declared, version=deployment.version, by=request.user)
        return f"{_here(deployment)}#ranges"

    return acted(request, deployment, act)


def _here(deployment: Deployment, region: str = "") -> str:
    address = reverse("onboarding:infrastructure", args=[deployment.pk])
    return f"{address}?{urlencode({'region': region})}" if region else address


def _region(request: Request) -> str:
    return str(request.POST.get("region", "") or request.GET.get("region", ""))


def _editable(request: Request, deployment: Deployment) -> bool:
    here: bool = deployment.state == DeploymentState.INFRASTRUCTURE
    return here and Role(request.membership.role).covers(Role.ADMIN)


def why_not(request: Request, deployment: Deployment) -> str:
    """Why nothing can be changed here; empty where it can."""
    if deployment.state == DeploymentState.INFRASTRUCTURE:
        return "" if _editable(request, deployment) else _("Only admins and owners can change this.")
    if deployment.state in {DeploymentState.ACCOUNT, DeploymentState.BOOTSTRAP}:
        return _("The bootstrap roles come first: we cannot read your account yet.")
    return _("These choices were confirmed and cannot be changed any more.")


def _live(
    request: Request, deployment: Deployment, outlook: Outlook, work: SurveyWork, values: dict[str, Any]
) -> dict[str, Any]:
    """What a finished look changes."""
    return {
        "deployment": deployment,
        "outlook": outlook,
        "work": work,
        "token": look_token(deployment),
        "plan": outlook.address_plan(str(values["cidr"] or "")[:100]),
        "zones": outlook.zone_table(values["zones"] or (), str(values["other_zones"] or "")),
        "quotas": outlook.quota_rows(values["zones"] or ()),
        "editable": _editable(request, deployment),
    }


def _page(
    request: Request,
    deployment: Deployment,
    form: ChoicesForm | None,
    *,
    range_form: RangeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    stored = plan_of(deployment)
    kept = kept_choices.kept(request.session, deployment, brings_vpc=stored.brings_vpc)
    outlook = form.outlook if form else Outlook.of(deployment, _region(request) or kept.get("region", stored.region))
    shown = form or InfrastructureForm(initial=outlook.initial(stored, kept), outlook=outlook)
    values = {name: shown[name].value() for name in ("cidr", "zones", "other_zones")}
    context = {
        **_live(request, deployment, outlook, SurveyWork.of(deployment), values),
        "journey": journey(deployment),
        "stored": stored,
        "form": shown,
        "range_form": range_form or RangeForm(initial={"version": deployment.version}, prefix="range"),
        "why_not": why_not(request, deployment),
    }
    return render(request, "onboarding/infrastructure.html", context, status=status)
