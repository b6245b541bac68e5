"""Optimistic versions: a form that was shown an older state changes nothing."""

from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from onboarding.models import Deployment
from onboarding.states import TRANSITIONS, DeploymentState


class Stale(Exception):
    """The deployment changed since the form was shown. The page answers 409 and shows what it is now."""


class WrongStep(Exception):
    """The deployment stands at another step; the page answers 409."""


def touch(deployment: Deployment, *, version: int, steps: tuple[DeploymentState, ...], **changes: Any) -> None:
    """Changes columns if version and step are as expected. Raises Stale or WrongStep, and changes nothing then."""
    changed = Deployment.objects.filter(pk=deployment.pk, version=version, state__in=steps).update(
        version=F("version") + 1, shown=F("shown") + 1, **changes
    )
    deployment.refresh_from_db()
    if changed:
        return
    if deployment.state not in steps:
        raise WrongStep(deployment.state)
    raise Stale(str(deployment.version))


def show_anew(deployment_id: UUID | str) -> None:
    """An open page of the deployment has something new to show; its version stays: nobody chose anything."""
    Deployment.objects.filter(pk=deployment_id).update(shown=F("shown") + 1)


def move(deployment: Deployment, to: DeploymentState, *, version: int | None = None, **changes: Any) -> None:
    """One allowed transition. Without `version` (the portal's own moves) only the step counts."""
    sources = tuple(state for state, targets in TRANSITIONS.items() if to in targets)
    deployment.refresh_from_db()
    touch(
        deployment,
        version=deployment.version if version is None else version,
        steps=sources,
        state=to,
        state_since=Now(),
        **changes,
    )
