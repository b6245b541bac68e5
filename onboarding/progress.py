"""The one context of a deployment's pages and their fragments: steps, whose turn, since when, the next act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, OuterRef, Subquery, Value, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from onboarding.kinds import LAUNCH, TEARDOWN, TRUST
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.states import DeploymentState
from onboarding.steps import JOURNEY, JourneyStep, about_of, position
from onboarding.turns import next_act, trust_is_broken, turn_of
from portal.findings.languages import heard
from portal.workflows.models import Workflow
from portal.workflows.states import Turn, WorkflowState

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
    about: str | Promise = ""


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
    plan: InfrastructurePlan | None = None

    @property
    def brings_vpc(self) -> bool:
        """Whether the customer brings the VPC, so far as it is chosen."""
        return self.plan is not None and self.plan.brings_vpc

    @property
    def about(self) -> str | Promise:
        """Who does what in the present step; empty once the deployment is removed."""
        return about_of(self.current, brings_vpc=self.brings_vpc) if self.current else ""

    @property
    def url(self) -> str:
        """The page of the present step; of what is left, once the deployment is removed or being taken down."""
        if self.current is None or self.deployment.state == DeploymentState.TEARDOWN:
            return reverse("onboarding:launch", args=[self.deployment.pk])
        if self.deployment.state == DeploymentState.READY and trust_is_broken(self.deployment):
            return reverse("onboarding:bootstrap", args=[self.deployment.pk])
        return reverse(self.current.page, args=[self.deployment.pk])

    @property
    def moving(self) -> bool:
        """Whether the page may change without anybody pressing anything: only then it is worth asking again."""
        return self.workflow is not None and self.workflow.state == WorkflowState.ACTIVE

    @property
    def with_support(self) -> bool:
        """Whether support has it, so that the customer need not do anything."""
        return self.turn == Turn.SUPPORT

    @property
    def number(self) -> int:
        """Which step of how many, for people: from 1; 0 when there is no present step."""
        return JOURNEY.index(self.current) + 1 if self.current else 0

    @property
    def upcoming(self) -> list[StepView]:
        """The steps after the present one, the last aside: it is where they lead."""
        return [step for step in self.steps[:-1] if step.state == "next"]


def token_of(deployment: Deployment) -> str:
    """What a fragment was shown; an unchanged one is answered with 204."""
    return f"{deployment.shown}"


def journey(deployment: Deployment, plan: InfrastructurePlan | None = None) -> Journey:
    """Where the deployment stands: at most three queries, the connection's among them; one less with the `plan`."""
    return _journey(deployment, _workflow(deployment), plan or _plan(deployment))


def journeys(deployments: Iterable[Deployment]) -> list[Journey]:
    """Where each of several deployments stands: two queries for all of them. Their connections come with them."""
    listed = list(deployments)
    newest = _newest_workflows(listed)
    chosen = {plan.deployment_id: plan for plan in InfrastructurePlan.objects.filter(deployment__in=listed)}
    return [_journey(one, newest.get(one.pk), chosen.get(one.pk)) for one in listed]


def _journey(deployment: Deployment, workflow: Workflow | None, plan: InfrastructurePlan | None) -> Journey:
    present = position(deployment.state)
    turn = turn_of(deployment, workflow, plan)
    current = JOURNEY[present] if present < len(JOURNEY) else None
    since = workflow.turn_since if workflow is not None and workflow.is_live else deployment.state_since
    return Journey(
        deployment=deployment,
        steps=[_step(step, index, present, deployment, plan, turn, since) for index, step in enumerate(JOURNEY)],
        current=current,
        turn=turn,
        since=since,
        next_act=next_act(deployment, current, workflow, plan),
        message=heard(workflow.message, "") if workflow else "",
        workflow=workflow,
        token=token_of(deployment),
        plan=plan,
    )


def _workflow(deployment: Deployment) -> Workflow | None:
    """The newest workflow of the present step."""
    kind = WORKER.get(DeploymentState(deployment.state))
    if kind is None:
        return None
    return Workflow.objects.filter(subject_id=deployment.pk, kind=kind).order_by("-started_at").first()


def _newest_workflows(deployments: Iterable[Deployment]) -> Mapping[UUID, Workflow]:
    """Deployment → the newest workflow of its present step, by one query whatever their number."""
    kind = Case(
        *(When(state=state, then=Value(name)) for state, name in WORKER.items()),
        default=Value(""),
        output_field=CharField(),
    )
    found = Workflow.objects.filter(subject_id=OuterRef("pk"), kind=OuterRef("worker")).order_by("-started_at")
    rows = Deployment.objects.filter(pk__in=[one.pk for one in deployments]).annotate(worker=kind)
    newest = rows.annotate(newest=Subquery(found.values("pk")[:1])).values("newest")
    return {workflow.subject_id: workflow for workflow in Workflow.objects.filter(pk__in=newest)}


def _plan(deployment: Deployment) -> InfrastructurePlan | None:
    """The choices, once there can be any."""
    if position(deployment.state) < position(DeploymentState.INFRASTRUCTURE):
        return None
    found: InfrastructurePlan | None = InfrastructurePlan.objects.filter(deployment=deployment).first()
    return found


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
    reached = finished or here
    return StepView(
        title=step.title,
        state="done" if finished else "now" if here else "next",
        turn=turn.value if here and not finished else "",
        since=since if here else _finished_at(step, deployment) if finished else None,
        typical="" if finished else step.typical,
        detail=_detail(step, deployment, plan, finished=finished) if reached else "",
        url=reverse(step.page, args=[deployment.pk]) if reached else "",
        about=about_of(step, brings_vpc=plan is not None and plan.brings_vpc),
    )


def _finished_at(step: JourneyStep, deployment: Deployment) -> datetime | None:
    """When a past step was finished, where that is known."""
    connection: Any = deployment.connection
    if step.state == DeploymentState.BOOTSTRAP and connection is not None:
        return connection.proven_at  # type: ignore[no-any-return]
    return None


def _detail(step: JourneyStep, deployment: Deployment, plan: InfrastructurePlan | None, *, finished: bool) -> str:
    """One line of facts."""
    connection: Any = deployment.connection
    match step.state:
        case DeploymentState.ACCOUNT if connection is not None:
            return str(connection.account_id)
        case DeploymentState.BOOTSTRAP if connection is not None and finished:
            words = {"state": connection.get_state_display(), "version": connection.template_version}
            return _("%(state)s · template version %(version)s") % words
        case DeploymentState.BOOTSTRAP if connection is not None:
            return str(connection.get_state_display())
        case DeploymentState.INFRASTRUCTURE if plan is not None and (plan.vpc_id or plan.cidr):
            zones = dict.fromkeys(zone["id"] for zone in plan.zones if zone["id"])
            return " · ".join(filter(None, [plan.region, plan.vpc_id or plan.cidr, ", ".join(zones)]))
        case DeploymentState.LAUNCH if deployment.state == DeploymentState.TEARDOWN:
            return _("being taken down")
        case _:
            return ""
