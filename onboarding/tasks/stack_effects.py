"""The two effects of a stack: created once, deleted once."""

from collections.abc import Mapping

from onboarding.models import Stack
from onboarding.stacks.choices import LaunchChoices
from onboarding.stacks.kinds import StackKind
from onboarding.stacks.naming import DEPLOYMENT_ROLE, INTENT_TAG, role_arn, stack_tags
from onboarding.tasks.subjects import write_session
from portal.aws import cloudformation
from portal.aws.facts.stacks import StackFact
from portal.aws.sessions import AccountSession
from portal.workflows.models import Intent
from portal.workflows.shapes import Effect, Sighting, Work
from portal.workflows.states import EffectClass

GONE = "DELETE_COMPLETE"


def creation(
    work: Work, kind: StackKind, stack: Stack, choices: LaunchChoices, outputs: Mapping[str, Mapping[str, str]],
    look: AccountSession,
) -> Effect:  # fmt: skip
    """CreateStack. The stack's name is its natural key and the intent its client token."""
    account, region = choices.account_id, choices.region
    template, parameters = kind.template(choices.profile), dict(kind.parameters(choices, outputs))

    def request(intent: Intent) -> cloudformation.StackRequest:
        return cloudformation.StackRequest(
            name=stack.name,
            template=template,
            parameters=parameters,
            capabilities=kind.capabilities,
            tags=stack_tags(choices.slug, str(intent.pk)),
            role_arn=role_arn(account, DEPLOYMENT_ROLE),
        )

    def call(intent: Intent) -> Mapping[str, str]:
        session = write_session(work, f"create-{kind.name}", kind.session_policy(account, region, choices.slug), region)
        return cloudformation.create_stack(session, region, request(intent), intent_id=intent.pk)

    return Effect(
        key=f"stack:{kind.name}:create:{stack.generation}",
        action="cloudformation:CreateStack",
        effect_class=EffectClass.TOKEN,
        request={"stack": stack.name, "region": region, "parameters": parameters, "template": template},
        observe=lambda intent: _sighting(cloudformation.find_stack(look, region, stack.name), intent),
        call=call,
        taken_codes=frozenset({"AlreadyExistsException"}),
    )


def _sighting(fact: StackFact | None, intent: Intent) -> Sighting:
    """A stack of that name is ours when it carries the intent's tag; any other one is a stranger."""
    if fact is None or fact.status == GONE:
        return Sighting()
    if any(tag.key == INTENT_TAG and tag.value == str(intent.pk) for tag in fact.tags):
        return Sighting(ours=({"id": fact.id},))
    return Sighting(strangers=(fact.id,))


def deletion(work: Work, kind: StackKind, stack: Stack, choices: LaunchChoices, look: AccountSession) -> Effect:
    """DeleteStack by id: AWS itself makes a second one harmless."""
    account, region = choices.account_id, choices.region

    def observe(_intent: Intent) -> Sighting:
        fact = cloudformation.find_stack(look, region, stack.stack_id)
        gone = fact is None or fact.status in {GONE, "DELETE_IN_PROGRESS"}
        return Sighting(ours=({"id": stack.stack_id},)) if gone else Sighting()

    def call(intent: Intent) -> Mapping[str, str]:
        session = write_session(work, f"delete-{kind.name}", kind.session_policy(account, region, choices.slug), region)
        return cloudformation.delete_stack(
            session, region, stack.stack_id, intent_id=intent.pk, role_arn=role_arn(account, DEPLOYMENT_ROLE)
        )

    return Effect(
        key=f"stack:{kind.name}:delete:{stack.generation}:{work.workflow.data.get('round', 0)}",
        action="cloudformation:DeleteStack",
        effect_class=EffectClass.NATURAL,
        request={"stack": stack.stack_id, "region": region},
        observe=observe,
        call=call,
    )
