"""The networking app's workflows, its chore, its guard of brought VPCs, and its table of states."""

from collections.abc import Callable
from datetime import timedelta

from networking.kinds import LOOK, PEERING_LOOK, VICINITY_LOOK
from networking.peering_upkeep import look_at_open, remind, tell_faults, verify_daily
from networking.port import BroughtVpcs, peerings_of
from networking.states import PEERING_TRANSITIONS, PUBLIC_REMOVAL_TRANSITIONS, VPC_REQUEST_TRANSITIONS
from networking.tasks.look import LookAtVpc
from networking.tasks.mend import mend_plan
from networking.tasks.peering import peering_plan
from networking.tasks.peering_look import LookAtPeering
from networking.tasks.peering_removal import removal_plan
from networking.tasks.peering_settling import looked
from networking.tasks.target_trust import reprove_targets, target_plans
from networking.tasks.vicinity import LookAround
from networking.upkeep import look_again
from onboarding import diagrams
from onboarding.actions.versions import show_anew
from onboarding.ports import guard_vpcs, hold_teardown
from onboarding.upkeep import serve_next
from portal.workflows import housekeeping, registry
from portal.workflows.models import Workflow
from portal.workflows.shapes import Plan, Step
from portal.workflows.states import WorkflowState

CHORES = (
    housekeeping.Chore("open VPC pages", timedelta(seconds=15), look_again),
    housekeeping.Chore("open peering pages", timedelta(seconds=10), look_at_open),
    housekeeping.Chore("daily peering looks", timedelta(minutes=10), verify_daily),
    housekeeping.Chore("faults of peerings", timedelta(minutes=1), tell_faults),
    housekeeping.Chore("ends of peerings", timedelta(hours=1), remind),
    housekeeping.Chore("target trust proofs", timedelta(minutes=30), reprove_targets),
)


def shown(workflow: Workflow) -> None:
    """What a page shows of the workflow has changed."""
    show_anew(workflow.subject_id)


def _ended(workflow: Workflow) -> None:
    if workflow.state in {WorkflowState.DONE, WorkflowState.REFUSED}:
        serve_next(workflow)


def register() -> None:
    """Makes the plans, the chore, the guard and the table known; called once when the app starts."""
    guard_vpcs(BroughtVpcs())
    hold_teardown("peerings", peerings_of)
    diagrams.register(diagrams.Machine("A request to approve a VPC", "networking/states.py", VPC_REQUEST_TRANSITIONS))
    diagrams.register(diagrams.Machine("A peering", "networking/states.py", PEERING_TRANSITIONS))
    diagrams.register(
        diagrams.Machine(
            "A request to remove the public load balancer", "networking/states.py", PUBLIC_REMOVAL_TRANSITIONS
        )
    )
    for chore in CHORES:
        housekeeping.register(chore)
    registry.register(mend_plan())
    registry.register(peering_plan())
    registry.register(removal_plan())
    for plan in target_plans():
        registry.register(plan)
    registry.register(_look(LOOK, LookAtVpc()))
    registry.register(_look(VICINITY_LOOK, LookAround()))
    registry.register(_look(PEERING_LOOK, LookAtPeering(), looked))


def _look(kind: str, step: Step, settled: Callable[[Workflow], None] = _ended) -> Plan:
    """Work that only looks, and gives way to a person's."""
    return Plan(
        kind=kind, steps=(step,), deadline=timedelta(hours=1), progressed=shown, settled=settled, gives_way=True
    )
