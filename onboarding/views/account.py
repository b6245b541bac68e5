"""The account step."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from onboarding import actions
from onboarding.actions.account import OPEN
from onboarding.differences import Difference
from onboarding.forms import AccountForm
from onboarding.models import Deployment
from onboarding.progress import journey
from onboarding.states import AccountKind
from onboarding.views.answers import acted
from portal.accounts.gate import Request, opens
from portal.accounts.states import Role


@opens(Deployment)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request, deployment: Deployment) -> HttpResponse:
    """Which AWS account, and under which name."""
    may_act = Role(request.membership.role).covers(Role.ADMIN)
    if request.method != "POST":
        return _page(request, deployment, _form(deployment), may_act=may_act)
    if not may_act:
        return render(request, "403.html", status=403)
    form = AccountForm(request.POST, deployment=deployment)
    if not form.is_valid():
        return _page(request, deployment, form, may_act=may_act, status=422)
    wanted = form.cleaned_data

    def act() -> str:
        actions.register_account(
            deployment=deployment,
            account_id=wanted["account_id"],
            account_kind=AccountKind(wanted["account_kind"]),
            name=wanted["name"],
            version=wanted["version"],
            by=request.user,
        )
        return reverse("onboarding:bootstrap", args=[deployment.pk])

    return acted(request, deployment, act, compare=lambda: _differences(wanted, deployment))


def _form(deployment: Deployment) -> AccountForm:
    known = deployment.connection.account_id if deployment.connection else deployment.requested_account_id
    return AccountForm(
        deployment=deployment,
        initial={
            "name": deployment.name,
            "account_id": known,
            "account_kind": deployment.account_kind,
            "version": deployment.version,
        },
    )


def _differences(wanted: dict[str, Any], deployment: Deployment) -> tuple[Difference, ...]:
    """Where what was sent differs from what somebody else stored meanwhile."""
    stored = deployment.connection.account_id if deployment.connection else ""
    pairs = (
        (_("Deployment name"), wanted["name"], deployment.name),
        (_("AWS account ID"), wanted["account_id"], stored),
        (
            _("What else is in this account?"),
            str(AccountKind(wanted["account_kind"]).label),
            str(AccountKind(deployment.account_kind).label),
        ),
    )
    return tuple(Difference(label=label, yours=yours, now=now) for label, yours, now in pairs if yours != now)


def _page(
    request: Request, deployment: Deployment, form: AccountForm, *, may_act: bool, status: int = 200
) -> HttpResponse:
    context = {
        "deployment": deployment,
        "journey": journey(deployment),
        "form": form,
        "may_act": may_act,
        "open": deployment.state in OPEN,
    }
    return render(request, "onboarding/account.html", context, status=status)
