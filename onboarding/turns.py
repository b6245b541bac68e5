"""Whose turn it is, and what they do next, in words: for pages and letters alike."""

from django.utils.translation import gettext as _

from onboarding.brought_vpc import is_approved, is_with_support
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.states import DeploymentState
from onboarding.steps import JourneyStep
from portal.aws.states import ConnectionState
from portal.workflows.models import Workflow
from portal.workflows.states import Turn, WorkflowState


def turn_of(deployment: Deployment, workflow: Workflow | None, plan: InfrastructurePlan | None = None) -> Turn:
    """Whose turn it is, from the step and its newest workflow."""
    if deployment.state == DeploymentState.REMOVED:
        return Turn.NOBODY
    if deployment.state == DeploymentState.READY:
        return Turn.YOU if trust_is_broken(deployment) else Turn.NOBODY
    if workflow is not None and workflow.state in {WorkflowState.REFUSED, WorkflowState.NEEDS_HUMAN}:
        return Turn.SUPPORT
    if workflow is not None and workflow.is_live:
        return Turn(workflow.turn)
    waits = (
        deployment.state == DeploymentState.INFRASTRUCTURE and plan is not None and is_with_support(deployment, plan)
    )
    return Turn.SUPPORT if waits else Turn.YOU


def trust_is_broken(deployment: Deployment) -> bool:
    """Whether the daily proof found that we no longer get in, or that somebody else might."""
    connection = deployment.connection
    return connection is not None and connection.state in {ConnectionState.LOST, ConnectionState.INSECURE}


def next_act(
    deployment: Deployment,
    current: JourneyStep | None,
    workflow: Workflow | None,
    plan: InfrastructurePlan | None = None,
) -> str:
    """What the customer does next, as a sentence; «Nothing …» when somebody else is at it."""
    if current is None:
        return _("Nothing: the deployment is removed.")
    if deployment.state == DeploymentState.READY and trust_is_broken(deployment):
        return _("Look at the bootstrap roles: the daily proof of trust failed. The deployment goes on running.")
    state = workflow.state if workflow is not None else ""
    if state in {WorkflowState.REFUSED, WorkflowState.NEEDS_HUMAN}:
        return _("Nothing: support is looking at it and writes to you.")
    if state == WorkflowState.PAUSED and workflow is not None:
        return _act_on_pause(deployment, workflow)
    if deployment.state == DeploymentState.INFRASTRUCTURE and plan is not None and plan.brings_vpc:
        return _act_on_brought_vpc(deployment, plan)
    return _act_while_it_goes_on(deployment, current, workflow)


def _act_on_brought_vpc(deployment: Deployment, plan: InfrastructurePlan) -> str:
    if not (plan.vpc_id and plan.subnet_ids):
        return _("Choose your VPC and its private subnets.")
    if is_with_support(deployment, plan):
        return _("Nothing: support looks at %(vpc)s and writes to you.") % {"vpc": plan.vpc_id}
    if not is_approved(deployment, plan):
        return _("Mend what is not as it should be in %(vpc)s, and let support approve it.") % {"vpc": plan.vpc_id}
    return _("Review the choices with %(vpc)s and confirm them; they cannot be changed later.") % {"vpc": plan.vpc_id}


def _act_while_it_goes_on(deployment: Deployment, current: JourneyStep, workflow: Workflow | None) -> str:
    if deployment.state == DeploymentState.TEARDOWN:
        return _("Nothing: AWS deletes the stacks. You may close this page.")
    if workflow is not None and workflow.state == WorkflowState.ACTIVE and workflow.turn != Turn.YOU:
        return _("Nothing: this goes on by itself. You may close this page.")
    return f"{current.next_act}"


def _act_on_pause(deployment: Deployment, workflow: Workflow) -> str:
    connection = deployment.connection
    trust = ConnectionState(connection.state) if connection is not None else ConnectionState.UNPROVEN
    if trust is ConnectionState.INSECURE:
        return _("Put the shown trust policy on the role, then press «Look again».")
    if trust is ConnectionState.LOST:
        return _("Create the bootstrap stack again, then let the work go on.")
    if deployment.state == DeploymentState.BOOTSTRAP and workflow.step == "permissions":
        return _("Update the bootstrap stack and press «Look again», or say why you go on.")
    if deployment.state == DeploymentState.BOOTSTRAP:
        return _("Look at what was found, correct it, then press «Look again».")
    return _("Look at what stopped it, correct it, then let the work go on.")
