"""The work of ours on a peering: what is under way, waits for somebody, or was done a while ago."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from networking.actions.peering_work import newest_work
from networking.kinds import PEERING_LOOK, UNPEER
from networking.models import Peering
from networking.peering.change import ACCEPTER, PeeringChange
from networking.peering.changes import sentence
from networking.peering.plan import PeeringPlan
from networking.states import PeeringStep
from onboarding.aws_words import AwsWords
from onboarding.failures import Failure, refusals
from onboarding.remedies import Remedy
from onboarding.survey_work import USUAL
from portal.findings.languages import heard
from portal.workflows.journal import SYSTEM
from portal.workflows.models import Intent, Workflow
from portal.workflows.states import LIVE, IntentState, WorkflowState

#: So long the page still tells of work that ended.
FRESH: Final = timedelta(hours=1)
#: Longer than this a plan takes only when something holds it up.
LONG: Final = timedelta(minutes=3)
_STATES: Final[Mapping[str, str]] = {
    IntentState.REFUSED: "refused",
    IntentState.IN_FLIGHT: "sent",
    IntentState.UNKNOWN: "sent",
}


@dataclass(frozen=True, kw_only=True)
class WorkRow:
    """One change of a confirmed plan. `state`: done, adopted (was in order already), refused, sent, waiting."""

    sentence: str
    call: str
    account: str
    state: str
    request_id: str = ""


@dataclass(frozen=True, kw_only=True)
class PeeringWork:
    """The newest confirmed plan: at work, waiting for somebody, or as it ended."""

    workflow: Workflow
    plan: PeeringPlan
    rows: tuple[WorkRow, ...]
    failures: tuple[Failure, ...]
    said: str = ""
    said_at: datetime | None = None

    @classmethod
    def of(cls, peering: Peering) -> Self | None:
        """Two queries; None where nothing is at work and nothing ended lately."""
        workflow = newest_work(peering)
        if workflow is None or not _is_shown(workflow):
            return None
        plan = PeeringPlan.from_data(workflow.data)
        intents = {intent.key: intent for intent in Intent.objects.filter(workflow=workflow)}
        last = max((one for one in intents.values() if one.settled_at), key=lambda one: one.settled_at, default=None)
        return cls(
            workflow=workflow,
            plan=plan,
            rows=tuple(_row(change, intents.get(change.key), workflow) for change in plan.changes),
            failures=tuple(_failures(peering, plan, intents)) if workflow.is_live else (),
            said=_last_words(last),
            said_at=last.settled_at if last is not None else None,
        )

    @property
    def message(self) -> str:
        """What the work says."""
        return str(heard(self.workflow.message, ""))

    @property
    def running(self) -> bool:
        """Whether it goes on by itself."""
        return bool(self.workflow.state == WorkflowState.ACTIVE)

    @property
    def paused(self) -> bool:
        """Whether somebody must act."""
        return bool(self.workflow.state == WorkflowState.PAUSED)

    @property
    def with_support(self) -> bool:
        """Whether support has it."""
        return bool(self.workflow.state == WorkflowState.NEEDS_HUMAN)

    @property
    def is_removal(self) -> bool:
        """Whether it takes back instead of making."""
        return bool(self.workflow.kind == UNPEER)

    @property
    def percent(self) -> int:
        """How many of the changes are made."""
        return 100 * sum(row.state in {"done", "adopted"} for row in self.rows) // max(1, len(self.rows))

    @property
    def steps(self) -> frozenset[PeeringStep]:
        """The steps that it is at work on."""
        return frozenset(change.step for change in self.plan.changes) if self.running else frozenset()

    @property
    def stalled(self) -> str:
        """Why it takes longer than usual; empty while it does not."""
        if not self.running or timezone.now() - self.workflow.started_at < LONG:
            return ""
        return _("AWS or our worker is slow to answer. You may leave the page; the work goes on without you.")


@dataclass(frozen=True, kw_only=True)
class LookWork:
    """How the newest look at this peering stands. `busy`: other work holds the account just now; `unasked`: the portal
    looks by itself because a page is open, so that nobody waits for it.
    """

    running: bool = False
    unasked: bool = False
    busy: bool = False
    since: datetime | None = None
    trouble: str = ""

    @classmethod
    def of(cls, peering: Peering) -> Self:
        """One query."""
        connection = peering.deployment.connection
        if connection is None:
            return cls()
        ours = Q(kind=PEERING_LOOK, subject_id=peering.deployment_id, data__peering=str(peering.pk))
        known = Workflow.objects.filter(Q(state__in=LIVE) | ours, connection=connection).order_by("-started_at")
        recent = list(known[:3])
        live = next((one for one in recent if one.is_live), None)
        if live is not None and not _is_look_at(live, peering):
            return cls(busy=True)
        newest = next(iter(recent), None)
        if newest is None:
            return cls()
        running = newest.state == WorkflowState.ACTIVE
        quiet = running or newest.state in {WorkflowState.DONE, WorkflowState.CANCELLED}
        return cls(
            running=running,
            unasked=newest.started_by == SYSTEM,
            since=newest.started_at,
            trouble="" if quiet else str(heard(newest.message, "")),
        )

    @property
    def stalled(self) -> str:
        """Why it takes longer than usual; empty while it does not."""
        if not self.running or self.since is None or timezone.now() - self.since < USUAL:
            return ""
        return _("AWS or our worker is slow to answer. You may leave the page; the look goes on without you.")


def _is_look_at(workflow: Workflow, peering: Peering) -> bool:
    return bool(workflow.kind == PEERING_LOOK and workflow.data.get("peering") == str(peering.pk))


def _is_shown(workflow: Workflow) -> bool:
    return workflow.is_live or (workflow.ended_at is not None and timezone.now() - workflow.ended_at < FRESH)


def _row(change: PeeringChange, intent: Intent | None, workflow: Workflow) -> WorkRow:
    if intent is None:
        # Ended well without a call: it was in order already.
        state = "adopted" if workflow.state == WorkflowState.DONE else "waiting"
    elif intent.state == IntentState.DONE:
        state = "adopted" if intent.adopted else "done"
    else:
        state = _STATES.get(intent.state, "waiting")
    return WorkRow(
        sentence=sentence(change),
        call=change.call,
        account=change.account,
        state=state,
        request_id=intent.request_id if intent is not None else "",
    )


def _last_words(intent: Intent | None) -> str:
    """The newest call and what AWS answered."""
    if intent is None:
        return ""
    return f"{intent.action}: {intent.error_code or 'OK'}"


def _failures(peering: Peering, plan: PeeringPlan, intents: Mapping[str, Intent]) -> list[Failure]:
    """What AWS refused, in its own words; in the target account it is the lent role that was refused."""
    there = {change.key for change in plan.changes if change.side == ACCEPTER}
    refused = [one for one in intents.values() if one.state == IntentState.REFUSED]
    ours = refusals([one for one in refused if one.key not in there], peering.deployment, peering.requester_region)
    return [*ours, *(_refused_there(peering, one) for one in refused if one.key in there)]


def _refused_there(peering: Peering, intent: Intent) -> Failure:
    said = _(
        "The role that account %(account)s lends was refused. See on its page whether its stack is as we gave it and"
        " whether a policy of that organisation forbids the call; then press «Go on»."
    )
    remedy = Remedy(
        sentence=said % {"account": peering.account_id},
        url=reverse("networking:peering_role", args=[peering.deployment_id, peering.pk]),
        link=_("The role's page"),
    )
    words = AwsWords.of_refusal(intent.error_code, intent.error_text, intent.request_id)
    return Failure(title=intent.action, name=intent.key, words=words, remedy=remedy, at=intent.sent_at)
