"""What follows inside the transactions of the work on a peering: the open page, letters, the end of a removal."""

from django.utils.translation import gettext as _

from networking.actions.peering_work import newest_work
from networking.actions.peerings import move_peering
from networking.actions.targets import release_role
from networking.kinds import UNPEER
from networking.models import Peering
from networking.peering.changes import removal_of
from networking.peering.standing import standing_of
from networking.states import PeeringState
from onboarding.actions.versions import show_anew
from onboarding.letters import tell_people
from onboarding.models import Deployment
from onboarding.upkeep import serve_next
from portal.findings.languages import heard
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState


def shown(workflow: Workflow) -> None:
    """What a page shows of the work has changed."""
    show_anew(workflow.subject_id)


def settled(workflow: Workflow) -> None:
    """A letter when people must act, the end of a removal, and the account for whoever waits for it."""
    if workflow.state in {WorkflowState.PAUSED, WorkflowState.NEEDS_HUMAN}:
        _write(workflow)
    if workflow.kind == UNPEER and workflow.state == WorkflowState.DONE:
        _remove(workflow)
    if workflow.kind == UNPEER and workflow.state == WorkflowState.REFUSED:
        move_peering(_peering(workflow), PeeringState.SETTING_UP)  # another plan is another decision
    if workflow.state in {WorkflowState.DONE, WorkflowState.REFUSED}:
        serve_next(workflow)


def _write(workflow: Workflow) -> None:
    deployment = Deployment.objects.select_related("connection").get(pk=workflow.subject_id)
    with_support = workflow.state == WorkflowState.NEEDS_HUMAN
    tell_people(
        deployment,
        key=f"peering:{workflow.pk}:{workflow.fence}",
        subject=lambda: (
            _("support is looking at it") if with_support else _("your turn: the work on a peering stopped")
        ),
        body=lambda: heard(workflow.message, ""),
    )


def looked(workflow: Workflow) -> None:
    """What follows a look: a removal of which others did the rest by hand is at its end."""
    if workflow.state == WorkflowState.DONE:
        _end_removal(_peering(workflow))
    if workflow.state in {WorkflowState.DONE, WorkflowState.REFUSED}:
        serve_next(workflow)


def _end_removal(peering: Peering) -> None:
    removal = newest_work(peering)
    over = removal is not None and removal.kind == UNPEER and not removal.is_live
    if peering.state == PeeringState.REMOVING and over and removal is not None:
        _remove(removal)


def _remove(workflow: Workflow) -> None:
    """The peering is removed once nothing is left of what the person had taken back; what others still have to do keeps
    it in removal.
    """
    peering = _peering(workflow)
    if not removal_of(standing_of(peering), named=frozenset(workflow.data["named"])).changes:
        move_peering(peering, PeeringState.REMOVED)
        release_role(peering=peering)


def _peering(workflow: Workflow) -> Peering:
    found: Peering = Peering.objects.get(pk=workflow.data["peering"], deployment_id=workflow.subject_id)
    return found
