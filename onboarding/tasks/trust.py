"""Waiting for the roles that a customer deploys for us, and proving their trust with four probes on each.

The same for a deployment's bootstrap roles and for the one role in an account that is peered with.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.checks.trust import Probe, ProbeKind, ProbeOutcome, TrustVerdict, check_probes, trust_verdict
from onboarding.tasks.subjects import connection_of, errand_of
from onboarding.tasks.trust_words import words_of
from portal.aws.claims import is_claimed_elsewhere
from portal.aws.errors import BLOCKED, DENIED, AwsProblem, Refused, is_ours
from portal.aws.models import Connection
from portal.aws.sessions import (
    POWERLESS,
    UNUSABLE,
    Errand,
    open_session,
    try_without_external_id,
    try_wrong_external_id,
)
from portal.aws.states import ConnectionState, RoleKind
from portal.findings.languages import spoken
from portal.findings.models.observations import record_observation
from portal.support.actions import open_ticket
from portal.support.states import TicketKind
from portal.workflows import leases
from portal.workflows.runner import lost_access
from portal.workflows.shapes import Done, Outcome, Pause, Refusal, Wait, Work
from portal.workflows.states import Turn
from portal.workflows.times import backed_off

#: Seconds between two looks for a role that nobody has made yet, at most.
SLOWEST_LOOK = 60.0


@dataclass(frozen=True)
class FindRoles:
    """Done when the first role opens. Until then it is the customer's turn, and we look again by ourselves."""

    name: str = "roles"

    def run(self, work: Work) -> Outcome:
        connection = connection_of(work)
        words = words_of(connection)
        try:
            open_session(connection, connection.roles[0], errand=errand_of(work, "find-roles"), policy=POWERLESS)
        except Refused as refusal:
            if refusal.code not in DENIED | BLOCKED:
                raise
            return Wait(
                seconds=backed_off(work.workflow.waits // 6, most=SLOWEST_LOOK),
                turn=Turn.YOU,
                message=spoken(words.absent),
            )
        return Done(message=spoken(words.found))


@dataclass(frozen=True)
class ProveTrust:
    """The four probes on every role. Done only when all are proven; nothing else opens the next step."""

    name: str = "trust"

    def run(self, work: Work) -> Outcome:
        connection = connection_of(work)
        verdicts = assess(work, connection)
        if TrustVerdict.INSECURE in verdicts:
            return insecure(work, connection)
        if verdicts == {TrustVerdict.PROVEN}:
            return _proven(work)
        if TrustVerdict.NOT_YET in verdicts and _overdue(work):
            return _refused_for_long(work) if connection.proven_at is None else lost_access(work)
        return _not_decided(work)


def regained(work: Work) -> Outcome | None:
    """Proves the work's own link anew where its trust does not count any more: access was lost and is back, or a role
    let others in. None once it is proven; else what the step answers instead of doing anything.
    """
    if connection_of(work).state == ConnectionState.PROVEN:
        return None
    outcome = ProveTrust().run(work)
    return None if isinstance(outcome, Done) else outcome


def assess(work: Work, connection: Connection) -> set[TrustVerdict]:
    """Probes every role of a link, keeps what came of it, and says what it proves."""
    errand, words = errand_of(work, "prove-trust"), words_of(connection)
    probes = {role: probe_role(connection, role, errand) for role in connection.roles}
    arns = {role: connection.role_arn(role) for role in connection.roles}
    record_observation(
        organisation=connection.organisation,
        kind=words.kind,
        subject_id=words.subject(work.workflow, connection),
        judge=lambda: [finding for role in probes for finding in check_probes(probes[role], role_arn=arns[role])],
        facts={role.value: [_written(probe) for probe in listed] for role, listed in probes.items()},
    )
    return {trust_verdict(listed) for listed in probes.values()}


def probe_role(connection: Connection, role: RoleKind, errand: Errand) -> tuple[Probe, ...]:
    """Right, none, wrong, right again; the rest is left out when the first right one is refused."""
    right: Callable[[], object] = lambda: open_session(connection, role, errand=errand, policy=POWERLESS)  # noqa: E731
    first = _probe(ProbeKind.RIGHT, right)
    if first.outcome is not ProbeOutcome.ASSUMED:
        return (first,)
    return (
        first,
        _probe(ProbeKind.NONE, lambda: try_without_external_id(connection, role, errand=errand)),
        _probe(ProbeKind.WRONG, lambda: try_wrong_external_id(connection, role, errand=errand)),
        _probe(ProbeKind.RIGHT_AGAIN, right),
    )


def _probe(kind: ProbeKind, attempt: Callable[[], object]) -> Probe:
    try:
        attempt()
    except AwsProblem as problem:
        if is_ours(problem):
            raise
        if isinstance(problem, Refused):
            return _unsuccessful(kind, ProbeOutcome.REFUSED, problem)
        return _unsuccessful(kind, ProbeOutcome.UNCLEAR, problem)
    return Probe(kind=kind, outcome=ProbeOutcome.ASSUMED)


def _unsuccessful(kind: ProbeKind, outcome: ProbeOutcome, problem: AwsProblem) -> Probe:
    return Probe(kind=kind, outcome=outcome, error_code=problem.code, request_id=problem.request_id)


def _written(probe: Probe) -> dict[str, str]:
    return {
        "kind": probe.kind.value,
        "outcome": probe.outcome.value,
        "error_code": probe.error_code,
        "request_id": probe.request_id,
    }


def insecure(work: Work, connection: Connection) -> Pause:
    """A role lets in whoever asks: no work in that account until its trust policy is corrected."""
    with transaction.atomic():
        leases.hold(work)
        Connection.objects.filter(pk=connection.pk).exclude(state__in=UNUSABLE).update(
            state=ConnectionState.INSECURE, probed_at=Now()
        )
    return Pause(
        message=spoken(
            lambda: _("A role opens without the right External ID. Correct its trust policy, then press «Look again».")
        )
    )


def _not_decided(work: Work) -> Outcome:
    return Wait(
        seconds=backed_off(work.workflow.waits),
        turn=Turn.AWS,
        message=spoken(lambda: _("Not yet: AWS has not spread the new roles everywhere. We look again by ourselves.")),
    )


def _overdue(work: Work) -> bool:
    """Whether a role refuses us for longer than AWS takes to spread a new one; once said, it stays so."""
    workflow = work.workflow
    if workflow.turn == Turn.YOU:
        return True
    patience = timedelta(seconds=settings.WORKFLOW["trust_patience"])
    return workflow.turn == Turn.AWS and timezone.now() - workflow.turn_since > patience


def _refused_for_long(work: Work) -> Outcome:
    """The customer's turn, and we look on: what is in the way stands in the role and not in AWS's spreading."""
    return Wait(
        seconds=backed_off(work.workflow.waits, most=SLOWEST_LOOK),
        turn=Turn.YOU,
        message=spoken(
            lambda: _("Not yet: a role still refuses us. Compare its trust policy with the one shown; we look on.")
        ),
    )


def _proven(work: Work) -> Outcome:
    """Marks the connection proven. A second tenant that proves an active account is refused without a hint why."""
    connection = connection_of(work)
    try:
        claimed = not hold_proven(work, connection)
    except IntegrityError:
        claimed = True
    return _claimed_twice(work) if claimed else Done(message=spoken(words_of(connection).proven))


@transaction.atomic
def hold_proven(work: Work, connection: Connection) -> bool:
    """Marks a link proven at this moment; False, and nothing changed, where another tenant has proven the account or
    the link was closed or locked meanwhile. Raises IntegrityError where another link of the same purpose holds it.
    """
    leases.hold(work)
    if is_claimed_elsewhere(connection):
        return False
    usable = Connection.objects.filter(pk=connection.pk).exclude(state__in=UNUSABLE)
    return bool(usable.update(state=ConnectionState.PROVEN, proven_at=Now(), probed_at=Now()))


def _claimed_twice(work: Work) -> Outcome:
    connection, subject = connection_of(work), work.workflow.subject_id
    account = connection.account_id
    open_ticket(
        key=f"claim:{account}:{connection.organisation_id}",
        kind=TicketKind.ACCOUNT_CLAIM,
        organisation_id=connection.organisation_id,
        subject_id=subject,
        say=lambda: _("Two organisations have proven AWS account %(account)s.") % {"account": account},
        workflow=work.workflow,
    )
    return Refusal(
        message=spoken(
            lambda: (
                _("Account %(account)s could not be verified. Support has been told and writes to you.")
                % {"account": account}
            )
        )
    )
