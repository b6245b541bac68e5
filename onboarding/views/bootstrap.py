"""The bootstrap step: three ways to the same roles, and what we found of them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onboarding import actions
from onboarding.delivery import Delivery
from onboarding.forms import OverrideForm, PermissionsForm
from onboarding.models import Deployment, Override
from onboarding.progress import journey
from onboarding.states import DeploymentState
from onboarding.views.answers import acted, nothing_new, unchanged
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role
from portal.findings.models import Observation


@opens(Deployment)
@require_safe
def bootstrap(request: Request, deployment: Deployment) -> HttpResponse:
    """The guide to create the roles, and the live findings."""
    return render(request, "onboarding/bootstrap.html", _context(request, deployment))


@opens(Deployment)
@require_safe
def bootstrap_progress(request: Request, deployment: Deployment) -> HttpResponse:
    """The live part: whether the roles are there and what we think of them."""
    if unchanged(request, deployment):
        return nothing_new()
    return render(request, "onboarding/_bootstrap.html", _context(request, deployment))


@opens(Deployment, role=Role.ADMIN)
@require_POST
def bootstrap_look(request: Request, deployment: Deployment) -> HttpResponse:
    """«Look now»."""

    def act() -> str:
        actions.look_for_roles(deployment=deployment, by=request.user)
        return _address(deployment)

    return acted(request, deployment, act)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def bootstrap_permissions(request: Request, deployment: Deployment) -> HttpResponse:
    """What the template shall grant."""
    form = PermissionsForm(request.POST)
    if not form.is_valid():
        return render(request, "onboarding/bootstrap.html", _context(request, deployment, permissions=form), status=422)
    wanted = form.cleaned_data

    def act() -> str:
        actions.choose_permissions(
            deployment=deployment,
            allow_peering_writes=wanted["allow_peering_writes"],
            withhold_vpc_writes=wanted["withhold_vpc_writes"],
            version=wanted["version"],
            by=request.user,
        )
        return _address(deployment)

    return acted(request, deployment, act)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def bootstrap_override(request: Request, deployment: Deployment) -> HttpResponse:
    """Going on in spite of a finding, with a reason."""
    form = OverrideForm(request.POST)
    if not form.is_valid() or form.cleaned_data["code"].startswith("trust."):
        return render(request, "onboarding/bootstrap.html", _context(request, deployment, override=form), status=422)
    wanted = form.cleaned_data

    def act() -> str:
        actions.override_finding(
            deployment=deployment,
            code=wanted["code"],
            reason=wanted["reason"],
            version=wanted["version"],
            by=request.user,
        )
        return _address(deployment)

    return acted(request, deployment, act)


@opens(Deployment)
@require_safe
def bootstrap_file(request: Request, deployment: Deployment, kind: str) -> HttpResponse:
    """The template, the Terraform module or the policies as a file."""
    delivery = Delivery.of(deployment)
    name, content_type, body = delivery.file(kind)
    return HttpResponse(
        body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _address(deployment: Deployment) -> str:
    return reverse("onboarding:bootstrap", args=[deployment.pk])


def _newest(deployment: Deployment, kind: str) -> Observation | None:
    looks = Observation.objects.filter(organisation_id=deployment.organisation_id, subject_id=deployment.pk, kind=kind)
    return looks.order_by("-observed_at").first()


def _context(
    request: Request,
    deployment: Deployment,
    *,
    permissions: PermissionsForm | None = None,
    override: OverrideForm | None = None,
) -> dict[str, object]:
    connection = deployment.connection
    chosen = {
        "version": deployment.version,
        "withhold_vpc_writes": bool(connection and connection.withholds_vpc_writes),
        "allow_peering_writes": bool(connection and connection.allows_peering_writes),
    }
    overrides = {row.code: row for row in Override.objects.filter(deployment=deployment).select_related("by")}
    looked = _newest(deployment, "permissions")
    findings = looked.heard_findings() if looked else []
    open_codes = {one.code for one in findings if one.level.value == "failed"} - overrides.keys()
    return {
        "deployment": deployment,
        "journey": journey(deployment),
        "delivery": Delivery.of(deployment) if connection else None,
        "may_act": Role(request.membership.role).covers(Role.ADMIN),
        "here": deployment.state == DeploymentState.BOOTSTRAP,
        "permissions_form": permissions or PermissionsForm(initial=chosen),
        "trust": _newest(deployment, "trust"),
        "looked": looked,
        "overrides": overrides.values(),
        "override_forms": [
            OverrideForm(initial={"code": code, "version": deployment.version}, auto_id=f"id_{code}_%s")
            for code in sorted(open_codes)
        ],
        "override_form": override,
    }
