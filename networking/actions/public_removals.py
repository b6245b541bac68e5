"""The request to remove the public load balancer: opened by a proof of private access, decided by support, with a way
back.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from networking.endpoints import private_name
from networking.models import Peering, PrivateAccess, PublicRemoval, ReachProof
from networking.peering.standing import standing_of
from networking.reach.text import removal_text, restore_text
from networking.states import PUBLIC_REMOVAL_TRANSITIONS, PeeringState, PublicRemovalState
from onboarding.actions.versions import WrongStep, show_anew
from onboarding.letters import tell_people
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.accounts.models import User
from portal.accounts.refusals import ActionRefused
from portal.support.actions import close_ticket, open_ticket
from portal.support.states import TicketKind
from portal.workflows.journal import tell

#: How long a proof of private access counts.
PROOF_LASTS = timedelta(days=7)
#: Only one request of a deployment is in one of these.
STANDING = (PublicRemovalState.SUBMITTED, PublicRemovalState.REMOVED, PublicRemovalState.RESTORING)


class NotProven(ActionRefused):
    """Private access is not proven; the text says what lacks and what to do."""


def newest_proofs(deployment: Deployment) -> list[ReachProof]:
    """The newest result of the probe through each peering that is there, newest first. One query."""
    newest = ReachProof.objects.filter(peering=OuterRef("peering")).order_by("-at", "-pk").values("pk")[:1]
    rows = ReachProof.objects.filter(peering__deployment=deployment, pk=Subquery(newest)).order_by("-at")
    return list(rows.exclude(peering__state=PeeringState.REMOVED).select_related("peering"))


def proof_among(proofs: Sequence[ReachProof], public_host: str) -> ReachProof:
    """The one of the newest proofs on which a request may rest now. Raises NotProven."""
    if not public_host:
        raise NotProven(_("Give the public host name, then run the probe on a host in a peered VPC."))
    host = private_name(public_host)
    ours = [proof for proof in proofs if proof.host == host]
    # Those of which our own record says that they connect come first: the others are judged anew, one by one.
    likely = sorted(ours, key=lambda proof: proof.peering.state != PeeringState.CONNECTED)
    usable = next((proof for proof in likely if not _lack(proof)), None)
    if usable is None:
        raise NotProven(_lack(ours[0]) if ours else _("Run the probe on a host in a peered VPC first."))
    return usable


def _lack(proof: ReachProof) -> str:
    """Why the proof does not open the request; empty where it does."""
    words = {"label": proof.peering.label, "days": PROOF_LASTS.days}
    if not proof.proven:
        return _("The newest probe did not reach the endpoint. Mend what it shows, then run it again.")
    if proof.at < timezone.now() - PROOF_LASTS:
        return _("The proof is older than %(days)d days. Run the probe again.") % words
    if not _connects(proof.peering):
        said = _("The peering %(label)s is not connected end to end by what we saw. Finish its steps, then look again.")
        return said % words
    return ""


def _connects(peering: Peering) -> bool:
    """Whether we saw it connected, or all that we cannot see is stated to be done: the probe proves the rest."""
    return peering.state == PeeringState.CONNECTED or standing_of(peering).is_whole


def why_not(proofs: Sequence[ReachProof], public_host: str) -> str:
    """Why the public load balancer cannot be given up now, as a sentence; empty where it can."""
    try:
        proof_among(proofs, public_host)
    except NotProven as lacking:
        return str(lacking)
    return ""


def standing_removal(deployment: Deployment) -> PublicRemoval | None:
    """The request that stands, whoever's turn it is."""
    return PublicRemoval.objects.filter(deployment=deployment, state__in=STANDING).first()


@transaction.atomic
def ask_for_removal(*, deployment: Deployment, by: User) -> PublicRemoval:
    """Sends the request with its evidence to support; a second press gets the one that stands.

    Raises NotProven, or WrongStep before the deployment is ready.
    """
    deployment = Deployment.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=deployment.pk)
    if deployment.state != DeploymentState.READY:
        raise WrongStep(deployment.state)
    standing = standing_removal(deployment)
    if standing is not None:
        return standing
    access = PrivateAccess.objects.filter(deployment=deployment).first()
    proof = proof_among(newest_proofs(deployment), access.public_host if access else "")
    try:
        with transaction.atomic():
            row: PublicRemoval = PublicRemoval.objects.create(
                organisation_id=deployment.organisation_id, deployment=deployment, proof=proof, submitted_by=by
            )
    except IntegrityError:
        raise ActionRefused(_("Somebody sent the request before you. Nothing was changed.")) from None
    _open(row, "remove", by)
    return row


@transaction.atomic
def withdraw_removal(*, removal: PublicRemoval, by: User) -> None:
    """Takes an undecided request back. Raises ActionRefused when support was faster."""
    _move(removal, PublicRemovalState.WITHDRAWN)
    _close(removal, _("The customer withdrew the request."), by)
    _tell(removal, by)


@transaction.atomic
def decline_removal(*, removal: PublicRemoval, by: User, reason: str) -> None:
    """Support does not remove it. Raises ActionRefused when somebody decided before."""
    _move(removal, PublicRemovalState.DECLINED, decided_by=by, reason=reason)
    _close(removal, reason, by)
    _tell(removal, by)
    _write(removal, reason)


@transaction.atomic
def note_removed(*, removal: PublicRemoval, by: User, reason: str) -> None:
    """Support removed it. Raises ActionRefused when somebody decided before, or the peering no longer connects."""
    peering = removal.proof.peering
    peering.refresh_from_db(fields=["state"])
    if not _connects(peering):
        said = _("The peering %(label)s no longer connects: without the public load balancer nobody would get in.")
        raise ActionRefused(said % {"label": peering.label})
    _move(removal, PublicRemovalState.REMOVED, decided_by=by, reason=reason)
    _close(removal, reason, by)
    _tell(removal, by)
    _write(removal, reason)


@transaction.atomic
def ask_to_restore(*, removal: PublicRemoval, by: User) -> None:
    """Asks support to put it back; nothing has to be proven for that. Raises ActionRefused where it is not removed."""
    _move(removal, PublicRemovalState.RESTORING)
    _open(removal, "restore", by)


@transaction.atomic
def note_restored(*, removal: PublicRemoval, by: User, reason: str) -> None:
    """Support put it back. Raises ActionRefused when somebody did before."""
    _move(removal, PublicRemovalState.RESTORED, decided_by=by, reason=reason)
    _close(removal, reason, by)
    _tell(removal, by)
    _write(removal, reason)


def _move(removal: PublicRemoval, to: PublicRemovalState, **changes: Any) -> None:
    """One allowed transition, by a conditional update: of two people one finds nothing left to decide."""
    sources = [state for state, targets in PUBLIC_REMOVAL_TRANSITIONS.items() if to in targets]
    rows = PublicRemoval.objects.filter(pk=removal.pk, state__in=sources)
    if not rows.update(state=to, state_since=Now(), **changes):
        raise ActionRefused(_("Somebody decided this before you. Nothing was changed."))
    removal.refresh_from_db()
    show_anew(removal.deployment_id)


def _open(removal: PublicRemoval, what: str, by: User) -> None:
    """Opens the ticket for what support has to do now."""
    text = removal_text if what == "remove" else restore_text
    removal.ticket = open_ticket(
        key=f"public-balancer:{what}:{removal.pk}",
        kind=TicketKind.PUBLIC_BALANCER,
        organisation_id=removal.organisation_id,
        subject_id=removal.deployment_id,
        say=lambda: text(removal),
    )
    removal.save(update_fields=["ticket"])
    _tell(removal, by)
    show_anew(removal.deployment_id)


def _close(removal: PublicRemoval, reason: str, by: User) -> None:
    if removal.ticket is not None:
        close_ticket(ticket=removal.ticket, reason=reason, by=by)


def _tell(removal: PublicRemoval, by: User) -> None:
    def sentence() -> str:
        return {
            PublicRemovalState.SUBMITTED: _("Support was asked to remove the public load balancer."),
            PublicRemovalState.WITHDRAWN: _("The request to remove the public load balancer was withdrawn."),
            PublicRemovalState.DECLINED: _("Support did not remove the public load balancer: %(reason)s"),
            PublicRemovalState.REMOVED: _("Support removed the public load balancer."),
            PublicRemovalState.RESTORING: _("Support was asked to put the public load balancer back."),
            PublicRemovalState.RESTORED: _("Support put the public load balancer back."),
        }[PublicRemovalState(removal.state)] % {"reason": removal.reason}

    tell(
        f"public-balancer.{removal.state}",
        sentence,
        organisation=removal.organisation_id,
        subject_id=removal.deployment_id,
        by=by,
    )


def _write(removal: PublicRemoval, reason: str) -> None:
    """The letter on what support decided."""

    def subject() -> str:
        return {
            PublicRemovalState.DECLINED: _("the public load balancer stays"),
            PublicRemovalState.REMOVED: _("the public load balancer is removed"),
            PublicRemovalState.RESTORED: _("the public load balancer is back"),
        }[PublicRemovalState(removal.state)]

    def body() -> str:
        act = {
            PublicRemovalState.DECLINED: _(
                "Next: see what support says; you may ask again on the page of private access."
            ),
            PublicRemovalState.REMOVED: _(
                "Clients reach %(host)s only, through the peering. You can have it put back."
            ),
            PublicRemovalState.RESTORED: _("Clients reach the public name again; see that its IP allow list is right."),
        }[PublicRemovalState(removal.state)] % {"host": removal.proof.host}
        return "\n".join([_("Support says: %(reason)s") % {"reason": reason}, act])

    tell_people(removal.deployment, key=f"public-balancer:{removal.state}:{removal.pk}", subject=subject, body=body)
