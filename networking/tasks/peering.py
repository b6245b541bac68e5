"""The workflow behind «Do it for me» of a peering: compare with what was confirmed, change, wait, look again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from networking.kinds import PEER
from networking.models import Peering
from networking.peering.changes import changes_for, is_covered, obstacles_for
from networking.peering.plan import PeeringPlan
from networking.peering.standing import Standing
from networking.states import PeeringState, PeeringStep
from networking.tasks import peering_words as words
from networking.tasks.peering_applying import ApplyChanges
from networking.tasks.peering_link import unfit
from networking.tasks.peering_look import peering_of, see
from networking.tasks.peering_settling import settled, shown
from onboarding.tasks.trust import regained
from portal.aws.facts.peerings import PeeringFact
from portal.findings.languages import spoken
from portal.workflows.models import Intent
from portal.workflows.shapes import Done, Finished, Outcome, Plan, Refusal, Wait, Work
from portal.workflows.states import IntentState
from portal.workflows.times import backed_off, poll_seconds

#: How often the last step looks again for what AWS does not show yet; then the page says how it stands.
MOST_LOOKS = 4
#: Steps whose obstacles end the work: nothing may be asked for or accepted beside them.
_LINK = (PeeringStep.CONNECTION, PeeringStep.ACCEPTANCE)
_LEAVING = frozenset({PeeringState.REMOVING, PeeringState.REMOVED})


@dataclass(frozen=True)
class CompareSides:
    """Looks at both sides afresh. Anything that would do more than was confirmed ends the work before a change."""

    name: str = "compare"

    def run(self, work: Work) -> Outcome:
        peering, plan = peering_of(work), PeeringPlan.from_data(work.workflow.data)
        begun = Intent.objects.filter(workflow=work.workflow, state=IntentState.DONE).exists()
        if peering.generation != plan.generation or peering.state in _LEAVING or not plan.is_whole:
            return words.other_plan(begun=begun)
        return regained(work) or self._compared(work, peering, plan, begun=begun)

    def _compared(self, work: Work, peering: Peering, plan: PeeringPlan, *, begun: bool) -> Outcome:
        standing = see(work, peering)
        if standing.requester.peerings is None:
            return words.not_shown(standing.requester)
        if barred := _barred(peering, plan, standing):
            return barred
        fresh = tuple(change for step in plan.steps for change in changes_for(step, standing))
        if not is_covered(plan.changes, fresh):
            return words.other_plan(begun=begun)
        if _is_done(plan, standing) and not Intent.objects.filter(workflow=work.workflow).exists():
            return Finished(message=spoken(lambda: _("Everything is in order already. Nothing had to be changed.")))
        return Done(message=spoken(lambda: _("Both sides are as the confirmed plan showed them.")))


@dataclass(frozen=True)
class LookAfterwards:
    """Looks until AWS shows the changes; the page then judges the peering as it is."""

    name: str = "look"

    def run(self, work: Work) -> Outcome:
        peering, plan = peering_of(work), PeeringPlan.from_data(work.workflow.data)
        standing = see(work, peering)
        confirmed = {atom for change in plan.changes for atom in change.atoms}
        fresh = {atom for step in plan.steps for change in changes_for(step, standing) for atom in change.atoms}
        if fresh & confirmed and work.workflow.waits < MOST_LOOKS:
            return Wait(
                seconds=backed_off(work.workflow.waits, first=poll_seconds() / 5, most=10.0),
                message=spoken(lambda: _("The changes are made. We wait until AWS shows them.")),
            )
        return Done(message=spoken(lambda: _finished(plan.steps, standing)))


def peering_plan() -> Plan:
    """The plan of the kind `networking.peering`, to be registered when the app starts."""
    return Plan(
        kind=PEER,
        steps=(CompareSides(), ApplyChanges(), LookAfterwards()),
        deadline=timedelta(hours=1),
        progressed=shown,
        settled=settled,
    )


def _barred(peering: Peering, plan: PeeringPlan, standing: Standing) -> Refusal | None:
    """The end, where nothing may be asked for or accepted, or AWS lists other ranges than the plan rests on."""
    if _bars(plan, standing):
        return Refusal(message=spoken(lambda: " ".join(_bars(plan, standing))))
    strange = unfit(peering, plan, _link(standing))
    return words.strange_ranges(strange) if strange else None


def _link(standing: Standing) -> PeeringFact | None:
    """The connection of the generation as the BYOC account shows it."""
    return next((one for one in standing.requester.peerings or () if one.id == standing.registered.id), None)


def _bars(plan: PeeringPlan, standing: Standing) -> tuple[str, ...]:
    """Why nothing may be asked for or accepted, and no route may lead to the connection, in the reader's language."""
    steps = [step for step in _LINK if step in plan.steps]
    if standing.registered.id and any(step != PeeringStep.SECURITY_GROUP for step in plan.steps):
        steps.append(PeeringStep.CONNECTION)  # what stands in its way then is that it ended, or is another's
    return tuple(dict.fromkeys(text for step in steps for text in obstacles_for(step, standing)))


def _is_done(plan: PeeringPlan, standing: Standing) -> bool:
    """Whether others did all of it meanwhile. What nobody lets us see any more is not done for that."""
    return all(standing.is_done(step) for step in plan.steps)


def _finished(steps: Sequence[PeeringStep], standing: Standing) -> str:
    left = dict.fromkeys(text for step in steps for text in obstacles_for(step, standing))
    if not left:
        return _("The confirmed changes are made.")
    return " ".join((_("The confirmed changes are made. Something still stands in the way:"), *left))
