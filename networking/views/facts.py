"""Looking without lending access: the read-only script, and the facts file that it writes."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from networking.actions.facts import FactsRefused, TooLate, take_facts
from networking.facts.script import facts_script
from networking.forms.requests import FactsForm
from networking.pages.facts_upload import facts_upload
from networking.requests.proofs import saved_plan
from networking.views.downloads import shell_script
from onboarding.inputs.identifiers import vpc_id as parsed_vpc_id
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from onboarding.views.answers import acted, too_late
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role
from portal.accounts.uploads import request_length


@opens(Deployment)
@require_safe
def vpc_facts_script(request: Request, deployment: Deployment) -> HttpResponse:
    """The script for the VPC of `?vpc=`, by default the chosen one; 404 before one is."""
    plan = saved_plan(deployment)
    vpc_id = _wanted(request) or plan.vpc_id
    if deployment.connection is None or not (vpc_id and plan.region):
        raise Http404
    text = facts_script(
        account=deployment.connection.account_id,
        region=plan.region,
        vpc_id=vpc_id,
        subnet_ids=tuple(plan.subnet_ids) if vpc_id == plan.vpc_id else (),
    )
    return shell_script(text, f"{vpc_id}-facts.sh")


def _wanted(request: Request) -> str:
    """The VPC that the address names. Raises Http404 for what is no id of one."""
    try:
        return parsed_vpc_id(request.GET["vpc"]) if "vpc" in request.GET else ""
    except ValueError:
        raise Http404 from None


@opens(Deployment, role=Role.ADMIN)
@require_POST
def vpc_facts(request: Request, deployment: Deployment) -> HttpResponse:
    """Takes a facts file about the chosen VPC."""
    if deployment.state != DeploymentState.INFRASTRUCTURE:
        return too_late(request, deployment)
    form = FactsForm(request.POST, request.FILES, length=request_length(request))
    if not form.is_valid():
        return _page(request, deployment, form, status=form.refused_status)

    def act() -> str:
        wanted = form.cleaned_data["vpc"]
        taken = take_facts(deployment=deployment, data=form.content(), by=request.user, vpc_id=wanted)
        messages.success(request, _("The facts file was taken. What it says stands beside what we saw ourselves."))
        query = urlencode({"vpc": taken.facts["network"]["vpc_id"]})
        return f"{reverse('networking:vpc', args=[deployment.pk])}?{query}#facts"

    try:
        return acted(request, deployment, act)
    except FactsRefused as refused:
        form.add_error("facts", str(refused))
        return _page(request, deployment, form, status=409 if isinstance(refused, TooLate) else 422)


def _page(request: Request, deployment: Deployment, form: FactsForm, *, status: int) -> HttpResponse:
    context = {
        "deployment": deployment,
        "title": _("The facts file was not taken"),
        "part": "networking/_facts_upload.html",
        "facts_upload": facts_upload(deployment, str(form["vpc"].value() or saved_plan(deployment).vpc_id), form=form),
    }
    return render(request, "networking/vpc_part.html", context, status=status)
