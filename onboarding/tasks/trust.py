"""Waiting for the bootstrap roles and proving their trust with four probes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.checks.trust import Probe, ProbeKind, ProbeOutcome, TrustVerdict, check_probes, trust_verdict
from onboarding.tasks.subjects import connection_of, deployment_of, errand_of, look_session
from portal.aws.errors import BLOCKED, DENIED, AwsProblem, Refused, is_ours
from portal.aws.models import Connection
from portal.aws.sessions import POWERLESS, Errand, open_session, try_without_external_id, try_wrong_external_id
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
    """Done when the verifier role opens. Until then it is the customer's turn, and we look again by ourselves."""

    name: str = "roles"

    def run(self, work: Work) -> Outcome:
        try:
            look_session(work, "find-roles")
        except Refused as refusal:
            if refusal.code not in DENIED | BLOCKED:
                raise
            return Wait(
                seconds=backed_off(work.workflow.waits // 6, most=SLOWEST_LOOK),
                turn=Turn.YOU,
                message=spoken(
                    lambda: _("The roles are not there yet. Create the bootstrap stack; we notice it by ourselves.")
                ),
            )
        return Done(message=spoken(lambda: _("The roles are there. We prove now that only we can use them.")))


@dataclass(frozen=True)
class ProveTrust:
    """The four probes on both roles. Done only when both are proven; nothing else opens the next step."""

    name: str = "trust"

    def run(self, work: Work) -> Outcome:
        connection, errand = connection_of(work), errand_of(work, "prove-trust")
        probes = {role: probe_role(connection, role, errand) for role in connection.roles}
        arns = {role: connection.role_arn(role) for role in connection.roles}
        record_observation(
            organisation=connection.organisation,
            kind="trust",
            subject_id=work.workflow.subject_id,
            judge=lambda: [finding for role in probes for finding in check_probes(probes[role], role_arn=arns[role])],
            facts={role.value: [_written(probe) for probe in listed] for role, listed in probes.items()},
        )
        verdicts = {trust_verdict(listed) for listed in probes.values()}
        if TrustVerdict.INSECURE in verdicts:
            return _insecure(work)
        if verdicts == {TrustVerdict.PROVEN}:
            return _proven(work)
        if TrustVerdict.NOT_YET in verdicts and _overdue(work):
            return _refused_for_long(work) if connection.proven_at is None else lost_access(work)
        return _not_decided(work)


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


def _insecure(work: Work) -> Outcome:
    with transaction.atomic():
        leases.hold(work)
        Connection.objects.filter(pk=work.workflow.connection_id).update(
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
    try:
        with transaction.atomic():
            leases.hold(work)
            Connection.objects.filter(pk=work.workflow.connection_id).update(
                state=ConnectionState.PROVEN, proven_at=Now(), probed_at=Now()
            )
    except IntegrityError:
        return _claimed_twice(work)
    return Done(
        message=spoken(lambda: _("Trust is proven: only we can use the roles, and only with your External ID."))
    )


def _claimed_twice(work: Work) -> Outcome:
    deployment = deployment_of(work)
    account = work.workflow.connection.account_id
    open_ticket(
        key=f"claim:{account}:{deployment.organisation_id}",
        kind=TicketKind.ACCOUNT_CLAIM,
        organisation_id=deployment.organisation_id,
        subject_id=deployment.pk,
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
