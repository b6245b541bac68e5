"""What failed, in AWS's own words, each with a remedy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from onboarding.aws_words import AwsWords
from onboarding.bootstrap.grants import RoleName
from onboarding.models import Deployment
from onboarding.remedies import Remedy, remedy_for
from onboarding.stack_views import ResourceView, StackView
from portal.workflows.models import Intent

#: More than these are aftermath.
SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One failure: what it struck, AWS's words about it, and what to do."""

    title: str | Promise
    name: str
    words: AwsWords
    remedy: Remedy
    type: str = ""
    at: datetime | None = None


def failures_of(stack: StackView, deployment: Deployment) -> tuple[Failure, ...]:
    """Why a stack is broken. Resources that AWS gave a code for go before those that it only gave up on."""
    if not stack.broken:
        return ()
    struck = [(one, AwsWords.of_reason(one.reason)) for one in stack.resources if one.reason]
    causes = [(one, words) for one, words in struck if words.codes] or struck
    if not causes and stack.reason:
        return (_of_stack(stack, deployment),)
    return tuple(_of_resource(stack, one, words, deployment) for one, words in causes[:SHOWN])


def _of_resource(stack: StackView, one: ResourceView, words: AwsWords, deployment: Deployment) -> Failure:
    return Failure(
        title=one.title,
        name=one.physical_id or one.logical_id,
        words=words,
        remedy=remedy_for(words, one.type, deployment, role=RoleName.DEPLOYMENT, region=stack.region),
        type=one.type,
        at=one.changed,
    )


def _of_stack(stack: StackView, deployment: Deployment) -> Failure:
    words = AwsWords.of_reason(stack.reason)
    remedy = remedy_for(words, "", deployment, role=RoleName.DEPLOYMENT, region=stack.region)
    return Failure(title=stack.title, name=stack.name, words=words, remedy=remedy, at=stack.ended)


def refusals(intents: Iterable[Intent], deployment: Deployment, region: str) -> tuple[Failure, ...]:
    """Calls of ours that AWS refused."""
    found = []
    for intent in intents:
        words = AwsWords.of_refusal(intent.error_code, intent.error_text, intent.request_id)
        remedy = remedy_for(words, "", deployment, role=RoleName.MANAGEMENT, region=region)
        found.append(Failure(title=intent.action, name=intent.key, words=words, remedy=remedy, at=intent.sent_at))
    return tuple(found)
