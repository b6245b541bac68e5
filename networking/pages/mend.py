"""The one context of the page «Apply for me» and of its fragment."""

from dataclasses import dataclass
from typing import Final, Self

from django.utils.translation import gettext as _

from networking.actions.mend import newest_mend
from networking.mends.plan import MendPlan
from networking.mends.words import MendWords
from onboarding.failures import Failure, refusals
from onboarding.models import Deployment
from onboarding.stacks.naming import MANAGEMENT_ROLE
from portal.findings.languages import heard
from portal.workflows.models import Intent, Workflow
from portal.workflows.states import IntentState, WorkflowState

ENDED: Final = frozenset({WorkflowState.DONE, WorkflowState.REFUSED, WorkflowState.CANCELLED})


@dataclass(frozen=True, kw_only=True)
class MendRow:
    """One change of a plan that was confirmed, and how far it is: `done`, `adopted`, `refused`, `sent`, `waiting`."""

    words: MendWords
    state: str
    request_id: str = ""


@dataclass(frozen=True, kw_only=True)
class MendWork:
    """The newest confirmed plan at work, or as it ended."""

    workflow: Workflow
    rows: tuple[MendRow, ...]
    failures: tuple[Failure, ...]

    @classmethod
    def of(cls, deployment: Deployment) -> Self | None:
        """Two queries; None where nothing was ever confirmed."""
        workflow = newest_mend(deployment)
        if workflow is None:
            return None
        plan = MendPlan.from_data(workflow.data)
        intents = {intent.key: intent for intent in Intent.objects.filter(workflow=workflow)}
        refused = [intent for intent in intents.values() if intent.state == IntentState.REFUSED]
        return cls(
            workflow=workflow,
            rows=tuple(_row(MendWords.of(mend), intents.get(mend.key), workflow) for mend in plan.mends),
            failures=refusals(refused, deployment, plan.region) if workflow.is_live else (),
        )

    @property
    def message(self) -> str:
        """What the work says."""
        return str(heard(self.workflow.message, ""))

    @property
    def running(self) -> bool:
        """Whether it goes on by itself: only then a page asks again."""
        return self.workflow.state == WorkflowState.ACTIVE

    @property
    def paused(self) -> bool:
        """Whether somebody must act."""
        return self.workflow.state == WorkflowState.PAUSED

    @property
    def with_support(self) -> bool:
        """Whether support has it."""
        return self.workflow.state == WorkflowState.NEEDS_HUMAN

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.workflow.state in ENDED

    @property
    def percent(self) -> int:
        """How many of the changes are made."""
        made = sum(row.state in {"done", "adopted"} for row in self.rows)
        return 100 * made // max(1, len(self.rows))


def _row(words: MendWords, intent: Intent | None, workflow: Workflow) -> MendRow:
    if intent is None:
        # Ended well without a call: it was in order already.
        return MendRow(words=words, state="adopted" if workflow.state == WorkflowState.DONE else "waiting")
    states = {
        IntentState.DONE: "adopted" if intent.adopted else "done",
        IntentState.REFUSED: "refused",
        IntentState.IN_FLIGHT: "sent",
        IntentState.UNKNOWN: "sent",
    }
    found = states.get(IntentState(intent.state), "waiting")
    return MendRow(words=words, state=found, request_id=intent.request_id)


@dataclass(frozen=True, kw_only=True)
class MendPage:
    """Everything that the page says."""

    deployment: Deployment
    plan: MendPlan | None
    words: tuple[MendWords, ...]
    work: MendWork | None
    role: str = MANAGEMENT_ROLE

    @classmethod
    def of(cls, deployment: Deployment) -> Self:
        """Four queries at most."""
        plan = MendPlan.of(deployment)
        words = tuple(MendWords.of(mend) for mend in plan.mends) if plan else ()
        return cls(deployment=deployment, plan=plan, words=words, work=MendWork.of(deployment))

    @property
    def offered(self) -> bool:
        """Whether there is a plan to confirm and no other one at work."""
        return bool(self.words) and (self.work is None or self.work.ended)

    @property
    def settled(self) -> bool:
        """Whether the confirmed changes are made and no others are left to plan."""
        done = self.work is not None and self.work.workflow.state == WorkflowState.DONE
        return done and not self.words

    @property
    def nothing(self) -> str:
        """Why there is no plan, in one sentence; empty where there is one."""
        if self.plan is None:
            return _("Choose a VPC and its subnets first, and let us look at them.")
        if not self.plan.mends:
            return _("There is nothing that we could change for you: what is left, if anything, only you can change.")
        return ""
