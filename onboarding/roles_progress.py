"""How far the bootstrap roles are: what we look for, what we found, what stands in the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onboarding.guides import GuideItem
from onboarding.kinds import TRUST
from onboarding.models import Deployment, Override
from onboarding.states import DeploymentState
from portal.aws.models import CallRecord, Connection
from portal.aws.states import ConnectionState
from portal.findings.models import Observation
from portal.findings.shapes import Finding, Level
from portal.workflows.models import Workflow
from portal.workflows.states import Turn, WorkflowState

#: Seconds between two versions of the fragment while times of looks stand in it.
BEAT = 10


class Stage(StrEnum):
    """Where the roles stand, each with words of its own on the page."""

    IDLE = "idle"
    WAITING = "waiting"
    PROBING = "probing"
    CHECKING = "checking"
    INSECURE = "insecure"
    FINDINGS = "findings"
    STOPPED = "stopped"
    LOST = "lost"
    REFUSED = "refused"
    SUPPORT = "support"
    PROVEN = "proven"


@dataclass(frozen=True, kw_only=True)
class RolesProgress:
    """What the bootstrap page knows of the roles."""

    stage: Stage
    connection: Connection
    workflow: Workflow | None
    trust: Observation | None
    looked: Observation | None
    last_look: datetime | None
    next_look: datetime | None
    overrides: tuple[Override, ...]
    open_codes: tuple[str, ...]
    editable: bool
    ready: bool

    @property
    def moving(self) -> bool:
        """Whether it goes on by itself."""
        return self.workflow is not None and self.workflow.state == WorkflowState.ACTIVE

    @property
    def may_look(self) -> bool:
        """Whether pressing «look» makes sense: not while support has it."""
        return self.stage not in {Stage.REFUSED, Stage.SUPPORT} and (
            self.editable or self.ready or self.connection.state in {ConnectionState.LOST, ConnectionState.INSECURE}
        )

    @property
    def next_in(self) -> str:
        """When we look next, in words."""
        return next_in(self.next_look)

    @property
    def trust_findings(self) -> list[Finding]:
        """What the probes said, with the time of the look."""
        return dated(self.trust)

    @property
    def role_findings(self) -> list[Finding]:
        """What is not fine about the roles and what they may do, with the time of the look."""
        return [finding for finding in dated(self.looked) if finding.level is not Level.PASSED]

    @property
    def passed_findings(self) -> list[Finding]:
        """What is fine about them."""
        return [finding for finding in dated(self.looked) if finding.level is Level.PASSED]

    @property
    def overdue(self) -> bool:
        """Whether a role refuses us for longer than a new one should: then it is the customer's turn again."""
        return self.stage is Stage.PROBING and self.workflow is not None and self.workflow.turn == Turn.YOU

    @property
    def roles_to_correct(self) -> tuple[str, ...]:
        """The names of the roles whose trust policy the customer has to look at."""
        if self.stage is not Stage.INSECURE and not self.overdue:
            return ()
        wrong = [finding for finding in self.trust_findings if finding.level in {Level.FAILED, Level.UNKNOWN}]
        return tuple(dict.fromkeys(name.rpartition("/")[2] for finding in wrong for name in finding.resources))

    @property
    def seen_at(self) -> datetime | None:
        """When the roles were last seen; None while we wait for them."""
        if self.stage in {Stage.IDLE, Stage.WAITING} or self.trust is None:
            return None
        return self.trust.observed_at

    @property
    def observed(self) -> tuple[GuideItem, ...]:
        """The three things that tick themselves."""
        proven = self.connection.state == ConnectionState.PROVEN
        checked = self.looked if self.looked and proven and not self.open_codes else None
        found = _("observed")
        return (
            _item(_("The roles are there."), self.seen_at, found),
            _item(_("Only we can use them, and only with your External ID."), self._proven_at, found),
            _item(
                _("They may do what the launch needs."),
                checked.observed_at if checked else None,
                _("simulated by AWS"),
            ),
        )

    @property
    def _proven_at(self) -> datetime | None:
        return self.connection.proven_at if self.connection.state == ConnectionState.PROVEN else None


def next_in(next_look: datetime | None) -> str:
    """When the next look is, in words; empty where none is planned."""
    if next_look is None:
        return ""
    seconds = int((next_look - timezone.now()).total_seconds())
    if seconds <= 0:
        return _("We look now.")
    said = ngettext("We look again in %(count)d second.", "We look again in %(count)d seconds.", seconds)
    return said % {"count": seconds}


def dated(look: Observation | None) -> list[Finding]:
    """The findings of a look, each with its time; none without a look."""
    if look is None:
        return []
    return [replace(finding, seen_at=finding.seen_at or look.observed_at) for finding in look.heard_findings()]


def _item(text: str, seen_at: datetime | None, evidence: str) -> GuideItem:
    return GuideItem(text=text, done=seen_at is not None, evidence=evidence, seen_at=seen_at)


def roles_progress(deployment: Deployment, present: Workflow | None) -> RolesProgress | None:
    """How far the roles of a deployment are; None before an account is named.

    `present` is the journey's workflow: it saves a query where it is the one that proves. At most five queries.
    """
    connection = deployment.connection
    if connection is None:
        return None
    workflow = present if present is not None and present.kind == TRUST else _proof(deployment)
    looked = newest(deployment, "permissions")
    overrides = tuple(Override.objects.filter(deployment=deployment).select_related("by").order_by("at"))
    open_codes = standing_codes(looked.heard_findings() if looked else (), overrides)
    stage = stage_of(connection, workflow, open_codes)
    waiting = stage in {Stage.WAITING, Stage.PROBING}
    return RolesProgress(
        stage=stage,
        connection=connection,
        workflow=workflow,
        trust=newest(deployment, "trust"),
        looked=looked,
        last_look=last_look(connection) if waiting else None,
        next_look=workflow.due_at if waiting and workflow else None,
        overrides=overrides,
        open_codes=open_codes,
        editable=deployment.state in {DeploymentState.BOOTSTRAP, DeploymentState.INFRASTRUCTURE},
        ready=deployment.state == DeploymentState.READY,
    )


def stage_of(connection: Connection, workflow: Workflow | None, open_codes: Sequence[str]) -> Stage:
    """The stage, from the connection's trust and the newest proof."""
    state = workflow.state if workflow is not None else ""
    step = workflow.step if workflow is not None else ""
    if state == WorkflowState.ACTIVE:
        return {"roles": Stage.WAITING, "trust": Stage.PROBING}.get(step, Stage.CHECKING)
    if state in _ENDED:
        return _ENDED[WorkflowState(state)]
    if connection.state in _TROUBLED:
        return _TROUBLED[ConnectionState(connection.state)]
    if state == WorkflowState.PAUSED:
        return Stage.FINDINGS if step == "permissions" and open_codes else Stage.STOPPED
    return Stage.PROVEN if connection.state == ConnectionState.PROVEN else Stage.IDLE


_ENDED = {WorkflowState.REFUSED: Stage.REFUSED, WorkflowState.NEEDS_HUMAN: Stage.SUPPORT}
_TROUBLED = {ConnectionState.INSECURE: Stage.INSECURE, ConnectionState.LOST: Stage.LOST}


def standing_codes(findings: Iterable[Finding], overrides: Iterable[Override]) -> tuple[str, ...]:
    """The codes that stop the step: what failed or stayed unknown, and nobody has overridden."""
    given = {override.code for override in overrides}
    wrong = {finding.code for finding in findings if finding.level in {Level.FAILED, Level.UNKNOWN}}
    return tuple(sorted(wrong - given))


def can_be_overridden(code: str) -> bool:
    """Whether a recorded reason is enough to go on. Trust has no exceptions."""
    return not code.startswith("trust.")


def beat_of(deployment: Deployment) -> str:
    """What the fragment was shown: the deployment's token, and the time in beats, as times of looks stand in it."""
    return f"{deployment.shown}.{int(timezone.now().timestamp()) // BEAT}"


def newest(deployment: Deployment, kind: str) -> Observation | None:
    """The newest look of a kind."""
    looks = Observation.objects.filter(organisation_id=deployment.organisation_id, subject_id=deployment.pk, kind=kind)
    return looks.order_by("-observed_at").first()


def _proof(deployment: Deployment) -> Workflow | None:
    rows = Workflow.objects.filter(subject_id=deployment.pk, kind=TRUST)
    return rows.order_by("-started_at").first()


def last_look(connection: Connection) -> datetime | None:
    """When anything was last asked of AWS through a link."""
    return CallRecord.objects.filter(connection=connection).values_list("at", flat=True).order_by("-at").first()
