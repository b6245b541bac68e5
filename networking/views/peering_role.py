"""The role that a customer lends in the account of a target VPC: what it may do, how to make it, and its proof."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from networking.actions.targets import lend_role, look_for_role, withdraw
from networking.forms.peering_role import LEND, PeeringRoleForm
from networking.models import Peering
from networking.pages.peering_role import PeeringRolePage
from networking.views.peering_answers import answered, peering_behind, too_old, why_not
from onboarding.guides import ways
from onboarding.models import Deployment
from onboarding.roles_progress import beat_of
from onboarding.views.answers import nothing_new
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role


@opens(Deployment)
@require_http_methods(["GET", "HEAD", "POST"])
def peering_role(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """The page; its two buttons lend the role and take it back."""
    row = peering_behind(deployment, peering_id)
    if request.method == "POST":
        return _posted(request, row)
    return render(request, "networking/peering_role.html", _context(request, row))


@opens(Deployment)
@require_safe
def peering_role_progress(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """The live part: whether the role is there and whether only we can use it; 204 while there is nothing new."""
    row = peering_behind(deployment, peering_id)
    if request.htmx and request.GET.get("seen") == beat_of(deployment):
        return nothing_new()
    context = _context(request, row)
    context["stage_changed"] = request.GET.get("stage") not in {None, context["page"].stage.value}
    return render(request, "networking/_peering_role_progress.html", context)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def peering_role_look(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """«Look now»."""
    row = peering_behind(deployment, peering_id)

    def act() -> str:
        look_for_role(peering=row, by=request.user)
        return _address(row)

    return answered(request, row, act)


@opens(Deployment)
@require_safe
def peering_role_file(request: Request, deployment: Deployment, peering_id: UUID, kind: str) -> HttpResponse:
    """The template, the Terraform module or the policies as a file; 404 before somebody lends the role."""
    delivery = PeeringRolePage.of(peering_behind(deployment, peering_id)).delivery
    if delivery is None:
        raise Http404
    found = delivery.file(kind)
    disposition = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    return HttpResponse(found.body, content_type=found.content_type, headers=disposition)


def _posted(request: Request, row: Peering) -> HttpResponse:
    if not Role(request.membership.role).covers(Role.ADMIN):
        return render(request, "403.html", status=403)
    form = PeeringRoleForm(request.POST)
    if not form.is_valid():
        return too_old(request, row)
    version = form.cleaned_data["version"]

    def act() -> str:
        if form.cleaned_data["act"] == LEND:
            lend_role(peering=row, version=version, by=request.user)
        else:
            withdraw(peering=row, version=version, by=request.user)
            messages.success(request, _("We no longer use the role. Delete its stack in the target account now."))
        return _address(row)

    return answered(request, row, act)


def _address(row: Peering) -> str:
    return reverse("networking:peering_role", args=[row.deployment_id, row.pk])


def _context(request: Request, row: Peering) -> dict[str, Any]:
    page = PeeringRolePage.of(row)
    here = [row.deployment_id, row.pk]
    return {
        "deployment": row.deployment,
        "peering": row,
        "page": page,
        "roles": page,
        "delivery": page.delivery,
        "tabs": ways(),
        "crumbs": [_("Stacks"), _("Quick create stack")],
        "console_items": page.console_items,
        "terraform_items": page.terraform_items(reverse("networking:peering_role_terraform", args=here)),
        "role": page,
        "rows": page.rows,
        "beat": beat_of(row.deployment),
        "why_not": why_not(request, row),
    }
