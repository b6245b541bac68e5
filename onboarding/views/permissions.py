"""The permission ledger as a page: each permission, the step that needs it, why, and what breaks without it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onboarding.bootstrap.constants import TEMPLATE_VERSION
from onboarding.delivery import policy_values, template_digest
from onboarding.models import Deployment
from onboarding.options import options_of
from onboarding.permission_pages import permission_page
from portal.accounts.gate import Request, opens


@opens(Deployment)
@require_safe
def permissions(request: Request, deployment: Deployment) -> HttpResponse:
    """For the security reviewer: everything that the roles may do, and why; `?step=` leaves one step's."""
    connection = deployment.connection
    page = permission_page(
        deployment.profile,
        options=options_of(connection) if connection else frozenset(),
        values=tuple(sorted(policy_values(connection).items())),
        step=request.GET.get("step", ""),
    )
    context = {
        "deployment": deployment,
        "table": page.table,
        "written_roles": page.roles,
        "version": TEMPLATE_VERSION,
        "sha256": template_digest(deployment.profile),
        "wide": True,
    }
    return render(request, "onboarding/permissions.html", context)
