"""«Apply for me»: a person confirms the shown changes; goes on after a refusal; or leaves it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from networking.kinds import MEND
from networking.mends.plan import MendPlan
from networking.mends.right import role_cannot
from onboarding.actions.versions import Stale, WrongStep, touch
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from onboarding.upkeep import serve_next
from portal.accounts.models import User
from portal.workflows import actions as workflows
from portal.workflows.journal import tell
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState

HERE = (DeploymentState.INFRASTRUCTURE,)


def newest_mend(deployment: Deployment) -> Workflow | None:
    """The newest «Apply for me» of a deployment."""
    rows: Any = Workflow.objects.filter(subject_id=deployment.pk, kind=MEND)
    found: Workflow | None = rows.order_by("-started_at").first()
    return found


@transaction.atomic
def start_mend(*, deployment: Deployment, plan_hash: str, version: int, by: User) -> Workflow:
    """Starts the confirmed changes.

    Raises Stale when what was shown (`plan_hash`) is not what would be done now, WrongStep, NotAllowed when the role as
    deployed may not do it, or Busy.
    """
    if deployment.connection is None or deployment.state not in HERE:
        raise WrongStep(deployment.state)
    refused = role_cannot(deployment.connection)
    if refused:
        raise workflows.NotAllowed(refused)
    plan = MendPlan.of(deployment)
    if plan is None or not plan.mends or not plan.matches(plan_hash):
        raise Stale(str(deployment.version))
    touch(deployment, version=version, steps=HERE)
    assert deployment.connection is not None
    workflow = workflows.start(
        kind=MEND, connection=deployment.connection, subject_id=deployment.pk, by=by, data=plan.to_data()
    )
    count = len(plan.mends)
    tell(
        "vpc.mend",
        lambda: (
            ngettext(
                "%(count)d change to %(vpc)s was confirmed; we make it.",
                "%(count)d changes to %(vpc)s were confirmed; we make them.",
                count,
            )
            % {"count": count, "vpc": plan.vpc_id}
        ),
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
        workflow=workflow,
    )
    return workflow


@transaction.atomic
def resume_mend(*, deployment: Deployment, version: int, by: User) -> Workflow:
    """Goes on after AWS's refusal was dealt with, by comparing again. Raises Stale or WrongStep."""
    touch(deployment, version=version, steps=HERE)
    workflow = _paused(deployment)
    workflows.go_on(workflow=workflow, by=by)
    return workflow


@transaction.atomic
def leave_mend(*, deployment: Deployment, version: int, by: User) -> Workflow:
    """Gives up what is left of the plan; what was made stays. Raises Stale or WrongStep."""
    touch(deployment, version=version, steps=HERE)
    workflow = _paused(deployment)
    workflows.cancel(workflow=workflow, by=by)
    tell(
        "vpc.mend.left",
        lambda: _("The rest of the changes was given up; what we had changed in the VPC stays."),
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
        workflow=workflow,
    )
    serve_next(workflow)
    return workflow


def _paused(deployment: Deployment) -> Workflow:
    workflow = newest_mend(deployment)
    if workflow is None or workflow.state != WorkflowState.PAUSED:
        raise WrongStep(deployment.state)
    return workflow
