"""The five-fact request: sent with its evidence, approved or asked back by support, withdrawn when it changes."""

import hmac
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from networking.checks.catalogue import entry
from networking.models import VpcRequest
from networking.requests.proofs import Proof, saved_plan
from networking.requests.text import request_text
from networking.states import VPC_REQUEST_TRANSITIONS, VpcRequestState
from onboarding import actions as onboarding
from onboarding.actions.versions import Stale, WrongStep, touch
from onboarding.brought_vpc import FiveFacts, five_facts
from onboarding.letters import tell_people
from onboarding.models import Deployment
from onboarding.review import Incomplete
from onboarding.states import DeploymentState
from portal.accounts.models import User
from portal.accounts.refusals import ActionRefused
from portal.support.actions import close_ticket, open_ticket
from portal.support.states import TicketKind
from portal.workflows.journal import tell

HERE = (DeploymentState.INFRASTRUCTURE,)
#: A request for the same facts in one of these states needs no second one.
STANDING = (VpcRequestState.SUBMITTED, VpcRequestState.APPROVED)


class NotReady(ActionRefused):
    """The VPC cannot be sent to support as it is; the text says why and what to do."""


@transaction.atomic
def submit_vpc(*, deployment: Deployment, version: int, by: User) -> VpcRequest:
    """Sends the plan's five facts to support, with the newest look at them; the former request is withdrawn.

    The same facts are sent once: a second press gets the request that stands. Raises Stale, WrongStep, or NotReady when
    something is not chosen, was not looked at, or breaks a rule.
    """
    deployment = (
        Deployment.objects.select_for_update(of=("self",))
        .select_related("organisation", "connection")
        .get(pk=deployment.pk)
    )
    if deployment.state not in HERE:
        raise WrongStep(deployment.state)
    facts = _facts(deployment)
    standing = _live(deployment).filter(state__in=STANDING, content_hash=facts.content_hash).first()
    if standing is not None:
        return _same(standing)
    proof = _sound(deployment, facts)
    touch(deployment, version=version, steps=HERE)
    withdraw_requests(deployment=deployment, by=by)
    request = _request(deployment, facts, proof, by)
    onboarding.note_vpc_sent(deployment=deployment, content_hash=facts.content_hash)
    tell(
        "vpc.requested",
        lambda: _("Support was asked to approve %(vpc)s.") % {"vpc": facts.vpc_id},
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
    )
    return request


def why_not(deployment: Deployment) -> str:
    """Why the facts of this moment cannot be sent to support, as a sentence; empty where they can be."""
    try:
        _sound(deployment, _facts(deployment))
    except NotReady as reason:
        return str(reason)
    return ""


def _same(standing: Any) -> VpcRequest:
    request: VpcRequest = standing
    return request


def _facts(deployment: Deployment) -> FiveFacts:
    try:
        return five_facts(deployment, saved_plan(deployment))
    except Incomplete:
        raise NotReady(_("Choose the VPC and its private subnets first, then send them to support.")) from None


def _sound(deployment: Deployment, facts: FiveFacts) -> Proof:
    """The proof of facts that may be sent: looked at, and no rule broken. Unknowns and what is stated may go along."""
    proof = Proof.of(deployment, facts)
    if not proof.looks:
        raise NotReady(
            _("Nobody has looked at %(vpc)s with exactly these subnets yet. Look at it, or upload a facts file, first.")
            % {"vpc": facts.vpc_id}
        )
    if proof.failed:
        rules = ", ".join(dict.fromkeys(str(entry(finding.code).title) for finding in proof.failed))
        raise NotReady(
            _("%(vpc)s breaks rules: %(rules)s. Mend that, look again, then send it to support.")
            % {"vpc": facts.vpc_id, "rules": rules}
        )
    return proof


def _request(deployment: Deployment, facts: FiveFacts, proof: Proof, by: User) -> VpcRequest:
    request: VpcRequest = VpcRequest.objects.create(
        organisation_id=deployment.organisation_id,
        deployment=deployment,
        observation=proof.observation,
        account_id=facts.account_id,
        region=facts.region,
        vpc_id=facts.vpc_id,
        subnet_ids=list(facts.subnet_ids),
        zones=[{"name": zone.name, "id": zone.id} for zone in facts.zones],
        content_hash=facts.content_hash,
        submitted_by=by,
    )
    request.ticket = open_ticket(
        key=f"vpc:{request.pk}",
        kind=TicketKind.VPC_APPROVAL,
        organisation_id=deployment.organisation_id,
        subject_id=deployment.pk,
        # Judged anew in each language: a look keeps facts, not sentences.
        say=lambda: request_text(deployment, facts, Proof.of(deployment, facts)),
    )
    request.save(update_fields=["ticket"])
    return request


def _live(deployment: Deployment) -> Any:
    return VpcRequest.objects.filter(deployment=deployment).exclude(state=VpcRequestState.WITHDRAWN)


@transaction.atomic
def withdraw_requests(*, deployment: Deployment, by: User | str, reason: str = "") -> int:
    """Takes back what was sent of this deployment, decided or not; returns how many there were. `reason` is for
    support, by default that the customer did it.
    """
    withdrawn = [request for request in _live(deployment) if _move(request, VpcRequestState.WITHDRAWN)]
    for request in withdrawn:
        _close(request, reason or _("The customer withdrew the request."), by)
        _tell(request, "vpc.withdrawn", by)
    if withdrawn:
        onboarding.note_vpc_sent(deployment=deployment, content_hash="")
    return len(withdrawn)


@transaction.atomic
def approve_request(*, request: VpcRequest, by: User, reason: str) -> None:
    """Approves the five facts as they were sent. Raises ActionRefused when somebody decided before, or the customer
    chose something else since.
    """
    deployment = _deployment(request)
    _decide(request, VpcRequestState.APPROVED, by, reason)
    _still_the_plans(deployment, request)
    try:
        onboarding.approve_vpc(deployment=deployment, content_hash=request.content_hash, by=by)
    except (Stale, WrongStep, Incomplete) as changed:
        raise ActionRefused(_others()) from changed
    _close(request, reason, by)
    tell_people(
        deployment,
        key=f"vpc-approved:{request.pk}",
        subject=lambda: _("your turn: review and confirm, the VPC is approved"),
        body=lambda: (
            _("Support approved %(vpc)s in %(region)s. Review the choices and start the launch.")
            % {"vpc": request.vpc_id, "region": request.region}
            + "\n"
            + _said(reason)
        ),
    )


@transaction.atomic
def ask_back(*, request: VpcRequest, by: User, reason: str) -> None:
    """Gives the request back with a question. Raises ActionRefused when somebody decided before."""
    deployment = _deployment(request)
    _decide(request, VpcRequestState.ASKED_BACK, by, reason)
    _close(request, reason, by)
    _tell(request, "vpc.asked_back", by)
    onboarding.note_vpc_sent(deployment=deployment, content_hash="")
    tell_people(
        deployment,
        key=f"vpc-asked-back:{request.pk}",
        subject=lambda: _("your turn: support has a question about the VPC"),
        body=lambda: (
            _said(reason)
            + "\n"
            + _("Next: change what is asked for, look at %(vpc)s again and send it to support once more.")
            % {"vpc": request.vpc_id}
        ),
    )


def _said(reason: str) -> str:
    return _("Support says: %(reason)s") % {"reason": reason}


def _deployment(request: VpcRequest) -> Deployment:
    """The deployment as it is now, locked: a choice and a decision at the same moment queue up here."""
    rows = Deployment.objects.select_for_update(of=("self",)).select_related("organisation", "connection")
    found: Deployment = rows.get(pk=request.deployment_id)
    return found


def _decide(request: VpcRequest, to: VpcRequestState, by: User, reason: str) -> None:
    if not _move(request, to, decided_at=Now(), decided_by=by, reason=reason):
        raise ActionRefused(
            _("Somebody decided this request before, or the customer withdrew it. Nothing was changed.")
        )


def _still_the_plans(deployment: Deployment, request: VpcRequest) -> None:
    try:
        now = five_facts(deployment, saved_plan(deployment)).content_hash
    except Incomplete:
        now = ""
    if deployment.state not in HERE or not hmac.compare_digest(now, request.content_hash):
        raise ActionRefused(_others())


def _others() -> str:
    return _("The five facts of this request are no longer what the customer chose. Nothing was changed.")


def _move(request: VpcRequest, to: VpcRequestState, **changes: Any) -> bool:
    """One allowed transition, by a conditional update: of two deciders one finds nothing left to decide."""
    sources = [state for state, targets in VPC_REQUEST_TRANSITIONS.items() if to in targets]
    moved = VpcRequest.objects.filter(pk=request.pk, state__in=sources).update(state=to, **changes)
    if moved:
        request.refresh_from_db(fields=["state", *changes])
    return bool(moved)


def _close(request: VpcRequest, reason: str, by: User | str) -> None:
    if request.ticket is not None:
        close_ticket(ticket=request.ticket, reason=reason, by=by)


def _tell(request: VpcRequest, code: str, by: User | str) -> None:
    def sentence() -> str:
        said = {
            "vpc.asked_back": _("Support has a question about %(vpc)s: %(reason)s"),
            "vpc.withdrawn": _("The request to approve %(vpc)s was withdrawn."),
        }
        return said[code] % {"vpc": request.vpc_id, "reason": request.reason}

    tell(code, sentence, organisation=request.organisation_id, subject_id=request.deployment_id, by=by)
