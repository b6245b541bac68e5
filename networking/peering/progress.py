"""What follows from a look at a peering: how far it is, what broke and what is whole again, who else knocked."""

from collections.abc import Callable, Iterable, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from networking.models import Peering, PeeringFault
from networking.peering.checks.catalogue import CATALOGUE
from networking.peering.connections import Ends, ends_of, joins_turned
from networking.peering.standing import Standing
from networking.peering.stored_looks import PeeringLook, SeenPeering
from networking.states import PEERING_TRANSITIONS, PeeringState
from portal.findings.shapes import Evidence, Finding, Level, verdict
from portal.workflows.journal import tell

#: Only of a peering that worked can a part be broken.
_WORKED = frozenset({PeeringState.CONNECTED, PeeringState.BROKEN})


def note_progress(standing: Standing) -> PeeringState:
    """Moves the peering where the findings say it is, with an event; the state it has then.

    Connected means seen by ourselves, end to end: a facts file or support's word is not enough. What is unknown breaks
    nothing, and neither does anybody's word: only what we saw failing does.
    """
    peering, worst = standing.peering, _seen(standing.findings)
    state = PeeringState(peering.state)
    if standing.is_whole and standing.is_observed and state in {PeeringState.SETTING_UP, PeeringState.BROKEN}:
        _move(peering, PeeringState.CONNECTED)
    elif state == PeeringState.CONNECTED and worst is Level.FAILED:
        _move(peering, PeeringState.BROKEN)
    return PeeringState(peering.state)


def _seen(findings: Iterable[Finding]) -> Level:
    """The worst that we saw ourselves; unknown where the rest is somebody's word."""
    found = tuple(findings)
    seen = tuple(one for one in found if one.evidence is Evidence.OBSERVED)
    worst = verdict(seen)
    return worst if worst is Level.FAILED or len(seen) == len(found) else Level.UNKNOWN


def _move(peering: Peering, to: PeeringState) -> None:
    sources = [state for state, targets in PEERING_TRANSITIONS.items() if to in targets]
    now = timezone.now()
    if Peering.objects.filter(pk=peering.pk, state__in=sources).update(state=to, state_since=now):
        peering.state, peering.state_since = to, now
        tell(
            f"peering.{to.value}",
            lambda: _said(to) % {"vpc": peering.vpc_id},
            organisation=peering.organisation_id,
            subject_id=peering.deployment_id,
        )


def _said(to: PeeringState) -> str:
    if to == PeeringState.CONNECTED:
        return _("The peering with %(vpc)s is connected: all six steps are verified.")
    return _("The peering with %(vpc)s is no longer connected.")


def note_faults(
    standing: Standing, judged: Mapping[str, tuple[Finding, ...]]
) -> tuple[tuple[PeeringFault, ...], tuple[PeeringFault, ...]]:
    """Opens a row for each code that failed of a peering that worked, and closes those of codes that are fine again.

    `judged` holds the findings by language. Gives the rows that were opened, then those that were closed.
    """
    peering = standing.peering
    held = {row.code: row for row in PeeringFault.objects.filter(peering=peering, mended_at__isnull=True)}
    levels = {code: _seen(standing.of_code(code)) for code in CATALOGUE}
    began = [
        _fault(peering, code, judged)
        for code, level in levels.items()
        if level is Level.FAILED and code not in held and peering.state in _WORKED
    ]
    mended = [row for code, row in held.items() if levels[code] in {Level.PASSED, Level.WARNING}]
    for row in mended:
        row.mended_at = timezone.now()
        row.save(update_fields=["mended_at"])
    return tuple(began), tuple(mended)


def _fault(peering: Peering, code: str, judged: Mapping[str, tuple[Finding, ...]]) -> PeeringFault:
    sentences = {
        language: next(
            one.message
            for one in found
            if (one.code, one.level, one.evidence) == (code, Level.FAILED, Evidence.OBSERVED)
        )
        for language, found in judged.items()
    }
    row: PeeringFault = PeeringFault.objects.create(
        organisation_id=peering.organisation_id, peering=peering, code=code, sentence=sentences
    )
    return row


def note_strangers(peering: Peering, look: PeeringLook, before: SeenPeering | None) -> None:
    """An event for each request to the BYOC VPC from somebody who is not registered, once: we never accept it."""
    known = {fact.id for fact in before.look.requester.peerings or ()} if before is not None else set()
    mine, _theirs = ends_of(peering)
    for fact in look.requester.peerings or ():
        asks_us = fact.status == "pending-acceptance" and mine.is_shown(Ends.of(fact.accepter))
        if not asks_us or fact.id in known or joins_turned(peering, fact):
            continue
        words = {"id": fact.id, "account": fact.requester.owner, "from": fact.requester.vpc, "vpc": mine.vpc}
        said = _strange(words)
        tell("peering.stranger", said, organisation=peering.organisation_id, subject_id=peering.deployment_id)


def _strange(words: Mapping[str, str]) -> Callable[[], str]:
    return lambda: (
        _(
            "Account %(account)s asks to peer its %(from)s with %(vpc)s (%(id)s). Nobody registered that, so we do not "
            "accept it. See who it is; reject the request if you do not know them."
        )
        % words
    )
