"""The irreversible review: everything that is decided, what follows from it, and the typed confirmation."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from onboarding import actions
from onboarding.address_plan import AddressPlan
from onboarding.brought_vpc import is_approved
from onboarding.consequences import consequences_of
from onboarding.forms import ConfirmForm, OverrideForm
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.outlook import Outlook
from onboarding.progress import journey
from onboarding.readiness import OVERRIDABLE, Blocked, Readiness
from onboarding.review import Incomplete, Review, review_of
from onboarding.stacks.subnets import PlannedSubnet
from onboarding.states import DeploymentState
from onboarding.views.answers import acted, changed, too_late
from onboarding.views.infrastructure import plan_of, why_not
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role
from portal.aws.facts.subnets import SubnetFact
from portal.workflows.models import Event


@dataclass(frozen=True, kw_only=True)
class PlacedSubnet:
    """A subnet to be and its zone: the ID, and the account's name for it."""

    planned: PlannedSubnet
    zone: str
    name: str


@dataclass(frozen=True, kw_only=True)
class BroughtSubnet:
    """A subnet of a brought VPC, its zone (the ID, and the account's name for it), and how we saw it, if we did."""

    id: str
    zone: str
    name: str
    fact: SubnetFact | None


@dataclass(frozen=True, kw_only=True)
class BroughtVpc:
    """The chosen subnets of a brought VPC; `approved_at` is None before support approved exactly these facts."""

    subnets: tuple[BroughtSubnet, ...]
    approved_at: datetime | None
    approved_by: str


@opens(Deployment)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, deployment: Deployment) -> HttpResponse:
    """What cannot be changed later, with its consequences; the typed confirmation starts the launch."""
    if request.method == "POST":
        return _posted(request, deployment)
    plan = plan_of(deployment)
    try:
        return _page(request, deployment, plan, ConfirmForm(phrase=deployment.name))
    except Incomplete:
        return redirect("networking:vpc" if plan.brings_vpc else "onboarding:infrastructure", deployment.pk)


def _posted(request: Request, deployment: Deployment) -> HttpResponse:
    if not Role(request.membership.role).covers(Role.ADMIN):
        return render(request, "403.html", status=403)
    if deployment.state != DeploymentState.INFRASTRUCTURE:
        return too_late(request, deployment)
    plan = plan_of(deployment)
    form = ConfirmForm(request.POST, phrase=deployment.name)
    if not _same(deployment, plan, str(request.POST.get("shown_hash", ""))):
        return changed(request, deployment, stale=True)
    if not form.is_valid():
        return _page(request, deployment, plan, form, status=422)
    return _confirm(request, deployment, plan, form)


def _same(deployment: Deployment, plan: InfrastructurePlan, shown_hash: str) -> bool:
    """Whether the plan is still what the person was shown."""
    try:
        now = review_of(deployment, plan).content_hash
    except Incomplete:
        return False
    return hmac.compare_digest(shown_hash.encode(), now.encode())


def _confirm(request: Request, deployment: Deployment, plan: InfrastructurePlan, form: ConfirmForm) -> HttpResponse:
    wanted = form.cleaned_data

    def act() -> str:
        actions.confirm_infrastructure(
            deployment=deployment, shown_hash=wanted["shown_hash"], version=wanted["version"], by=request.user
        )
        return reverse("onboarding:launch", args=[deployment.pk])

    try:
        return acted(request, deployment, act)
    except Blocked:
        return _page(request, deployment, plan, form, status=422)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def review_override(request: Request, deployment: Deployment) -> HttpResponse:
    """Going on in spite of a finding that a person may answer for, with a reason."""
    if deployment.state != DeploymentState.INFRASTRUCTURE:
        return too_late(request, deployment)
    form = OverrideForm(request.POST)
    if not form.is_valid() or form.cleaned_data["code"] not in OVERRIDABLE:
        unsigned = ConfirmForm(phrase=deployment.name)
        try:
            return _page(request, deployment, plan_of(deployment), unsigned, override=form, status=422)
        except Incomplete:
            return changed(request, deployment, stale=True)
    wanted = form.cleaned_data

    def act() -> str:
        actions.override_finding(
            deployment=deployment,
            code=wanted["code"],
            reason=wanted["reason"],
            version=wanted["version"],
            by=request.user,
        )
        return reverse("onboarding:review", args=[deployment.pk])

    return acted(request, deployment, act)


def _page(
    request: Request,
    deployment: Deployment,
    plan: InfrastructurePlan,
    form: ConfirmForm,
    *,
    override: OverrideForm | None = None,
    status: int = 200,
) -> HttpResponse:
    outlook = Outlook.of(deployment, plan.region)
    shown = review_of(deployment, plan)
    addresses = None if plan.brings_vpc else outlook.address_plan(plan.cidr)
    readiness = Readiness.of(deployment, plan, outlook)
    context = {
        "deployment": deployment,
        "journey": journey(deployment, plan),
        "review": shown,
        "plan": addresses,
        "subnets": _subnets(plan, addresses) if addresses else (),
        "brought": _brought(deployment, plan, shown, readiness) if plan.brings_vpc else None,
        "outlook": outlook,
        "readiness": readiness,
        "consequences": consequences_of(shown, [subnet.free for subnet in readiness.vpc_subnets]),
        "quotas": outlook.quota_rows([str(zone["id"]) for zone in plan.zones], new_vpc=not plan.brings_vpc),
        "override_forms": [_override_form(code, deployment, override) for code in readiness.answerable],
        "form": form,
        "here": deployment.state == DeploymentState.INFRASTRUCTURE,
        "stored": plan,
        "why_not": why_not(request, deployment),
    }
    return render(request, "onboarding/review.html", context, status=status)


def _brought(deployment: Deployment, plan: InfrastructurePlan, shown: Review, readiness: Readiness) -> BroughtVpc:
    """What the page says of a VPC that the customer brings. One query."""
    approved = is_approved(deployment, plan)
    said = Event.objects.filter(subject_id=deployment.pk, code="vpc.approved").order_by("-at", "-pk").first()
    facts = {subnet.id: subnet for subnet in readiness.vpc_subnets}
    return BroughtVpc(
        subnets=tuple(
            BroughtSubnet(id=subnet, zone=zone, name=name, fact=facts.get(subnet))
            for subnet, (name, zone) in zip(shown.subnet_ids, shown.zones, strict=True)
        ),
        approved_at=plan.vpc_approved_at if approved else None,
        approved_by=said.actor if approved and said else "",
    )


def _override_form(code: str, deployment: Deployment, sent: OverrideForm | None) -> OverrideForm:
    """The form for one code; the one that was sent comes back with its errors."""
    if sent is not None and sent["code"].value() == code:
        return sent
    return OverrideForm(initial={"code": code, "version": deployment.version}, auto_id=f"id_{code}_%s")


def _subnets(plan: InfrastructurePlan, addresses: AddressPlan) -> list[PlacedSubnet]:
    """The six subnets with the zone that each lies in; none for a range that the rules no longer accept."""
    split = addresses.split
    if split is None:
        return []
    return [
        PlacedSubnet(planned=subnet, zone=str(zone["id"]), name=str(zone["name"]))
        for subnet in (*split.private, *split.public)
        for zone in (plan.zones[subnet.position],)
    ]
