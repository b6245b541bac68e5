"""The workflow that takes a peering back, in reverse: prove trust in both accounts, because what is deleted does not
come back; compare, take back what the roles may, look how it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from networking.checks.scene import ids
from networking.kinds import UNPEER
from networking.peering.change import PeeringChange
from networking.peering.changes import is_covered, removal_of, sentence
from networking.peering.plan import PeeringPlan
from networking.peering.rights import cannot_undo
from networking.peering.standing import Standing
from networking.tasks import peering_words as words
from networking.tasks.peering import MOST_LOOKS
from networking.tasks.peering_applying import ApplyChanges
from networking.tasks.peering_look import peering_of, see
from networking.tasks.peering_settling import settled, shown
from networking.tasks.target_trust import ProveTarget
from onboarding.tasks.trust import ProveTrust
from portal.findings.languages import spoken
from portal.workflows.models import Intent
from portal.workflows.shapes import Done, Outcome, Plan, Wait, Work
from portal.workflows.states import IntentState
from portal.workflows.times import backed_off, poll_seconds


@dataclass(frozen=True)
class CompareRemoval:
    """Looks at both sides afresh. Anything that would take back more than was confirmed ends the work."""

    name: str = "compare"

    def run(self, work: Work) -> Outcome:
        peering, plan = peering_of(work), PeeringPlan.from_data(work.workflow.data)
        standing = see(work, peering)
        if standing.requester.peerings is None:
            return words.not_shown(standing.requester)
        fresh = _doable(standing, removal_of(standing, named=plan.named).changes)
        if peering.generation != plan.generation or not is_covered(plan.changes, fresh):
            begun = Intent.objects.filter(workflow=work.workflow, state=IntentState.DONE).exists()
            return words.other_plan(begun=begun)
        return Done(message=spoken(lambda: _("Both sides are as the confirmed plan showed them.")))


@dataclass(frozen=True)
class LookHowItStands:
    """Looks until AWS shows that what we took back is gone, and says what others still have to do."""

    name: str = "look"

    def run(self, work: Work) -> Outcome:
        peering, plan = peering_of(work), PeeringPlan.from_data(work.workflow.data)
        standing = see(work, peering)
        left = removal_of(standing, named=plan.named).changes
        if _doable(standing, left) and work.workflow.waits < MOST_LOOKS:
            return Wait(
                seconds=backed_off(work.workflow.waits, first=poll_seconds() / 5, most=10.0),
                message=spoken(lambda: _("The changes are made. We wait until AWS shows them.")),
            )
        if not left:
            return Done(message=spoken(lambda: _("The peering with %(vpc)s is removed.") % {"vpc": peering.vpc_id}))
        return Done(message=spoken(lambda: _rest(left)))


def removal_plan() -> Plan:
    """The plan of the kind `networking.peering_removal`, to be registered when the app starts."""
    return Plan(
        kind=UNPEER,
        steps=(ProveTrust(name="proof"), ProveTarget(), CompareRemoval(), ApplyChanges(), LookHowItStands()),
        deadline=timedelta(hours=1),
        progressed=shown,
        settled=settled,
    )


def _doable(standing: Standing, changes: Sequence[PeeringChange]) -> tuple[PeeringChange, ...]:
    return tuple(change for change in changes if not cannot_undo(change, standing))


def _rest(left: Sequence[PeeringChange]) -> str:
    said = _("We took back what our roles may. Left for whoever may do it: %(changes)s")
    return said % {"changes": ids(sentence(change) for change in left)}
