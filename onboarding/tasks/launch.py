"""The launch: trust proven again, the confirmed choices compared, then four stacks, one after the other."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from onboarding.models import Deployment, InfrastructurePlan, Stack
from onboarding.review import choices_of, plan_of, review_of
from onboarding.stacks.choices import LaunchChoices
from onboarding.stacks.kinds import StackKind, stacks_for
from onboarding.tasks import stack_record
from onboarding.tasks.brought_vpc import look_at_brought_vpc
from onboarding.tasks.stack_effects import GONE, creation, deletion
from onboarding.tasks.subjects import STACK_LOOKS, deployment_of, look_session
from portal.aws import cloudformation
from portal.aws.facts.stacks import StackEventFact, StackFact
from portal.aws.sessions import AccountSession
from portal.findings.languages import Spoken, spoken
from portal.workflows import ledger
from portal.workflows.models import Intent
from portal.workflows.shapes import (
    Declined,
    Done,
    HumanNeeded,
    Outcome,
    Pause,
    Puzzling,
    Refusal,
    Settled,
    Settlement,
    Unsettled,
    Wait,
    Work,
)
from portal.workflows.states import IntentState, Turn
from portal.workflows.times import poll_seconds


@dataclass(frozen=True)
class ConfirmedChoices:
    """Compares what was confirmed with what would be built; a difference ends the launch before anything is made."""

    name: str = "choices"

    def run(self, work: Work) -> Outcome:
        deployment = deployment_of(work)
        plan = plan_of(deployment)
        if plan.confirmed_hash and review_of(deployment, plan).content_hash == plan.confirmed_hash:
            return Done(message=spoken(lambda: _("The choices are exactly those that were confirmed.")))
        return Refusal(message=spoken(lambda: _("The choices are not the ones that were confirmed. Nothing was made.")))


@dataclass(frozen=True)
class LaunchStack:
    """One stack: done when CloudFormation says that it is complete, whoever made it so.

    A network that the customer brings is no stack; it is looked at in its place.
    """

    kind: StackKind

    @property
    def name(self) -> str:
        return self.kind.name

    def run(self, work: Work) -> Outcome:
        deployment = deployment_of(work)
        plan = plan_of(deployment)
        choices = choices_of(deployment, plan)
        if self.kind not in stacks_for(choices):
            return look_at_brought_vpc(work, deployment, plan)
        look = look_session(work, f"watch-{self.kind.name}", *STACK_LOOKS)
        stack = _current(deployment, plan, self.kind)
        blocking = _predecessor(stack)
        if blocking is not None:
            return self._clear(work, blocking, choices, look)
        if not stack.stack_id:
            return self._create(work, deployment, stack, choices, look)
        return self._watch(work, stack, look)

    def _clear(self, work: Work, broken: Stack, choices: LaunchChoices, look: AccountSession) -> Outcome:
        """Deletes the rolled-back stack whose name the next generation needs."""
        fact = cloudformation.find_stack(look, broken.region, broken.stack_id)
        if fact is None or fact.status == GONE:
            Stack.objects.filter(pk=broken.pk).update(status=GONE)
            return Wait(seconds=0)
        stack_record.record(work, broken, fact, _news(look, broken))
        effect = deletion(work, self.kind, broken, choices, look)
        if fact.in_progress and not ledger.is_open(work, effect):
            return Wait(seconds=poll_seconds(), message=_clearing(broken))
        tried = Intent.objects.filter(workflow=work.workflow, key=effect.key, state=IntentState.DONE).exists()
        if tried and fact.status == "DELETE_FAILED":
            return Pause(message=_failed(broken, fact))
        return after_settlement(ledger.perform(work, effect), _clearing(broken))

    def _create(
        self, work: Work, deployment: Deployment, stack: Stack, choices: LaunchChoices, look: AccountSession
    ) -> Outcome:
        effect = creation(work, self.kind, stack, choices, outputs_of(deployment), look)
        settlement = ledger.perform(work, effect)
        if isinstance(settlement, Settled):
            Stack.objects.filter(pk=stack.pk).update(stack_id=settlement.result["id"])
            stack.refresh_from_db()
            return self._watch(work, stack, look)
        return after_settlement(settlement, _making(stack))

    def _watch(self, work: Work, stack: Stack, look: AccountSession) -> Outcome:
        fact = cloudformation.find_stack(look, stack.region, stack.stack_id)
        if fact is None:
            return HumanNeeded(
                message=spoken(lambda: _("CloudFormation no longer knows stack %(name)s.") % {"name": stack.name})
            )
        stack_record.record(work, stack, fact, _news(look, stack))
        if fact.status in stack_record.COMPLETE:
            return Done(message=spoken(lambda: _("Stack %(name)s is complete.") % {"name": stack.name}))
        if fact.in_progress:
            return Wait(seconds=poll_seconds(), message=_working(stack, fact))
        return Pause(message=_failed(stack, fact))


def after_settlement(settlement: Settlement, message: Spoken) -> Outcome:
    """What a step answers when its effect is not simply there. AWS's words stay in the intent, for the page."""
    match settlement:
        case Declined():
            return Pause(
                message=spoken(
                    lambda: _("AWS refused the next step. Its words and what to do stand below. Then press «Go on».")
                )
            )
        case Puzzling(reason=reason):
            return HumanNeeded(message=reason)
        case Unsettled(seconds=seconds):
            return Wait(seconds=seconds, message=message, turn=Turn.AWS)
        case _:
            return Wait(seconds=poll_seconds(), message=message)


def outputs_of(deployment: Deployment) -> dict[str, dict[str, str]]:
    """The outputs of the stacks so far, by kind."""
    stacks = Stack.objects.filter(deployment=deployment).order_by("generation")
    return {stack.kind: stack.outputs for stack in stacks}


def _current(deployment: Deployment, plan: InfrastructurePlan, kind: StackKind) -> Stack:
    """The newest generation of a stack, the first one where there is none."""
    newest: Stack | None = Stack.objects.filter(deployment=deployment, kind=kind.name).order_by("-generation").first()
    if newest is not None:
        return newest
    fresh, _new = Stack.objects.get_or_create(
        deployment=deployment,
        kind=kind.name,
        generation=1,
        defaults={
            "organisation_id": deployment.organisation_id,
            "name": kind.stack_name(deployment.slug),
            "region": plan.region,
        },
    )
    return fresh


def _predecessor(stack: Stack) -> Stack | None:
    """The earlier generation that still holds the name."""
    earlier: Stack | None = (
        Stack.objects.filter(deployment_id=stack.deployment_id, kind=stack.kind, generation__lt=stack.generation)
        .exclude(stack_id="")
        .exclude(status=GONE)
        .first()
    )
    return earlier


def _news(look: AccountSession, stack: Stack) -> list[StackEventFact]:
    return cloudformation.stack_events(look, stack.region, stack.stack_id, known=stack.last_event_id)


def _making(stack: Stack) -> Spoken:
    return spoken(lambda: _("CloudFormation is making %(name)s.") % {"name": stack.name})


def _clearing(stack: Stack) -> Spoken:
    return spoken(lambda: _("CloudFormation is deleting what is left of %(name)s.") % {"name": stack.name})


def _working(stack: Stack, fact: StackFact) -> Spoken:
    """What AWS is doing with a stack that is not settled; a deletion in the middle of a launch is not ours."""
    if fact.status == "DELETE_IN_PROGRESS":
        return spoken(
            lambda: _("Somebody is deleting %(name)s in your account. We wait until it is gone.") % {"name": stack.name}
        )
    if "ROLLBACK" in fact.status:
        return spoken(lambda: _("%(name)s failed. AWS is taking back what it had made of it.") % {"name": stack.name})
    return _making(stack)


def _failed(stack: Stack, fact: StackFact) -> Spoken:
    if fact.status == GONE:
        return spoken(
            lambda: (
                _("%(name)s was deleted in your account. Press «Go on» to have it made again, or roll back.")
                % {"name": stack.name}
            )
        )
    if fact.status in {"DELETE_FAILED", "ROLLBACK_FAILED"}:
        return spoken(
            lambda: (
                _(
                    "AWS could not delete what is left of %(name)s. Do what stands beside AWS's words below, then press"
                    " «Go on»."
                )
                % {"name": stack.name}
            )
        )
    return spoken(
        lambda: (
            _("AWS could not make %(name)s. Do what stands beside AWS's words below, then press «Go on».")
            % {"name": stack.name}
        )
    )
