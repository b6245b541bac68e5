"""The bootstrap step: three ways to the same roles, and what we found of them."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from onboarding import actions
from onboarding.actions import Stale
from onboarding.actions.bootstrap import CHOOSABLE
from onboarding.delivery import Delivery, download
from onboarding.forms import OverrideForm, PermissionsForm
from onboarding.guides import console_guide, terraform_guide, trust_guide, ways
from onboarding.models import Deployment, Override
from onboarding.progress import journey
from onboarding.roles_progress import (
    RolesProgress,
    Stage,
    beat_of,
    can_be_overridden,
    newest,
    roles_progress,
    standing_codes,
)
from onboarding.states import DeploymentState
from onboarding.views.answers import acted, nothing_new
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role


@opens(Deployment)
@require_safe
def bootstrap(request: Request, deployment: Deployment) -> HttpResponse:
    """The guide to create the roles, and the live findings."""
    return render(request, "onboarding/bootstrap.html", _context(request, deployment))


@opens(Deployment)
@require_safe
def bootstrap_progress(request: Request, deployment: Deployment) -> HttpResponse:
    """The live part: whether the roles are there and what we think of them; the guide too when the stage changed."""
    if request.htmx and request.GET.get("seen") == beat_of(deployment):
        return nothing_new()
    context = _context(request, deployment)
    roles = context["roles"]
    stage = roles.stage if isinstance(roles, RolesProgress) else None
    context["stage_changed"] = stage is not None and request.GET.get("stage") not in {None, stage.value}
    return render(request, "onboarding/_bootstrap_progress.html", context)


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
    """What the template shall grant. The page's script sends it with each tick, and shows the new links at once."""
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

    answer = acted(request, deployment, act)
    if request.htmx and answer.status_code >= 400:
        # htmx swaps no errors: the whole page says what is the case now.
        answer["HX-Refresh"] = "true"
    return answer


@opens(Deployment, role=Role.ADMIN)
@require_POST
def bootstrap_override(request: Request, deployment: Deployment) -> HttpResponse:
    """Going on in spite of a finding, with a reason."""
    form = OverrideForm(request.POST)
    if form.is_valid() and not can_be_overridden(form.cleaned_data["code"]):
        form.add_error(None, _("A finding on trust has no exception. Correct the trust policy, then look again."))
    if not form.is_valid():
        return render(request, "onboarding/bootstrap.html", _context(request, deployment, override=form), status=422)
    wanted = form.cleaned_data

    def act() -> str:
        _refuse_unless_open(deployment, wanted["code"])
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
    """The template, the Terraform module or the policies as a file; before an account is named, with placeholders."""
    found = download(kind, deployment.profile, deployment.connection)
    disposition = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    return HttpResponse(found.body, content_type=found.content_type, headers=disposition)


def _address(deployment: Deployment) -> str:
    return reverse("onboarding:bootstrap", args=[deployment.pk])


def _refuse_unless_open(deployment: Deployment, code: str) -> None:
    """Raises Stale for a code that no finding of the newest look stands for: nothing is overridden in advance."""
    looked = newest(deployment, "permissions")
    overrides = Override.objects.filter(deployment=deployment)
    if code not in standing_codes(looked.heard_findings() if looked else (), overrides):
        raise Stale(str(deployment.version))


@dataclass(frozen=True)
class OverrideCard:
    """The form by which one code is overridden."""

    code: str
    form: OverrideForm


def _cards(deployment: Deployment, roles: RolesProgress, posted: OverrideForm | None) -> list[OverrideCard]:
    """One form for each code that may be overridden; the posted one keeps its errors and what was typed."""
    cards = []
    for code in filter(can_be_overridden, roles.open_codes):
        initial = {"code": code, "version": deployment.version}
        form = OverrideForm(initial=initial, auto_id=f"id_{code}_%s")
        if posted is not None and posted.data.get("code") == code:
            form = posted
            form.auto_id = f"id_{code}_%s"
        cards.append(OverrideCard(code, form))
    return cards


def _context(
    request: Request,
    deployment: Deployment,
    *,
    permissions: PermissionsForm | None = None,
    override: OverrideForm | None = None,
) -> dict[str, object]:
    place = journey(deployment)
    roles = roles_progress(deployment, place.workflow)
    context: dict[str, object] = {
        "deployment": deployment,
        "journey": place,
        "roles": roles,
        "here": deployment.state == DeploymentState.BOOTSTRAP,
        "may_choose": deployment.state in CHOOSABLE,
        "may_act": Role(request.membership.role).covers(Role.ADMIN),
        "beat": beat_of(deployment),
        "override": override,
    }
    if roles is None:
        return context
    return context | _delivered(deployment, roles, permissions) | {"cards": _cards(deployment, roles, override)}


def _delivered(deployment: Deployment, roles: RolesProgress, permissions: PermissionsForm | None) -> dict[str, object]:
    """The three ways, in this customer's values."""
    delivery = Delivery.of(deployment)
    chosen = {
        "version": deployment.version,
        "withhold_vpc_writes": delivery.connection.withholds_vpc_writes,
        "allow_peering_writes": delivery.connection.allows_peering_writes,
    }
    module = reverse("onboarding:bootstrap_terraform", args=[deployment.pk])
    return {
        "delivery": delivery,
        "permissions_form": permissions or PermissionsForm(initial=chosen),
        "tabs": ways(),
        "crumbs": [_("Stacks"), _("Quick create stack")],
        "console_items": console_guide(delivery, seen_at=roles.seen_at),
        "terraform_items": terraform_guide(delivery, module_url=module),
        "trust_items": trust_guide(delivery, roles.roles_to_correct) if roles.roles_to_correct else (),
        "needs_roles": roles.stage in {Stage.IDLE, Stage.WAITING, Stage.LOST},
    }
