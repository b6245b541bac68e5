"""«Do it for me» of a peering: a person confirms the shown changes, goes on after a refusal, leaves it, or has it taken
back.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from networking.actions.peerings import move_peering, touch_peering
from networking.kinds import PEER, UNPEER
from networking.models import Peering
from networking.peering.changes import obstacles_for
from networking.peering.plan import PeeringPlan
from networking.peering.rights import cannot, cannot_admit
from networking.peering.standing import Standing, standing_of
from networking.peering.subjects import scene_of
from networking.states import PeeringState, PeeringStep
from onboarding.actions.versions import Stale, WrongStep
from onboarding.states import DeploymentState
from onboarding.upkeep import serve_next
from portal.accounts.models import User
from portal.findings.shapes import Evidence
from portal.workflows import actions as workflows
from portal.workflows.journal import tell
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState

#: Steps that the portal works on; the first is support's, or a switch that makes no call of ours.
WORKABLE = tuple(step for step in PeeringStep if step != PeeringStep.BALANCER)
#: States in which steps may be done; a removal may also be begun again.
OPEN = (PeeringState.SETTING_UP, PeeringState.CONNECTED, PeeringState.BROKEN)
REMOVABLE = (*OPEN, PeeringState.REMOVING)


def newest_work(peering: Peering) -> Workflow | None:
    """The newest work on a peering: its steps or its removal."""
    rows: Any = Workflow.objects.filter(
        subject_id=peering.deployment_id, kind__in=(PEER, UNPEER), data__peering=str(peering.pk)
    )
    found: Workflow | None = rows.order_by("-started_at").first()
    return found


@transaction.atomic
def start_steps(
    *, peering: Peering, steps: Sequence[PeeringStep], plan_hash: str, version: int, by: User, reason: str = ""
) -> Workflow:
    """Starts the confirmed changes of the steps. `plan_hash` is that of all their changes in the order of the six.

    Raises Stale when what was shown is not what would be done now, WrongStep, NotAllowed when a role as deployed may
    not do it or something stands in the way, or Busy.
    """
    refused = next((said for step in steps if (said := cannot(step, peering))), "")
    return _begin(peering, steps, refused=refused, plan_hash=plan_hash, version=version, by=by, reason=reason)


@transaction.atomic
def add_inbound_rule(*, peering: Peering, by: User, reason: str) -> Workflow:
    """Support's button for step 6: adds what lacks now, whatever the vendor's rules leave to the customer.

    Raises NotAllowed without a reason, or where the management role may not, nobody of ours saw the ranges, or nothing
    lacks; WrongStep or Busy.
    """
    peering.refresh_from_db()
    refused = cannot_admit(peering) if reason.strip() else _("Say why: the reason stands in the history.")
    steps, standing = [PeeringStep.SECURITY_GROUP], standing_of(peering)
    plan = PeeringPlan.of(standing, steps)
    refused = refused or _unseen(standing)
    if not refused and not plan.changes:
        refused = _("Nothing lacks in the security group, as far as we saw. Look again first.")
    return _begin(peering, steps, refused=refused, plan_hash=plan.shown, version=peering.version, by=by, reason=reason)


def _unseen(standing: Standing) -> str:
    """Why support may not go by the ranges that are known: whoever stated them confirms no plan of support's."""
    scene = scene_of(standing)
    ranges = scene.ranges(scene.accepter)
    if not ranges.blocks or ranges.evidence is Evidence.OBSERVED:
        return ""
    said = _(
        "The ranges of %(vpc)s are stated, and none of ours has seen them. AWS lists them once the connection is"
        " active: press again then."
    )
    return said % {"vpc": standing.registered.accepter_vpc}


@transaction.atomic
def remove_peering(
    *, peering: Peering, named: AbstractSet[str], plan_hash: str, version: int, by: User
) -> Workflow:  # fmt: skip
    """Takes the peering back: what carries our mark, what leads to its connection, and what the person `named`.

    `plan_hash` is that of all changes shown; those that no role of ours may make stay for whoever may. Raises Stale,
    WrongStep or Busy.
    """
    _in_state(peering, REMOVABLE)
    plan = PeeringPlan.of_removal(standing_of(peering), named)
    if not plan.matches(plan_hash):
        raise Stale(str(peering.version))
    touch_peering(peering, version=version)
    move_peering(peering, PeeringState.REMOVING)
    workflow = _start(peering, UNPEER, plan, by)
    _tell(peering, "peering.removal", workflow, by, count=len(plan.changes))
    return workflow


@transaction.atomic
def resume_work(*, peering: Peering, version: int, by: User) -> Workflow:
    """Goes on after AWS's refusal was dealt with, by comparing again. Raises Stale or WrongStep."""
    workflow = _paused(peering)
    touch_peering(peering, version=version)
    workflows.go_on(workflow=workflow, by=by)
    return workflow


@transaction.atomic
def leave_work(*, peering: Peering, version: int, by: User) -> Workflow:
    """Gives up what is left of the plan; what was made, or taken back, stays so. Raises Stale or WrongStep."""
    workflow = _paused(peering)
    touch_peering(peering, version=version)
    workflows.cancel(workflow=workflow, by=by)
    if workflow.kind == UNPEER:
        move_peering(peering, PeeringState.SETTING_UP)
    _tell(peering, "peering.left", workflow, by)
    serve_next(workflow)
    return workflow


def _begin(
    peering: Peering,
    steps: Sequence[PeeringStep],
    *,
    refused: str,
    plan_hash: str,
    version: int,
    by: User,
    reason: str,
) -> Workflow:
    _in_state(peering, OPEN)
    if not steps or any(step not in WORKABLE for step in steps):
        raise WrongStep(", ".join(steps))
    if refused:
        raise workflows.NotAllowed(refused)
    standing = standing_of(peering)
    plan = PeeringPlan.of(standing, steps)
    if not plan.matches(plan_hash):
        raise Stale(str(peering.version))
    if not plan.changes:
        raise _nothing(standing, steps)
    touch_peering(peering, version=version)
    workflow = _start(peering, PEER, plan, by, reason)
    _tell(peering, "peering.work", workflow, by, reason, count=len(plan.changes))
    return workflow


def _nothing(standing: Standing, steps: Sequence[PeeringStep]) -> Exception:
    """Why a plan is empty: something stands in the way, the connection has to come first, or all is done."""
    barred = dict.fromkeys(said for step in steps for said in obstacles_for(step, standing))
    if not barred and not standing.registered.id:
        barred = {_("There is no connection yet. Have it created first, or together with these steps."): None}
    return workflows.NotAllowed(" ".join(barred)) if barred else Stale(str(standing.peering.version))


def _in_state(peering: Peering, states: Sequence[PeeringState]) -> None:
    """By the rows of this moment: the form may be older. Raises WrongStep."""
    peering.refresh_from_db(fields=["state", "generation"])
    deployment = peering.deployment
    deployment.refresh_from_db(fields=["state"])
    if deployment.connection is None or deployment.state != DeploymentState.READY:
        raise WrongStep(deployment.state)
    if peering.state not in states:
        raise WrongStep(peering.state)


def _start(peering: Peering, kind: str, plan: PeeringPlan, by: User, reason: str = "") -> Workflow:
    connection = peering.deployment.connection
    assert connection is not None
    data = {"peering": str(peering.pk), "reason": reason, **plan.to_data()}
    return workflows.start(kind=kind, connection=connection, subject_id=peering.deployment_id, by=by, data=data)


def _paused(peering: Peering) -> Workflow:
    workflow = newest_work(peering)
    if workflow is None or workflow.state != WorkflowState.PAUSED:
        raise WrongStep(peering.state)
    return workflow


def _tell(
    peering: Peering, code: str, workflow: Workflow, by: User, reason: str = "", *, count: int = 0
) -> None:  # fmt: skip
    tell(
        code,
        lambda: _sentence(code, peering.label, count, reason),
        organisation=peering.organisation_id,
        subject_id=peering.deployment_id,
        by=by,
        workflow=workflow,
    )


def _sentence(code: str, label: str, count: int, reason: str) -> str:
    words = {"count": count, "label": label}
    if code == "peering.left":
        return _("The rest of the work on the peering %(label)s was given up; what was done stays so.") % words
    if code == "peering.removal":
        return _("The removal of the peering %(label)s was confirmed.") % words
    said = ngettext(
        "%(count)d change for the peering %(label)s was confirmed; we make it.",
        "%(count)d changes for the peering %(label)s were confirmed; we make them.",
        count,
    )
    return f"{said % words} {reason}".strip()
