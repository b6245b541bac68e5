"""What the portal does for a peering: the plan and its confirmation, a look, going on or leaving, and the removal."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from networking.actions.peering_looks import look_at_peering
from networking.actions.peering_work import leave_work, remove_peering, resume_work, start_steps
from networking.forms.peerings import ApplyForm, PeeringActForm, RemovalForm
from networking.models import Peering
from networking.pages.peering_plan import PlanPage
from networking.pages.peering_removal import RemovalPage
from networking.pages.peering_steps import page_url
from networking.peering.remedies.remedies import everything, of_account, remedies_for
from networking.peering.standing import standing_of
from networking.peering.steps import STEPS, Place
from networking.states import PeeringStep
from networking.views.downloads import shell_script
from networking.views.peering_answers import answered, peering_behind, too_old, why_not
from onboarding.actions.versions import Stale
from onboarding.models import Deployment
from portal.accounts.formkeys import FIELD, new_key
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role

#: What somebody may say goes too: connections and rules, by id.
MOST_NAMED = 50


@opens(Deployment, role=Role.ADMIN)
@require_POST
def peering_look(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """«Look again»."""
    row = peering_behind(deployment, peering_id)

    def act() -> str:
        look_at_peering(peering=row, by=request.user)
        step = request.POST.get("step", "")
        return f"{page_url(row)}?step={step}" if step in PeeringStep.values else page_url(row)

    return answered(request, row, act)


@opens(Deployment)
@require_safe
def peering_script(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """All open steps of one account (`?side=byoc` or `?side=target`) as one shell script; 404 where there is none."""
    row = peering_behind(deployment, peering_id)
    standing = standing_of(row)
    side, byoc = request.GET.get("side", ""), standing.registered.requester_account
    accounts = {Place.BYOC.value: byoc, Place.TARGET.value: row.account_id}
    places = {step.key for step in STEPS if step.place.value == side}
    made = {key: value for key, value in remedies_for(standing).items() if key in places}
    chosen = [one for one in of_account(made, accounts.get(side, "")) if not one.needs_decision]
    if not chosen:
        raise Http404
    return shell_script(everything(chosen), f"peering-{row.vpc_id}-{side}.sh")


@opens(Deployment)
@require_http_methods(["GET", "HEAD", "POST"])
def peering_apply(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """The plan of one step (`?step=routes`) or of all that is allowed; a POST confirms exactly what was shown."""
    row = peering_behind(deployment, peering_id)
    if request.method != "POST":
        wanted = request.GET.get("step", "")
        step = PeeringStep(wanted) if wanted in PeeringStep.values else None
        context = {"deployment": deployment, "page": PlanPage.of(row, step), "why_not": why_not(request, row)}
        return render(request, "networking/peering_apply.html", {**context, "peering": row})
    if not Role(request.membership.role).covers(Role.ADMIN):
        return render(request, "403.html", status=403)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return too_old(request, row)
    return answered(request, row, _starting(request, row, form.cleaned_data))


def _starting(request: Request, row: Peering, wanted: dict[str, Any]) -> Callable[[], str]:
    def act() -> str:
        page = PlanPage.of(row, PeeringStep(wanted["step"]) if wanted["step"] else None)
        if not page.plan.matches(wanted["plan_hash"]):
            raise Stale(str(row.version))
        start_steps(
            peering=row,
            steps=page.plan.steps,
            plan_hash=wanted["plan_hash"],
            version=wanted["version"],
            by=request.user,
        )
        return page_url(row)

    return act


@opens(Deployment, role=Role.ADMIN)
@require_POST
def peering_resume(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """«Go on», after what AWS refused was dealt with."""
    return _with_version(request, peering_behind(deployment, peering_id), resume_work)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def peering_leave(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """«Leave it»: what is left of the plan is given up; what was made stays."""
    return _with_version(request, peering_behind(deployment, peering_id), leave_work)


def _with_version(request: Request, row: Peering, act: Callable[..., object]) -> HttpResponse:
    form = PeeringActForm(request.POST)
    if not form.is_valid():
        return too_old(request, row)

    def acted() -> str:
        act(peering=row, version=form.cleaned_data["version"], by=request.user)
        return page_url(row)

    return answered(request, row, acted)


@opens(Deployment, role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def peering_remove(request: Request, deployment: Deployment, peering_id: UUID) -> HttpResponse:
    """What is taken back and what stays; `?named[]=pcx-…` counts what the customer made in. A POST, confirmed by the
    peering's name, begins it.
    """
    row = peering_behind(deployment, peering_id)
    if request.method != "POST":
        return _removal(request, row, frozenset(request.GET.getlist("named[]")[:MOST_NAMED]))
    named = frozenset(request.POST.getlist("named[]")[:MOST_NAMED])
    form = RemovalForm(request.POST, phrase=row.label)
    if not form.is_valid():
        return too_old(request, row) if form.errors.keys() - {"confirmation"} else _removal(request, row, named, form)
    wanted = form.cleaned_data

    def act() -> str:
        remove_peering(
            peering=row,
            named=named,
            plan_hash=wanted["shown_hash"],
            version=wanted["version"],
            by=request.user,
        )
        return page_url(row)

    return answered(request, row, act)


def _removal(request: Request, row: Peering, named: frozenset[str], form: RemovalForm | None = None) -> HttpResponse:
    page = RemovalPage.of(row, named)
    context = {
        "deployment": row.deployment,
        "peering": row,
        "page": page,
        "action": reverse("networking:peering_remove", args=[row.deployment_id, row.pk]),
        "back_url": page_url(row),
        "hidden": [
            (FIELD, new_key()),
            ("version", row.version),
            ("shown_hash", page.plan.shown),
            *(("named[]", one) for one in sorted(page.named)),
        ],
        "error": " ".join(str(error) for error in form.errors["confirmation"]) if form else "",
        "typed": request.POST.get("confirmation", "")[:100],
    }
    return render(request, "networking/peering_remove.html", context, status=422 if form else 200)
