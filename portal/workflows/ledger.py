"""The ledger protocol: each intent has at most one live effect.

1. The intent is committed.
2. It is committed as sent (`in_flight`), with the fence of the lease.
3. The effect is looked for; what carries our tag is adopted.
4. The call is made once, by a client that never repeats.
5. The result is committed, on condition that the fence is still ours.
6. Whatever is unclear becomes `unknown` and is looked for until the window closes; only then is it sent again.

No AWS call happens inside a database transaction: every commit below is durable or an error.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from portal.aws.errors import EXPIRED, SKEWED, AwsProblem, Throttled, Unclear
from portal.aws.sessions import DoorClosed, WrongAccount, sending
from portal.findings.languages import spoken
from portal.workflows import leases
from portal.workflows.models import Intent, Workflow
from portal.workflows.shapes import Declined, Effect, Puzzling, Settled, Settlement, Sighting, Unsettled, Work
from portal.workflows.states import EffectClass, IntentState

#: How often one intent is sent before a human looks.
MOST_SENDS = 3
#: AWS itself refuses or remembers a second call of these classes, so that a short window is enough.
REPEATABLE = (EffectClass.NATURAL, EffectClass.TOKEN)
#: The call was sent, or may have been, and what became of it is not noted yet.
LOOSE = (IntentState.IN_FLIGHT, IntentState.UNKNOWN)


def perform(work: Work, effect: Effect) -> Settlement:
    """Brings `effect` about once. Raises LeaseLost; AWS's answers become the settlement."""
    intent = _recall(work, effect)
    if intent.request_hash != fingerprint(effect.request):
        return Puzzling(spoken(lambda: _("The same step was planned before with other values.")))
    if intent.state == IntentState.DONE:
        return Settled(intent.result, intent.adopted)
    if intent.state == IntentState.REFUSED:
        return Declined(intent.error_code, intent.error_text, intent.request_id)
    if intent.state == IntentState.PLANNED:
        return _send(work, effect, intent)
    return _search(work, effect, intent)


def is_open(work: Work, effect: Effect) -> bool:
    """Whether the call of `effect` was sent and nobody has noted yet what became of it."""
    return Intent.objects.filter(workflow=work.workflow, key=effect.key, state__in=LOOSE).exists()


def fingerprint(request: Mapping[str, Any]) -> str:
    """SHA-256 of a request's canonical JSON."""
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()


def reopen(workflow: Workflow) -> int:
    """Plans refused intents of a workflow again, after the cause was mended; returns how many."""
    return Intent.objects.filter(workflow=workflow, state=IntentState.REFUSED).update(
        state=IntentState.PLANNED, sends=0, looks=0, error_code="", error_text=""
    )


def let_send_again(workflow: Workflow) -> int:
    """A human has looked: what left no trace until its window closed may be sent again; returns how many.

    Each is looked for once more before it is sent.
    """
    lost = [intent.pk for intent in Intent.objects.filter(workflow=workflow, state__in=LOOSE) if window_is_over(intent)]
    return Intent.objects.filter(pk__in=lost).update(state=IntentState.PLANNED, sends=0, looks=0)


def _recall(work: Work, effect: Effect) -> Intent:
    """The committed intent of this effect. Raises LeaseLost."""
    known: Intent | None = Intent.objects.filter(workflow=work.workflow, key=effect.key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic(durable=True):
            leases.hold(work)
            fresh: Intent = Intent.objects.create(
                organisation_id=work.workflow.organisation_id,
                workflow=work.workflow,
                key=effect.key,
                action=effect.action,
                effect_class=effect.effect_class,
                request_hash=fingerprint(effect.request),
            )
            return fresh
    except IntegrityError:
        raise leases.LeaseLost(str(work.workflow.pk)) from None


def _send(work: Work, effect: Effect, intent: Intent) -> Settlement:
    """Commits the intent as sent, looks once, then calls once.

    The lease is held again at the last moment, after the session is open: a run that was cancelled or overtaken in
    between raises LeaseLost instead of sending.
    """
    _commit_in_flight(work, intent)
    try:
        found = _look(work, effect, intent)
    except AwsProblem:
        _plan_again(work, intent)
        raise
    if found is not None:
        return found
    try:
        with sending(lambda: leases.hold(work)):
            result = effect.call(intent)
    except (DoorClosed, WrongAccount):
        _plan_again(work, intent)
        raise
    except AwsProblem as problem:
        return _after_problem(work, effect, intent, problem)
    return _settle(work, intent, dict(result), adopted=False)


def _after_problem(work: Work, effect: Effect, intent: Intent, problem: AwsProblem) -> Settlement:
    """What a call that did not end well leaves behind."""
    if problem.operation.startswith("sts:AssumeRole") or problem.code in SKEWED:
        # The session did not open, so the call was never sent; or our own clock made AWS turn it away at the door.
        _plan_again(work, intent)
        raise problem
    if isinstance(problem, Throttled):
        return _plan_again(work, intent)
    if isinstance(problem, Unclear):
        _note(work, intent, IntentState.UNKNOWN, problem)
        return Unsettled(settings.WORKFLOW["window_first"])
    return _refused(work, effect, intent, problem)


def _search(work: Work, effect: Effect, intent: Intent) -> Settlement:
    """The call was sent and its fate is unknown: look until the window closes, then decide."""
    _note(work, intent, IntentState.UNKNOWN, None)
    found = _look(work, effect, intent)
    if found is not None:
        return found
    if not window_is_over(intent):
        return Unsettled(_next_look(intent))
    if effect.effect_class == EffectClass.DANGEROUS or intent.sends >= MOST_SENDS:
        return Puzzling(
            spoken(
                lambda: (
                    _("%(action)s was sent and left no trace. A human decides whether to send it again.")
                    % {"action": effect.action}
                )
            )
        )
    return _send(work, effect, intent)


def _look(work: Work, effect: Effect, intent: Intent) -> Settlement | None:
    """Looks for the effect; None when it is not there."""
    sighting: Sighting = effect.observe(intent)
    if len(sighting.ours) > 1:
        names = tuple(str(item.get("id", item)) for item in sighting.ours)
        return Puzzling(
            spoken(lambda: _("Two objects carry the mark of one step: %(ids)s.") % {"ids": ", ".join(names)}),
            names,
        )
    if sighting.ours:
        return _settle(work, intent, dict(sighting.ours[0]), adopted=True)
    if sighting.strangers:
        names = sighting.strangers
        return Puzzling(
            spoken(
                lambda: (
                    _("%(ids)s stands where this step would make its own, and is not ours.") % {"ids": ", ".join(names)}
                )
            ),
            names,
        )
    return None


def _refused(work: Work, effect: Effect, intent: Intent, refusal: AwsProblem) -> Settlement:
    if refusal.code in EXPIRED:
        return _plan_again(work, intent)
    if refusal.code in effect.taken_codes:
        found = _look(work, effect, intent)
        if found is not None:
            return found
        _note(work, intent, IntentState.UNKNOWN, refusal)
        return Unsettled(_next_look(intent))
    _note(work, intent, IntentState.REFUSED, refusal)
    return Declined(refusal.code, refusal.text, refusal.request_id)


def window_is_over(intent: Intent) -> bool:
    """Whether an effect that was sent would have become visible by now; by the database's clock, as the lease."""
    window = settings.WORKFLOW["window"]
    if intent.effect_class in REPEATABLE:
        window = min(window, 5 * settings.WORKFLOW["window_first"])
    return not Intent.objects.filter(pk=intent.pk, sent_at__gt=Now() - timedelta(seconds=window)).exists()


def _next_look(intent: Intent) -> float:
    """2 s, ×1.7 each look, at most 30 s."""
    grown = settings.WORKFLOW["window_first"] * settings.WORKFLOW["window_factor"] ** min(intent.looks, 12)
    return float(min(grown, 30.0))


def _commit_in_flight(work: Work, intent: Intent) -> None:
    with transaction.atomic(durable=True):
        leases.hold(work)
        Intent.objects.filter(pk=intent.pk).update(
            state=IntentState.IN_FLIGHT, fence=work.fence, sends=F("sends") + 1, looks=0, sent_at=Now()
        )
    intent.refresh_from_db()


def _settle(work: Work, intent: Intent, result: dict[str, Any], *, adopted: bool) -> Settled:
    request_id = str(result.get("request_id", ""))
    with transaction.atomic(durable=True):
        leases.hold(work)
        Intent.objects.filter(pk=intent.pk).update(
            state=IntentState.DONE, result=result, adopted=adopted, request_id=request_id, settled_at=Now()
        )
    return Settled(result, adopted)


def _plan_again(work: Work, intent: Intent) -> Unsettled:
    """AWS changed nothing and asked for patience."""
    with transaction.atomic(durable=True):
        leases.hold(work)
        Intent.objects.filter(pk=intent.pk).update(state=IntentState.PLANNED, sends=F("sends") - 1)
    return Unsettled(settings.WORKFLOW["window_first"] * 2)


def _note(work: Work, intent: Intent, state: IntentState, problem: AwsProblem | None) -> None:
    changes: dict[str, Any] = {"state": state, "looks": F("looks") + 1}
    if problem is not None:
        changes |= {
            "error_code": problem.code[:80],
            "error_text": problem.text,
            "request_id": problem.request_id[:80],
        }
    with transaction.atomic(durable=True):
        leases.hold(work)
        Intent.objects.filter(pk=intent.pk).update(**changes)
    intent.refresh_from_db()
