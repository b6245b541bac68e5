"""Launch and tear-down: going on after a failure, and taking everything down again."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from onboarding.actions.versions import WrongStep, move, touch
from onboarding.kinds import LAUNCH, TEARDOWN
from onboarding.models import Deployment, Stack
from onboarding.ports import attached
from onboarding.stacks.kinds import STACKS
from onboarding.states import DeploymentState
from portal.accounts.models import User
from portal.accounts.refusals import ActionRefused
from portal.workflows import actions as workflows
from portal.workflows.journal import tell
from portal.workflows.models import Workflow
from portal.workflows.states import LIVE, WorkflowState

#: A stack in one of these can only be deleted and made anew.
BROKEN = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_COMPLETE", "DELETE_FAILED")


def newest_workflow(deployment: Deployment, kind: str) -> Workflow | None:
    """The newest workflow of a kind for a deployment."""
    return Workflow.objects.filter(subject_id=deployment.pk, kind=kind).order_by("-started_at").first()


@transaction.atomic
def resume_launch(*, deployment: Deployment, version: int, by: User) -> Workflow:
    """Goes on with a launch or tear-down that paused. A broken stack is replaced by its next generation.

    Raises Stale or WrongStep.
    """
    touch(deployment, version=version, steps=(DeploymentState.LAUNCH, DeploymentState.TEARDOWN))
    kind = LAUNCH if deployment.state == DeploymentState.LAUNCH else TEARDOWN
    workflow = newest_workflow(deployment, kind)
    if workflow is None or workflow.state != WorkflowState.PAUSED:
        raise WrongStep(deployment.state)
    changes: dict[str, object] = {"data": workflow.data | {"round": workflow.data.get("round", 0) + 1}}
    if kind == LAUNCH:
        _renew(deployment)
        if workflow.step in {stack.name for stack in STACKS}:
            # From the first stack on: the customer may have deleted an earlier one meanwhile. In the place of the
            # network a brought VPC is looked at again: what stopped the launch may lie there.
            changes["step"] = STACKS[0].name
    Workflow.objects.filter(pk=workflow.pk).update(**changes)
    workflows.go_on(workflow=workflow, by=by)
    return workflow


def current_stacks(deployment: Deployment) -> list[Stack]:
    """The stacks that stand for the deployment now; see `standing`."""
    return standing(Stack.objects.filter(deployment=deployment).order_by("generation"))


def standing(rows: Iterable[Stack]) -> list[Stack]:
    """Of each kind the newest generation, or the one before while it still holds the name. `rows` oldest first."""
    newest: dict[str, Stack] = {}
    for stack in rows:
        before = newest.get(stack.kind)
        if before is None or stack.stack_id or not before.stack_id or before.status == "DELETE_COMPLETE":
            newest[stack.kind] = stack
    return list(newest.values())


def _renew(deployment: Deployment) -> None:
    """The next generation of each broken stack that has none yet."""
    newest: dict[str, Stack] = {}
    for stack in Stack.objects.filter(deployment=deployment).order_by("generation"):
        newest[stack.kind] = stack
    for stack in newest.values():
        if stack.status in BROKEN:
            _next_generation(stack)


def _next_generation(stack: Stack) -> None:
    Stack.objects.create(
        organisation_id=stack.organisation_id,
        deployment_id=stack.deployment_id,
        kind=stack.kind,
        generation=stack.generation + 1,
        name=stack.name,
        region=stack.region,
    )


@transaction.atomic
def tear_down(*, deployment: Deployment, version: int, by: User) -> Workflow:
    """Begins to delete everything that the launch made. Raises Stale, WrongStep or Busy, and ActionRefused while
    something that others rely on hangs on the VPC.
    """
    # Locked: what somebody attaches at the same moment waits, and is then refused by the state.
    Deployment.objects.select_for_update(of=("self",)).get(pk=deployment.pk)
    held = attached(deployment)
    if held:
        raise ActionRefused(_("Remove first: %(what)s.") % {"what": ", ".join(one.title for one in held)})
    move(deployment, DeploymentState.TEARDOWN, version=version)
    launch = newest_workflow(deployment, LAUNCH)
    if launch is not None and launch.state in LIVE:
        workflows.cancel(workflow=launch, by=by)
    assert deployment.connection is not None
    workflow = workflows.start(kind=TEARDOWN, connection=deployment.connection, subject_id=deployment.pk, by=by)
    tell(
        "teardown.started",
        lambda: _("The tear-down of %(name)s begins.") % {"name": deployment.name},
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
        workflow=workflow,
    )
    return workflow
