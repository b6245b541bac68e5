"""What the customer says of their private endpoint: its public name, and what the probe printed on their side."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from networking.actions.balancers import access_of
from networking.endpoints import private_name, public_name
from networking.facts.strict_json import UnreadableFacts
from networking.models import Peering, PrivateAccess, ReachProof
from networking.reach.judge import is_proven, judge_result
from networking.reach.results import ReachResult, parse_result
from networking.states import PeeringState
from onboarding.actions.versions import Stale, WrongStep, show_anew
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.accounts.models import User
from portal.accounts.refusals import ActionRefused
from portal.workflows.journal import tell

#: The probe tells of now: what it printed longer ago is not taken. A clock may be some minutes fast.
OLDEST_RESULT = timedelta(days=1)
CLOCKS = timedelta(minutes=15)
#: Peerings through which nothing can be reached any more.
LEAVING = (PeeringState.REMOVING, PeeringState.REMOVED)


class ProofRefused(ActionRefused):
    """What was given is not taken as a result of the probe; the text says why. Nothing of it is stored."""


@transaction.atomic
def name_endpoint(*, deployment: Deployment, public_host: str, version: int, by: User) -> PrivateAccess:
    """Keeps the public host name in its canonical form. Raises Refused for what is none, Stale, WrongStep."""
    _ready(deployment)
    host = public_name(public_host)
    row = access_of(deployment)
    changed = PrivateAccess.objects.filter(pk=row.pk, version=version).update(
        public_host=host, version=F("version") + 1
    )
    row.refresh_from_db()
    if not changed:
        raise Stale(str(row.version))
    tell(
        "private-access.named",
        lambda: _("The public host name was given as %(host)s.") % {"host": host},
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
    )
    show_anew(deployment.pk)
    return row


@transaction.atomic
def take_proof(*, deployment: Deployment, peering: Peering, data: bytes, by: User) -> ReachProof:
    """Judges and keeps what the probe printed on a host in the target VPC of `peering`. It sets nothing else.

    Raises ProofRefused: it cannot be read, is of another name, or too old; WrongStep.
    """
    _ready(deployment)
    if peering.deployment_id != deployment.pk or peering.state in LEAVING:
        raise ProofRefused(_("This peering is being removed or is gone. Choose one that is there."))
    result = _fitting(deployment, data)
    proven = is_proven(judge_result(result))
    proof: ReachProof = ReachProof.objects.create(
        organisation_id=deployment.organisation_id,
        peering=peering,
        host=result.host,
        facts=result.stored(),
        proven=proven,
        by=by.email,
    )
    _tell_of(proof, by)
    show_anew(deployment.pk)
    return proof


def _ready(deployment: Deployment) -> None:
    deployment.refresh_from_db(fields=["state"])
    if deployment.state != DeploymentState.READY:
        raise WrongStep(deployment.state)


def _fitting(deployment: Deployment, data: bytes) -> ReachResult:
    """The result, once it is of this deployment's private name and of now. Raises ProofRefused."""
    access = access_of(deployment)
    if not access.public_host:
        raise ProofRefused(_("Give the public host name first: the probe is made for its private name."))
    try:
        result = parse_result(data)
    except UnreadableFacts as unreadable:
        raise ProofRefused(str(unreadable)) from unreadable
    wanted = private_name(access.public_host)
    if result.host != wanted:
        said = _("This is of %(found)s, but the private name here is %(wanted)s. Run the script of this page.")
        raise ProofRefused(said % {"found": result.host, "wanted": wanted})
    now = timezone.now()
    if not now - OLDEST_RESULT <= result.checked_at <= now + CLOCKS:
        said = _("The probe says that it ran at %(time)s UTC. Run it again and give us what it prints now.")
        raise ProofRefused(said % {"time": result.checked_at.strftime("%Y-%m-%d %H:%M")})
    return result


def _tell_of(proof: ReachProof, by: User) -> None:
    def sentence() -> str:
        words = {"host": proof.host, "label": proof.peering.label}
        if proof.proven:
            return _("A probe through the peering %(label)s reached %(host)s (stated by the customer).") % words
        return _("A probe through the peering %(label)s did not reach %(host)s (stated by the customer).") % words

    tell(
        "private-access.probed",
        sentence,
        organisation=proof.organisation_id,
        subject_id=proof.peering.deployment_id,
        by=by,
    )
