"""Keeping a look at a peering: the connection's record, how far the peering is, and what is no longer fine."""

from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from networking.kinds import PEERING_SEEN, PEERING_STATED
from networking.models import Peering, PeeringConnection, PeeringFault
from networking.peering.connections import adopt, adoptable, follow, joins, joins_turned, miss, settled, taken
from networking.peering.progress import note_faults, note_progress, note_strangers
from networking.peering.standing import Standing, standing_of
from networking.peering.stored_looks import PeeringLook, SeenPeering, newest_look
from networking.states import PeeringState
from onboarding.actions.versions import show_anew
from portal.findings.languages import in_every_language
from portal.findings.models import Observation
from portal.findings.models.observations import record_observation
from portal.findings.shapes import verdict

__all__ = ["PeeringLook", "Recorded", "SeenPeering", "newest_look", "record_look"]

#: A connection that appears while we take the peering away is nobody's business.
_LEAVING = frozenset({PeeringState.REMOVING, PeeringState.REMOVED})


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What a look changed. `began` and `mended` are the faults that it opened and closed, nobody told of them yet."""

    observation: Observation
    standing: Standing
    was: PeeringState
    state: PeeringState
    began: tuple[PeeringFault, ...] = ()
    mended: tuple[PeeringFault, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether the peering's state is another one now."""
        return self.was != self.state


@transaction.atomic
def record_look(peering: Peering, look: PeeringLook) -> Recorded:
    """Keeps a look and draws the consequences. One that shows what the newest showed only renews its time."""
    row = Peering.objects.select_for_update().get(pk=peering.pk)
    before = newest_look(row, stated=look.stated)
    if not look.stated:
        look = _followed(row, look, before)
        note_strangers(row, look, before)
    observation = _stored(row, look, before)
    standing = standing_of(row)
    judged = in_every_language(standing.judged)
    observation.verdict = verdict(standing.findings).value
    observation.findings = {code: [one.as_json() for one in found] for code, found in judged.items()}
    observation.save(update_fields=["verdict", "findings", "facts", "observed_at"])
    began, mended = note_faults(standing, judged)
    was, state = PeeringState(row.state), note_progress(standing)
    show_anew(row.deployment_id)
    peering.refresh_from_db(fields=["state", "state_since"])
    return Recorded(observation=observation, standing=standing, was=was, state=state, began=began, mended=mended)


def _followed(peering: Peering, look: PeeringLook, before: SeenPeering | None) -> PeeringLook:
    """The look as it is stored, once the row of the connection has followed what it shows."""
    row = PeeringConnection.objects.filter(peering=peering, generation=peering.generation).first()
    facts = tuple(fact for side in (look.requester, look.accepter) for fact in side.peerings or ())
    if row is None:
        found = None if peering.state in _LEAVING else adoptable(peering, facts, taken(peering))
        row = adopt(peering, found) if found is not None else None
    elif shown := tuple(fact for fact in facts if fact.id == row.pcx_id):
        for fact in shown:
            row = follow(row, fact) if joins(peering, fact) or joins_turned(peering, fact) else row
    elif look.requester.peerings is not None:
        row = miss(row)
    old = before.look if before is not None else None
    return replace(
        look,
        requester=settled(look.requester, old.requester if old else None, row),
        accepter=settled(look.accepter, old.accepter if old else None, row),
    )


def _stored(peering: Peering, look: PeeringLook, before: SeenPeering | None) -> Observation:
    """The row of the look: the newest one where it shows the same, else a new one; not judged yet."""
    if before is not None and before.look.shows(look):
        before.observation.observed_at = timezone.now()
        before.observation.facts = look.to_json()
        return before.observation
    return record_observation(
        organisation=peering.organisation,
        kind=PEERING_STATED if look.stated else PEERING_SEEN,
        subject_id=peering.pk,
        profile=peering.deployment.profile,
        judge=tuple,
        facts=look.to_json(),
    )
