"""Launch and tear-down: live progress, going on, rolling back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onboarding import actions
from onboarding.actions.launch import standing
from onboarding.forms import ConfirmForm
from onboarding.judged import Judged
from onboarding.launch_progress import LaunchProgress, stack_rows
from onboarding.launch_progress import launch_progress as progress_of
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.outputs import outputs_of
from onboarding.ports import attached, vpc_guard
from onboarding.progress import journey
from onboarding.removal_plan import own_removal, removal_plan
from onboarding.states import DeploymentState
from onboarding.views.answers import acted, nothing_new, unchanged
from portal.accounts.formkeys import FIELD, new_key
from portal.accounts.gate import Request, opens
from portal.accounts.refusals import ActionRefused
from portal.accounts.states import Role
from portal.aws.states import ConnectionState
from portal.findings.models import Observation
from portal.findings.shapes import Finding

#: The states in which there is something to take down.
TAKEN_DOWN_FROM = (DeploymentState.LAUNCH, DeploymentState.READY)
BEFORE = (DeploymentState.ACCOUNT, DeploymentState.BOOTSTRAP, DeploymentState.INFRASTRUCTURE)


@opens(Deployment)
@require_safe
def launch(request: Request, deployment: Deployment) -> HttpResponse:
    """Every stack and resource, elapsed against typical time, and what to do when it stops."""
    return render(request, "onboarding/launch.html", _context(request, deployment))


@opens(Deployment)
@require_safe
def launch_progress(request: Request, deployment: Deployment) -> HttpResponse:
    """The live part."""
    if unchanged(request, deployment) and not _overdue(request):
        return nothing_new()
    return render(request, "onboarding/_launch_progress.html", _context(request, deployment))


def _overdue(request: Request) -> bool:
    """Whether what is shown has aged: percentages move and a stall is noticed although AWS says nothing new."""
    until = request.GET.get("until", "")
    return until.isascii() and until.isdigit() and len(until) <= 12 and timezone.now().timestamp() >= int(until)


@opens(Deployment, role=Role.ADMIN)
@require_POST
def launch_resume(request: Request, deployment: Deployment) -> HttpResponse:
    """«Go on»."""

    def act() -> str:
        actions.resume_launch(deployment=deployment, version=deployment.version, by=request.user)
        return reverse("onboarding:launch", args=[deployment.pk])

    return acted(request, deployment, act)


@opens(Deployment, role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def teardown(request: Request, deployment: Deployment) -> HttpResponse:
    """What the tear-down deletes and what stays; the typed confirmation begins it."""
    if request.method != "POST":
        return _confirmation(request, deployment, None)
    form = ConfirmForm(request.POST, phrase=deployment.name)
    if not form.is_valid():
        return _confirmation(request, deployment, form)
    wanted = form.cleaned_data

    def act() -> str:
        actions.tear_down(deployment=deployment, version=wanted["version"], by=request.user)
        return reverse("onboarding:launch", args=[deployment.pk])

    try:
        return acted(request, deployment, act)
    except ActionRefused as refused:
        form.add_error("confirmation", str(refused))
        return _confirmation(request, deployment, form)


def _confirmation(request: Request, deployment: Deployment, form: ConfirmForm | None) -> HttpResponse:
    """The page of the confirmation; 422 with what is wrong with `form`."""
    errors = [str(error) for error in form.errors.get("confirmation") or ()] if form else []
    missing = [_("The page was incomplete. Type the name once more.")] if form and not errors else []
    found = journey(deployment)
    plan = removal_plan(deployment, standing(stack_rows(deployment)), found.plan)
    context = {
        "deployment": deployment,
        "journey": found,
        "plan": plan,
        "here": deployment.state in TAKEN_DOWN_FROM,
        "attached": attached(deployment),
        "rolling_back": deployment.state == DeploymentState.LAUNCH,
        "hidden": [(FIELD, new_key()), ("version", deployment.version)],
        "consequences": _consequences(plan.count, rolling_back=deployment.state == DeploymentState.LAUNCH),
        "error": " ".join([*errors, *missing]),
        "typed": request.POST.get("confirmation", "")[:100],
    }
    return render(request, "onboarding/teardown.html", context, status=422 if form else 200)


def _consequences(count: int, *, rolling_back: bool) -> list[str]:
    """What follows from the confirmation, in sentences."""
    return [
        _("Nobody can stop it once it has begun, and a deleted deployment cannot be brought back."),
        _("The launch stops where it stands.") if rolling_back else _("Everything that runs in the cluster ends."),
        _("%(count)d resources are deleted in your account.") % {"count": count},
    ]


def _context(request: Request, deployment: Deployment) -> dict[str, object]:
    found = journey(deployment)
    before = deployment.state in BEFORE
    rows = [] if before else stack_rows(deployment)
    workflow = None if before else found.workflow
    progress = progress_of(deployment, workflow, rows, brings_vpc=found.brings_vpc)
    connection = deployment.connection
    return {
        "deployment": deployment,
        "journey": found,
        "before": before,
        "progress": progress,
        "findings": _findings(deployment, progress, found.plan),
        "outputs": outputs_of(standing(rows), found.plan) if deployment.state == DeploymentState.READY else (),
        "left": own_removal(deployment, rows, found.plan) if deployment.state == DeploymentState.REMOVED else (),
        "in_vpc": _left_in_vpc(deployment, found.plan),
        "lost": connection is not None and connection.state == ConnectionState.LOST and progress.stopped,
        "may_act": Role(request.membership.role).covers(Role.ADMIN),
        "may_end": deployment.state in TAKEN_DOWN_FROM,
    }


def _findings(deployment: Deployment, progress: LaunchProgress, plan: InfrastructurePlan | None) -> list[object]:
    """What the step at which it stopped has found and is not fine."""
    kinds = {"proof": "trust", "blockers": "blockers"}
    step = progress.workflow.step if progress.workflow is not None and progress.stopped else ""
    if step == "network" and plan is not None and plan.brings_vpc:
        judged = vpc_guard().judged(deployment, plan)
        return list(Judged.of(judged.findings).open) if judged else []
    if step not in kinds:
        return []
    looks = Observation.objects.filter(
        organisation_id=deployment.organisation_id, subject_id=deployment.pk, kind=kinds[step]
    )
    newest = looks.order_by("-observed_at").first()
    return list(Judged.of(newest.heard_findings()).open) if newest else []


def _left_in_vpc(deployment: Deployment, plan: InfrastructurePlan | None) -> list[Finding]:
    """What the deployment has left in a VPC that the customer brought, as the tear-down saw it at its end."""
    if deployment.state != DeploymentState.REMOVED or plan is None or not plan.brings_vpc:
        return []
    looks = Observation.objects.filter(
        organisation_id=deployment.organisation_id, subject_id=deployment.pk, kind="remains"
    )
    newest = looks.order_by("-observed_at").first()
    return [one for one in newest.heard_findings() if plan.vpc_id in one.resources] if newest else []
