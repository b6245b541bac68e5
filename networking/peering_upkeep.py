"""What the portal does for peerings by itself: looks while a page is open, verifies daily, and writes when it matters.

An account should see at most 30 describing calls a minute of ours; a look at a peering makes eight at most once it was
seen whole, so one in `AGAIN` leaves room for what a person asks for beside it.
"""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from networking.actions.looks import TooOften
from networking.actions.peering_looks import look_at_peering
from networking.kinds import PEERING_SEEN
from networking.models import Peering, PeeringConnection, PeeringFault
from networking.peering.steps import STEPS, Place
from networking.states import PeeringState, PeeringStatus
from onboarding.actions.versions import WrongStep
from onboarding.letters import tell_people
from onboarding.states import DeploymentState
from portal.findings.languages import heard
from portal.findings.models import Observation
from portal.support.actions import open_ticket
from portal.support.states import TicketKind
from portal.workflows.actions import Busy
from portal.workflows.journal import SYSTEM
from portal.workflows.states import LIVE

#: A page that asked within this time is open.
OPEN = timedelta(seconds=45)
#: How long after a look the next one may follow by itself while the page is open.
AGAIN = timedelta(seconds=20)
#: How old the last look at a peering may get.
DAILY = timedelta(hours=24)
#: How long before an unanswered request ends people are reminded.
SOON = timedelta(hours=48)
#: Peerings that are watched over: what is being removed is looked at by that work itself.
WATCHED = (PeeringState.SETTING_UP, PeeringState.CONNECTED, PeeringState.BROKEN)
#: A connection that ended so while it was being set up needs a new request; what worked and broke is a fault.
ENDED = (PeeringStatus.REJECTED, PeeringStatus.EXPIRED, PeeringStatus.FAILED, PeeringStatus.DELETED)
#: Peerings that one round begins to look at, so that no round takes long.
ROUND = 50


def look_at_open() -> int:
    """Starts a look for each open page whose peering is not connected and whose account is free; returns how many."""
    now = timezone.now()
    waiting = Q(state__in=(PeeringState.SETTING_UP, PeeringState.BROKEN, PeeringState.REMOVING))
    rows = _free().filter(waiting, watch__asked_at__gt=now - OPEN)
    return _look_at(rows.filter(Q(seen_at__isnull=True) | Q(seen_at__lt=now - AGAIN)))


def verify_daily() -> int:
    """Starts a look for each peering that nobody has looked at for a day; returns how many."""
    begun = Q(state__in=(PeeringState.CONNECTED, PeeringState.BROKEN)) | Q(connections__ended_at__isnull=True)
    rows = _free().filter(begun, state__in=WATCHED, connections__isnull=False)
    return _look_at(rows.filter(seen_at__lt=timezone.now() - DAILY).distinct())


def _free() -> Any:
    """Peerings whose deployment runs and whose account nothing works in, with `seen_at`, the time of the last look."""
    newest = Observation.objects.filter(subject_id=OuterRef("pk"), kind=PEERING_SEEN).order_by("-observed_at")
    rows: Any = Peering.objects.filter(deployment__state=DeploymentState.READY)
    return rows.exclude(deployment__connection__workflows__state__in=[*LIVE]).annotate(
        seen_at=Subquery(newest.values("observed_at")[:1])
    )


def _look_at(rows: Any) -> int:
    started = 0
    for row in rows.order_by("seen_at")[:ROUND]:
        try:
            look_at_peering(peering=row, by=SYSTEM)
        except (Busy, TooOften, WrongStep):
            continue
        started += 1
    return started


def tell_faults() -> int:
    """Writes once about each fault that nobody was told of, all of one peering in one letter; returns how many."""
    untold = PeeringFault.objects.filter(told_at__isnull=True, mended_at__isnull=True)
    rows = list(untold.select_related("peering__deployment__organisation").order_by("peering_id", "since", "pk"))
    for _peering, found in groupby(rows, key=lambda row: row.peering_id):
        _tell_of(list(found))
    return len(rows)


@transaction.atomic
def _tell_of(faults: list[PeeringFault]) -> None:
    """The customer is told of all; support gets a ticket for what is theirs to mend."""
    peering, first = faults[0].peering, faults[0]
    support = {step.code for step in STEPS if step.place is Place.SUPPORT}
    tell_people(
        peering.deployment,
        key=f"peering-fault:{first.pk}",
        subject=lambda: _("the peering %(label)s no longer works") % {"label": peering.label},
        body=lambda: "\n".join([*_sentences(faults), _next_act(faults, support)]),
    )
    for fault in faults:
        if fault.code in support:
            open_ticket(
                key=f"peering-fault:{fault.pk}",
                kind=TicketKind.INBOUND_RULE,
                organisation_id=fault.organisation_id,
                subject_id=peering.deployment_id,
                say=lambda fault=fault: heard(fault.sentence, ""),  # type: ignore[misc]
            )
    PeeringFault.objects.filter(pk__in=[fault.pk for fault in faults]).update(told_at=timezone.now())


def _sentences(faults: Iterable[PeeringFault]) -> list[str]:
    return [f"- {heard(fault.sentence, '')}" for fault in faults]


def _next_act(faults: Iterable[PeeringFault], support: set[str]) -> str:
    if all(fault.code in support for fault in faults):
        return _("Next: nothing. Support has been told and mends it.")
    return _("Next: open the peering's page. It shows what is missing and how to put it back.")


def remind() -> int:
    """Writes once before an unanswered request ends, and once when a connection ended without us; returns how many."""
    now = timezone.now()
    rows = PeeringConnection.objects.filter(peering__state=PeeringState.SETTING_UP).select_related(
        "peering__deployment__organisation"
    )
    soon = rows.filter(status=PeeringStatus.PENDING, expires_at__gt=now, expires_at__lt=now + SOON)
    ended = rows.filter(status__in=ENDED, ended_at__gt=now - DAILY)
    for row in soon:
        _remind(row)
    for row in ended:
        _tell_end(row)
    return len(soon) + len(ended)


def _remind(row: PeeringConnection) -> None:
    words = {"id": row.pcx_id, "account": row.peering.account_id}
    tell_people(
        row.peering.deployment,
        key=f"peering-expires:{row.pk}",
        subject=lambda: _("a peering request expires within two days"),
        body=lambda: (
            _(
                "Nobody has accepted %(id)s in account %(account)s yet. AWS lets the request expire seven days after it"
                " was made. Next: accept it there, or send its network admin a link from the peering's page."
            )
            % words
        ),
    )


def _tell_end(row: PeeringConnection) -> None:
    words = {"id": row.pcx_id, "what": row.get_status_display(), "said": row.message}
    tell_people(
        row.peering.deployment,
        key=f"peering-ended:{row.pk}:{row.status}",
        subject=lambda: _("your turn: a peering connection ended"),
        body=lambda: "\n".join(
            filter(
                None,
                (
                    _("%(id)s ended: %(what)s.") % words,
                    _("AWS says: %(said)s") % words if row.message else "",
                    _("Next: open the peering's page and start a new request, or remove the peering."),
                ),
            )
        ),
    )
