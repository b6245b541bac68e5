"""The confirmed changes of a peering one after the other, each through the ledger; the connection is waited for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from networking.models import Peering, PeeringConnection
from networking.peering.access import TargetClosed, closed_target
from networking.peering.change import ACCEPT, CREATE, PeeringChange
from networking.peering.plan import PeeringPlan
from networking.states import PeeringStep
from networking.tasks import peering_words as words
from networking.tasks.peering_effects import Batch, batches_of
from networking.tasks.peering_link import LINK_KINDS, awaited, is_late, is_reached, patience, unfit
from networking.tasks.peering_look import peering_of
from networking.tasks.peering_outlook import Outlook
from networking.tasks.peering_seen import Stand
from onboarding.actions.versions import show_anew
from portal.findings.languages import Spoken, spoken
from portal.workflows import ledger
from portal.workflows.models import Intent
from portal.workflows.shapes import (
    Declined,
    Done,
    HumanNeeded,
    Outcome,
    Puzzling,
    Refusal,
    Settled,
    Settlement,
    Unsettled,
    Work,
)
from portal.workflows.states import IntentState


@dataclass(frozen=True)
class ApplyChanges:
    """Each change once; done when all are made, or in order without us. A run goes on until it must wait for AWS."""

    name: str = "apply"

    def run(self, work: Work) -> Outcome:
        peering, plan = peering_of(work), PeeringPlan.from_data(work.workflow.data)
        outlook = Outlook(work, plan.changes)
        for changes in batches_of(plan.changes):
            try:
                outcome = self._advance(outlook, peering, plan, changes)
            except TargetClosed:
                return closed_target(peering)
            if outcome is not None:
                return outcome
        return Done(message=spoken(lambda: _("All confirmed changes are made.")))

    def _advance(
        self, outlook: Outlook, peering: Peering, plan: PeeringPlan, changes: tuple[PeeringChange, ...]
    ) -> Outcome | None:
        """Brings one batch about; None when there is nothing left to do for it."""
        workflow = outlook.work.workflow
        first, intents = changes[0], {one.key: one for one in Intent.objects.filter(workflow=workflow)}
        left = [one for one in changes if one.key not in intents or intents[one.key].state != IntentState.DONE]
        row = PeeringConnection.objects.filter(peering=peering, generation=peering.generation).first()
        is_link = first.kind in LINK_KINDS
        if is_link and is_reached(first.kind, row) and not any(_is_loose(intents.get(one.key)) for one in left):
            return None
        if first.kind != CREATE and row is None and not first.connection and first.step != PeeringStep.SECURITY_GROUP:
            return words.other_plan(begun=bool(intents))  # the plan's own connection did not come about
        if left:
            batch = Batch(outlook, peering, changes, first.connection or (row.pcx_id if row is not None else ""))
            outcome = _made(batch, plan, left, intents)
            show_anew(workflow.subject_id)  # the run may go on for long: an open page tells each batch as it is made
            if outcome is not None:
                return outcome
        return awaited(outlook, peering, plan, first) if is_link else None


def _is_loose(intent: Intent | None) -> bool:
    """Whether the call was sent, or may have been, and the ledger has to find out what became of it."""
    return intent is not None and intent.state in ledger.LOOSE


def _made(
    batch: Batch, plan: PeeringPlan, left: Sequence[PeeringChange], intents: Mapping[str, Intent]
) -> Outcome | None:
    """Makes what is open of a batch; the first change that does not end well decides what the run answers."""
    for change in left:
        if not _is_loose(intents.get(change.key)):
            stands = batch.seen.stands(change)
            if stands is Stand.DONE:
                continue
            if stands is not Stand.OPEN:
                return _not_now(batch, change, stands)
            if change.kind == ACCEPT and (strange := unfit(batch.peering, plan, batch.seen.link())):
                return words.strange_ranges(strange)
        outcome = _after(batch.work, ledger.perform(batch.work, batch.effect(change)), change)
        if outcome is not None or batch.outlook.is_over:
            return outcome or words.made(change)
    return None


def _not_now(batch: Batch, change: PeeringChange, stands: Stand | Spoken) -> Outcome:
    """Why a change is not made now: something forbids it, or AWS is not so far yet."""
    if not isinstance(stands, Stand):
        return Refusal(message=stands)
    row = PeeringConnection.objects.filter(peering=batch.peering, pcx_id=batch.connection).first()
    since = row.first_seen_at if row is not None else None
    return words.never_shown(change) if is_late(since) else words.moving(change, patience(since))


def _after(work: Work, settlement: Settlement, change: PeeringChange) -> Outcome | None:
    """What becomes of the run after one effect; None when it may go on with the next one."""
    match settlement:
        case Settled():
            return None
        case Declined(code=code) if code in words.MOVED and not is_late(since := _planned(work, change)):
            # What is there is not what was read: the next run reads again, and adopts, refuses or asks once more.
            ledger.reopen(work.workflow)
            return words.moving(change, patience(since))
        case Declined():
            return words.declined(settlement, change)
        case Puzzling(reason=reason):
            return HumanNeeded(message=reason)
        case Unsettled(seconds=seconds):
            return words.moving(change, seconds)


def _planned(work: Work, change: PeeringChange) -> datetime | None:
    return Intent.objects.filter(workflow=work.workflow, key=change.key).values_list("created_at", flat=True).first()
