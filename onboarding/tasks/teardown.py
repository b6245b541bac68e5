"""The tear-down: what blocks it, then the stacks in reverse, then what is left."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from onboarding.actions.launch import current_stacks
from onboarding.models import Stack
from onboarding.review import choices_of, plan_of
from onboarding.stacks.choices import LaunchChoices
from onboarding.stacks.kinds import StackKind
from onboarding.tasks import stack_record
from onboarding.tasks.launch import after_settlement
from onboarding.tasks.stack_effects import GONE, deletion
from onboarding.tasks.subjects import STACK_LOOKS, deployment_of, look_session
from portal.aws import cloudformation
from portal.aws.sessions import AccountSession
from portal.findings.languages import Spoken, spoken
from portal.workflows import ledger
from portal.workflows.models import Intent
from portal.workflows.shapes import Done, Outcome, Pause, Settled, Wait, Work
from portal.workflows.states import IntentState
from portal.workflows.times import poll_seconds


@dataclass(frozen=True)
class SettleLaunch:
    """Waits until no stack of the launch can still appear: a call may have been on its way when it was cancelled."""

    name: str = "settle"

    def run(self, work: Work) -> Outcome:
        deployment = deployment_of(work)
        open_states = (IntentState.IN_FLIGHT, IntentState.UNKNOWN)
        loose = Intent.objects.filter(
            workflow__subject_id=deployment.pk, action="cloudformation:CreateStack", state__in=open_states
        )
        if not loose.exists():
            return _nothing_loose()
        look = look_session(work, "settle-launch", *STACK_LOOKS)
        for stack in current_stacks(deployment):
            if not stack.stack_id:
                self._adopt(stack, look)
        if all(ledger.window_is_over(intent) for intent in loose):
            loose.update(state=IntentState.REFUSED, error_code="Superseded")
            return _nothing_loose()
        return Wait(
            seconds=poll_seconds(), message=spoken(lambda: _("A stack may still appear; we wait until that is clear."))
        )

    def _adopt(self, stack: Stack, look: AccountSession) -> None:
        """A stack of ours that appeared although nobody read the answer."""
        fact = cloudformation.find_stack(look, stack.region, stack.name)
        if fact is not None:
            Stack.objects.filter(pk=stack.pk).update(stack_id=fact.id, status=fact.status)


@dataclass(frozen=True)
class DeleteStack:
    """One stack: done when CloudFormation says that it is gone."""

    kind: StackKind

    @property
    def name(self) -> str:
        return self.kind.name

    def run(self, work: Work) -> Outcome:
        deployment = deployment_of(work)
        found = [stack for stack in current_stacks(deployment) if stack.kind == self.kind.name and stack.stack_id]
        if not found:
            return Done(message=spoken(lambda: _("There is no stack %(name)s to delete.") % {"name": self.name}))
        choices = choices_of(deployment, plan_of(deployment))
        return self._delete(work, found[0], choices, look_session(work, f"watch-{self.kind.name}", *STACK_LOOKS))

    def _delete(self, work: Work, stack: Stack, choices: LaunchChoices, look: AccountSession) -> Outcome:
        fact = cloudformation.find_stack(look, stack.region, stack.stack_id)
        if fact is None:
            Stack.objects.filter(pk=stack.pk).update(status=GONE)
            return Done(message=_deleted(stack))
        events = cloudformation.stack_events(look, stack.region, stack.stack_id, known=stack.last_event_id)
        stack_record.record(work, stack, fact, events)
        effect = deletion(work, self.kind, stack, choices, look)
        if ledger.is_open(work, effect):
            # Sent before a crash: the ledger notes what became of it, whatever the stack's status says by now.
            settlement = ledger.perform(work, effect)
            if not isinstance(settlement, Settled):
                return after_settlement(settlement, _deleting(stack))
        if fact.status == GONE:
            return Done(message=_deleted(stack))
        if fact.status == "DELETE_IN_PROGRESS":
            return Wait(seconds=poll_seconds(), message=_deleting(stack))
        tried = Intent.objects.filter(workflow=work.workflow, key=effect.key, state=IntentState.DONE).exists()
        if tried and fact.status == "DELETE_FAILED":
            return Pause(message=_blocked(stack))
        return after_settlement(ledger.perform(work, effect), _deleting(stack))


def _nothing_loose() -> Done:
    return Done(message=spoken(lambda: _("No stack of the launch can appear any more.")))


def _deleted(stack: Stack) -> Spoken:
    return spoken(lambda: _("Stack %(name)s is deleted.") % {"name": stack.name})


def _deleting(stack: Stack) -> Spoken:
    return spoken(lambda: _("CloudFormation is deleting %(name)s.") % {"name": stack.name})


def _blocked(stack: Stack) -> Spoken:
    return spoken(
        lambda: (
            _("Something keeps %(name)s from being deleted. Remove what AWS names below, then press «Go on».")
            % {"name": stack.name}
        )
    )
