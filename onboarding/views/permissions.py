"""The permission ledger as a page: each permission, the step that needs it, why, and what breaks without it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onboarding.bootstrap.grants import Permission, RoleName
from onboarding.bootstrap.permissions import permissions_for
from onboarding.bootstrap.policies import bootstrap_roles
from onboarding.models import Deployment
from onboarding.options import options_of
from portal.accounts.gate import Request, opens


@dataclass(frozen=True)
class RoleLedger:
    """One role and its permissions."""

    name: str
    description: str
    permissions: tuple[Permission, ...]


@opens(Deployment)
@require_safe
def permissions(request: Request, deployment: Deployment) -> HttpResponse:
    """For the security reviewer: everything that the roles may do, and why."""
    options = options_of(deployment.connection) if deployment.connection else None
    roles = [
        RoleLedger(role.name, role.description, permissions_for(RoleName(role.name), deployment.profile, options))
        for role in bootstrap_roles(deployment.profile)
    ]
    return render(request, "onboarding/permissions.html", {"deployment": deployment, "roles": roles, "wide": True})
