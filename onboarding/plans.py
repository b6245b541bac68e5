"""The onboarding's workflows: their steps in order and what follows inside their transactions."""

from collections.abc import Callable
from datetime import timedelta

from django.utils.translation import gettext as _

from onboarding.actions.versions import move, show_anew
from onboarding.kinds import LAUNCH, REPROOF, ROLE_LOOK, SURVEY, TEARDOWN, TRUST
from onboarding.letters import tell_of_turn, tell_people
from onboarding.models import Deployment
from onboarding.review import plan_of
from onboarding.stacks.kinds import STACKS
from onboarding.states import DeploymentState
from onboarding.tasks.launch import ConfirmedChoices, LaunchStack
from onboarding.tasks.permissions import CheckPermissions
from onboarding.tasks.removal import ListBlockers, ListRemains
from onboarding.tasks.survey import SurveyRegion
from onboarding.tasks.teardown import DeleteStack, SettleLaunch
from onboarding.tasks.trust import FindRoles, ProveTrust
from onboarding.upkeep import reprove, serve_next
from portal.workflows import housekeeping, registry
from portal.workflows.models import Workflow
from portal.workflows.shapes import Plan, nothing
from portal.workflows.states import Turn, WorkflowState


def _deployment(workflow: Workflow) -> Deployment:
    found: Deployment = Deployment.objects.select_related("connection").get(pk=workflow.subject_id)
    return found


def _shown(workflow: Workflow) -> None:
    """What a page shows of the workflow has changed."""
    show_anew(workflow.subject_id)


#: States in which somebody must act: the customer, or support on whom the customer waits.
STOPPED = (WorkflowState.PAUSED, WorkflowState.NEEDS_HUMAN, WorkflowState.REFUSED)


def _turned(workflow: Workflow) -> None:
    _shown(workflow)
    # Waiting for the roles at first is no news to the customer; a role that refuses us for long is.
    waits = workflow.state == WorkflowState.ACTIVE and workflow.turn == Turn.YOU
    overdue = waits and workflow.step != FindRoles.name
    if workflow.state in STOPPED or overdue:
        tell_of_turn(_deployment(workflow), workflow)


def _trust_settled(workflow: Workflow) -> None:
    if workflow.state != WorkflowState.DONE:
        return
    deployment = _deployment(workflow)
    if deployment.state != DeploymentState.BOOTSTRAP:
        return
    move(deployment, DeploymentState.INFRASTRUCTURE)
    tell_people(
        deployment,
        key=f"trusted:{workflow.pk}",
        subject=lambda: _("your turn: choose the infrastructure"),
        body=lambda: _("The bootstrap roles are proven. Choose region, addresses and zones next."),
    )


def _launch_settled(workflow: Workflow) -> None:
    if workflow.state != WorkflowState.DONE:
        return
    deployment = _deployment(workflow)
    move(deployment, DeploymentState.READY)
    tell_people(
        deployment,
        key=f"ready:{workflow.pk}",
        subject=lambda: _("the deployment is ready"),
        body=lambda: _all_complete(deployment),
    )


def _all_complete(deployment: Deployment) -> str:
    plan = plan_of(deployment)
    if plan.brings_vpc:
        said = _("All three stacks are complete, in your VPC %(vpc)s. Nothing is left for you to do.")
        return said % {"vpc": plan.vpc_id}
    return _("All four stacks are complete. Nothing is left for you to do.")


def _teardown_settled(workflow: Workflow) -> None:
    if workflow.state != WorkflowState.DONE:
        return
    deployment = _deployment(workflow)
    move(deployment, DeploymentState.REMOVED)
    tell_people(
        deployment,
        key=f"removed:{workflow.pk}",
        subject=lambda: _("the deployment is removed"),
        body=lambda: _("The stacks are deleted. The page lists what stays in your account."),
    )


def _ending(settle: Callable[[Workflow], None] = nothing) -> Callable[[Workflow], None]:
    """What follows every end: the plan's own, then whoever waits for the account."""

    def settled(workflow: Workflow) -> None:
        settle(workflow)
        if workflow.state in {WorkflowState.DONE, WorkflowState.REFUSED}:
            serve_next(workflow)

    return settled


def register() -> None:
    """Makes the plans and the daily chore known; called once when the app starts."""
    housekeeping.register(housekeeping.Chore("proofs of trust", timedelta(minutes=30), reprove))
    registry.register(
        Plan(
            kind=REPROOF,
            steps=(ProveTrust(name="proof"),),
            deadline=timedelta(days=30),
            progressed=_turned,
            settled=_ending(),
        )
    )
    registry.register(
        Plan(
            kind=ROLE_LOOK,
            steps=(ProveTrust(name="proof"), CheckPermissions(name="reading", stops=False)),
            deadline=timedelta(hours=1),
            progressed=_turned,
            settled=_ending(),
        )
    )
    registry.register(
        Plan(
            kind=TRUST,
            steps=(FindRoles(), ProveTrust(), CheckPermissions(), SurveyRegion()),
            deadline=timedelta(days=60),
            progressed=_turned,
            settled=_ending(_trust_settled),
        )
    )
    registry.register(
        Plan(kind=SURVEY, steps=(SurveyRegion(),), deadline=timedelta(hours=1), progressed=_shown, settled=_ending())
    )
    registry.register(
        Plan(
            kind=LAUNCH,
            steps=(ProveTrust(name="proof"), ConfirmedChoices(), *(LaunchStack(kind) for kind in STACKS)),
            deadline=timedelta(days=14),
            progressed=_turned,
            settled=_ending(_launch_settled),
        )
    )
    registry.register(
        Plan(
            kind=TEARDOWN,
            steps=(
                ProveTrust(name="proof"),
                SettleLaunch(),
                ListBlockers(),
                *(DeleteStack(kind) for kind in reversed(STACKS)),
                ListRemains(),
            ),
            deadline=timedelta(days=14),
            progressed=_turned,
            settled=_ending(_teardown_settled),
        )
    )
