"""The one context of a deployment's pages and their fragments: steps, whose turn, since when, the next act."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from onboarding.kinds import LAUNCH, TEARDOWN, TRUST
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.states import DeploymentState
from onboarding.steps import JOURNEY, JourneyStep, position
from portal.findings.languages import heard
from portal.workflows.models import Workflow
from portal.workflows.states import LIVE, Turn, WorkflowState

#: The workflow that works on a step.
WORKER = {
    DeploymentState.BOOTSTRAP: TRUST,
    DeploymentState.LAUNCH: LAUNCH,
    DeploymentState.READY: LAUNCH,
    DeploymentState.TEARDOWN: TEARDOWN,
    DeploymentState.REMOVED: TEARDOWN,
}


@dataclass(frozen=True, kw_only=True)
class StepView:
    """One step as the list shows it."""

    title: str | Promise
    state: str
    turn: str = ""
    since: datetime | None = None
    typical: str | Promise = ""
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Journey:
    """Everything that a page says about where a deployment stands."""

    deployment: Deployment
    steps: list[StepView]
    current: JourneyStep | None
    turn: Turn
    since: datetime
    next_act: str
    message: str
    workflow: Workflow | None
    token: str

    @property
    def url(self) -> str:
        """The page of the present step."""
        if self.current is None:
            return reverse("onboarding:launch", args=[self.deployment.pk])
        return reverse(self.current.page, args=[self.deployment.pk])

    @property
    def moving(self) -> bool:
        """Whether the page may change without the person doing anything."""
        return self.workflow is not None and self.workflow.state in LIVE


def token_of(deployment: Deployment) -> str:
    """What a fragment was shown; an unchanged one is answered with 204."""
    return f"{deployment.shown}"


def journey(deployment: Deployment) -> Journey:
    """Where the deployment stands: three queries."""
    workflow = _workflow(deployment)
    present = position(deployment.state)
    plan = InfrastructurePlan.objects.filter(deployment=deployment).first()
    turn = _turn(deployment, workflow)
    current = JOURNEY[present] if present < len(JOURNEY) else None
    since = workflow.turn_since if workflow is not None and workflow.is_live else deployment.state_since
    return Journey(
        deployment=deployment,
        steps=[_step(step, index, present, deployment, plan, turn, since) for index, step in enumerate(JOURNEY)],
        current=current,
        turn=turn,
        since=since,
        next_act=_next_act(deployment, current, workflow),
        message=heard(workflow.message, "") if workflow else "",
        workflow=workflow,
        token=token_of(deployment),
    )


def _workflow(deployment: Deployment) -> Workflow | None:
    """The newest workflow of the present step."""
    kind = WORKER.get(DeploymentState(deployment.state))
    if kind is None:
        return None
    return Workflow.objects.filter(subject_id=deployment.pk, kind=kind).order_by("-started_at").first()


def _turn(deployment: Deployment, workflow: Workflow | None) -> Turn:
    if deployment.state in {DeploymentState.READY, DeploymentState.REMOVED}:
        return Turn.NOBODY
    if workflow is not None and workflow.state == WorkflowState.REFUSED:
        return Turn.SUPPORT
    if workflow is not None and workflow.is_live:
        return Turn(workflow.turn)
    return Turn.YOU


def _next_act(deployment: Deployment, current: JourneyStep | None, workflow: Workflow | None) -> str:
    if deployment.state == DeploymentState.TEARDOWN:
        return _("Nothing: AWS deletes the stacks. You may close this page.")
    if current is None:
        return _("Nothing: the deployment is removed.")
    if workflow is not None and workflow.state in {WorkflowState.PAUSED, WorkflowState.NEEDS_HUMAN}:
        return heard(workflow.message, f"{current.next_act}")
    return f"{current.next_act}"


def _step(
    step: JourneyStep,
    index: int,
    present: int,
    deployment: Deployment,
    plan: InfrastructurePlan | None,
    turn: Turn,
    since: datetime,
) -> StepView:
    here = index == present
    finished = index < present or (here and step.state == DeploymentState.READY)
    return StepView(
        title=step.title,
        state="done" if finished else "now" if here else "next",
        turn=turn.value if here and not finished else "",
        since=since if here else None,
        typical="" if finished else step.typical,
        detail=_detail(step, deployment, plan) if finished or here else "",
        url=reverse(step.page, args=[deployment.pk]) if index <= present else "",
    )


def _detail(step: JourneyStep, deployment: Deployment, plan: InfrastructurePlan | None) -> str:
    """One line of facts."""
    connection: Any = deployment.connection
    match step.state:
        case DeploymentState.ACCOUNT if connection is not None:
            return str(connection.account_id)
        case DeploymentState.BOOTSTRAP if connection is not None:
            return str(connection.get_state_display())
        case DeploymentState.INFRASTRUCTURE if plan is not None and plan.cidr:
            return f"{plan.region} · {plan.cidr} · {', '.join(zone['id'] for zone in plan.zones)}"
        case DeploymentState.LAUNCH if deployment.state == DeploymentState.TEARDOWN:
            return _("being taken down")
        case _:
            return ""
