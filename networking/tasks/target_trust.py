"""Trust in the role of a target account: its own workflow, the daily proof, and the proof before work with it."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from networking.kinds import TARGET_REPROOF, TARGET_TRUST
from networking.models import Peering
from networking.peering.access import closed_target, lose_target, proven_target
from networking.states import PeeringState
from onboarding.actions.versions import show_anew
from onboarding.checks.trust import TrustVerdict
from onboarding.letters import tell_people
from onboarding.models import Deployment
from onboarding.tasks.trust import FindRoles, ProveTrust, assess, hold_proven, insecure
from onboarding.upkeep import due_for_proof
from portal.aws.models import Connection
from portal.aws.states import ConnectionPurpose
from portal.findings.languages import heard, spoken
from portal.workflows import actions as workflows
from portal.workflows import leases
from portal.workflows.journal import SYSTEM
from portal.workflows.models import Workflow
from portal.workflows.shapes import Done, Outcome, Plan, Wait, Work
from portal.workflows.states import Turn, WorkflowState
from portal.workflows.times import backed_off

#: States in which people have something to do or to know.
STOPPED = (WorkflowState.PAUSED, WorkflowState.NEEDS_HUMAN, WorkflowState.REFUSED)


@dataclass(frozen=True)
class ProveTarget:
    """Proves the lent role of the peering that the workflow's data names, within that peering's own work: before
    anything is written in the target account. Done at once where no proven role is lent: nothing is written there then.
    """

    name: str = "target-proof"

    def run(self, work: Work) -> Outcome:
        peering = Peering.objects.get(pk=work.workflow.data["peering"], organisation_id=work.workflow.organisation_id)
        connection = proven_target(peering)
        if connection is None:
            return Done()
        verdicts = assess(work, connection)
        if TrustVerdict.INSECURE in verdicts:
            return insecure(work, connection)
        if verdicts == {TrustVerdict.PROVEN} and hold_proven(work, connection):
            return Done(message=spoken(lambda: _("Only we can use the peering role, and only with its External ID.")))
        if TrustVerdict.NOT_YET in verdicts:  # it was there: somebody removed it
            leases.hold(work)
            lose_target(connection)
            return closed_target(peering)
        return Wait(
            seconds=backed_off(work.workflow.waits),
            turn=Turn.AWS,
            message=spoken(lambda: _("AWS does not answer clearly about the peering role. We ask again.")),
        )


def target_plans() -> tuple[Plan, ...]:
    """The plans of both kinds, to be registered when the app starts."""
    return (
        Plan(
            kind=TARGET_TRUST,
            steps=(FindRoles(), ProveTrust()),
            deadline=timedelta(days=60),
            progressed=_turned,
        ),
        Plan(kind=TARGET_REPROOF, steps=(ProveTrust(name="proof"),), deadline=timedelta(days=30), progressed=_turned),
    )


def reprove_targets() -> int:
    """Starts the daily proof of each lent role that a peering uses; returns how many."""
    started = 0
    for connection in due_for_proof(ConnectionPurpose.TARGET):
        peering = Peering.objects.filter(target=connection).exclude(state=PeeringState.REMOVED).first()
        if peering is None:
            continue
        try:
            workflows.start(kind=TARGET_REPROOF, connection=connection, subject_id=peering.deployment_id, by=SYSTEM)
        except workflows.Busy:
            continue
        started += 1
    return started


def _turned(workflow: Workflow) -> None:
    """Every deployment that goes by the link shows it anew; a letter when people must act or know."""
    link = Connection.objects.get(pk=workflow.connection_id)
    sharing = Peering.objects.filter(target=link).values_list("deployment_id", flat=True)
    for deployment in {workflow.subject_id, *sharing}:
        show_anew(deployment)
    if workflow.state in STOPPED:
        _tell_people(workflow, link)


def _tell_people(workflow: Workflow, link: Connection) -> None:
    deployment = Deployment.objects.select_related("connection").get(pk=workflow.subject_id)
    tell_people(
        deployment,
        key=f"target:{workflow.pk}:{workflow.fence}",
        subject=lambda: (
            _("your turn: the peering role in account %(account)s needs a look") % {"account": link.account_id}
            if workflow.state == WorkflowState.PAUSED
            else _("support is looking at it")
        ),
        body=lambda: heard(workflow.message, ""),
    )
