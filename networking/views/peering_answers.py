"""What every page of one peering shares: its row behind the deployment's gate, and the answers to an old form."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from networking.actions.looks import TooOften
from networking.models import Peering
from networking.states import PeeringState
from onboarding.actions.versions import Stale, WrongStep
from onboarding.models import Deployment
from portal.accounts.formkeys import once
from portal.accounts.gate import Request
from portal.accounts.refusals import ActionRefused
from portal.accounts.states import Role
from portal.workflows.actions import Busy, NotAllowed


def peering_behind(deployment: Deployment, peering_id: UUID) -> Peering:
    """The peering of this deployment and no other. Raises Http404."""
    rows = Peering.objects.select_related("deployment__connection")
    found: Peering = get_object_or_404(rows, deployment=deployment, pk=peering_id)
    return found


def why_not(request: Request, peering: Peering) -> str:
    """Why the reader can change nothing here; empty where they can."""
    if not Role(request.membership.role).covers(Role.ADMIN):
        return _("Only admins and owners can change this; you can read it all.")
    if peering.state == PeeringState.REMOVED:
        return _("This peering is removed.")
    return _("It is being removed; nothing else is changed meanwhile.") if peering.state == "removing" else ""


def answered(request: Request, peering: Peering, act: Callable[[], str]) -> HttpResponse:
    """Runs `act` once per form and goes to the address that it returns; else says why nothing was done: 409, or 429
    after too many looks.
    """
    try:
        return once(request, act)
    except TooOften as refused:
        return not_done(request, peering, str(refused), status=429)
    except Stale:
        return too_old(request, peering)
    except (ActionRefused, Busy, NotAllowed, WrongStep) as refused:
        peering.refresh_from_db()
        return not_done(request, peering, _reason(refused, peering))


def _reason(refused: Exception, peering: Peering) -> str:
    if isinstance(refused, Busy):
        return _("Something else is at work in this account just now. Wait until it is done, then try again.")
    if isinstance(refused, WrongStep):
        return _("The peering stands elsewhere by now: %(state)s.") % {"state": peering.get_state_display()}
    return str(refused)


def too_old(request: Request, peering: Peering) -> HttpResponse:
    """409: what was shown is not the case any more."""
    said = _("Something changed after your page was shown: somebody else acted, or a look saw something new.")
    return not_done(request, peering, said)


def not_done(request: Request, peering: Peering, said: str, *, status: int = 409) -> HttpResponse:
    """The page that says why nothing was done."""
    context = {"deployment": peering.deployment, "peering": peering, "said": said}
    return render(request, "networking/peering_not_done.html", context, status=status)
