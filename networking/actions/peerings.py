"""What people do with peerings: register one, begin its connection anew, say that a step is done, ask support."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from networking.kinds import PEER, UNPEER
from networking.models import Peering, StepNote
from networking.peering.byoc import ByocVpc
from networking.peering.steps import number_of, step_of
from networking.peering.vicinity import SeenVicinity, clashes, known_ranges
from networking.states import PEERING_TRANSITIONS, PeeringState, PeeringStep, StepWord
from onboarding.actions.versions import Stale, WrongStep, show_anew
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.accounts.models import User
from portal.accounts.refusals import ActionRefused
from portal.support.actions import open_ticket
from portal.support.states import TicketKind
from portal.workflows import actions as workflows
from portal.workflows.journal import tell

#: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-peering: active ones per VPC.
MOST_PEERINGS = 50
#: Steps that somebody may state to be done, because we may not be able to look.
STATABLE = (PeeringStep.ACCEPTANCE, PeeringStep.RETURN_ROUTES)


@transaction.atomic
def register_peering(
    *,
    deployment: Deployment,
    label: str,
    account_id: str,
    region: str,
    vpc_id: str,
    subnet_ids: Sequence[str],
    ranges: Sequence[str],
    by: User,
) -> Peering:
    """Registers the two sides; nothing is made in AWS. `ranges` are the target VPC's, seen or stated.

    Raises WrongStep before the deployment is ready, ActionRefused where the two VPCs cannot be peered or are already.
    """
    deployment = Deployment.objects.select_for_update(of=("self",)).select_related("connection").get(pk=deployment.pk)
    byoc = ByocVpc.of(deployment)
    if deployment.state != DeploymentState.READY or deployment.connection is None or byoc is None:
        raise WrongStep(deployment.state)
    seen = SeenVicinity.newest(deployment, account_id, region)
    _possible(deployment, byoc, vpc_id, ranges, seen)
    _own(account_id, vpc_id, seen)
    try:
        with transaction.atomic():
            row: Peering = Peering.objects.create(
                organisation_id=deployment.organisation_id,
                deployment=deployment,
                label=label,
                account_id=account_id,
                region=region,
                vpc_id=vpc_id,
                subnet_ids=list(subnet_ids),
                stated_ranges=list(ranges),
                requester_vpc=byoc.vpc_id,
                requester_region=byoc.region,
                requester_subnets=list(byoc.subnets),
                created_by=by,
            )
    except IntegrityError:
        raise ActionRefused(_("%(vpc)s has a peering with this deployment already.") % {"vpc": vpc_id}) from None
    _tell(row, "peering.registered", by)
    return row


def _own(account_id: str, vpc_id: str, seen: SeenVicinity | None) -> None:
    """A VPC that is shared with an account shows there, and only its owner can peer it."""
    vpc = seen.vicinity.vpc(vpc_id) if seen else None
    if vpc is not None and vpc.owner not in {"", account_id}:
        said = _("%(vpc)s belongs to account %(owner)s, which only shares it. Start the peering with that account.")
        raise ActionRefused(said % {"vpc": vpc_id, "owner": vpc.owner})


def _possible(
    deployment: Deployment, byoc: ByocVpc, vpc_id: str, ranges: Sequence[str], seen: SeenVicinity | None
) -> None:
    if vpc_id == byoc.vpc_id:
        raise ActionRefused(
            _("%(vpc)s is the BYOC VPC itself. Choose the VPC that wants access to it.") % {"vpc": vpc_id}
        )
    pairs = clashes(known_ranges(byoc.ranges, seen), tuple(ranges))
    if pairs:
        said = _(
            "AWS refuses this peering: %(pairs)s have addresses in common. Choose a VPC whose ranges do not overlap"
            " those of the BYOC VPC."
        )
        listed = ", ".join(_("%(ours)s (BYOC) and %(theirs)s") % {"ours": a, "theirs": b} for a, b in pairs)
        raise ActionRefused(said % {"pairs": listed})
    live = Peering.objects.filter(deployment=deployment).exclude(state=PeeringState.REMOVED).count()
    if live >= MOST_PEERINGS:
        raise ActionRefused(
            _("The BYOC VPC has %(count)d peerings already, as many as AWS allows. Remove one first.") % {"count": live}
        )


def touch_peering(peering: Peering, *, version: int, **changes: object) -> None:
    """Changes columns if the version is as expected. Raises Stale, and changes nothing then."""
    changed = Peering.objects.filter(pk=peering.pk, version=version).update(version=F("version") + 1, **changes)
    peering.refresh_from_db()
    if not changed:
        raise Stale(str(peering.version))
    show_anew(peering.deployment_id)


def move_peering(peering: Peering, to: PeeringState) -> bool:
    """One allowed transition; False where the row stands elsewhere."""
    sources = [state for state, targets in PEERING_TRANSITIONS.items() if to in targets]
    moved = Peering.objects.filter(pk=peering.pk, state__in=sources).update(state=to, state_since=Now())
    if moved:
        peering.refresh_from_db()
        show_anew(peering.deployment_id)
    return bool(moved)


@transaction.atomic
def renew_peering(*, peering: Peering, version: int, by: User) -> None:
    """Begins a new generation after a connection that ended; the old one stays on record. Raises Stale, WrongStep, or
    Busy while work holds the old one.
    """
    ended = peering.connections.filter(generation=peering.generation, ended_at__isnull=False).exists()
    if not ended or peering.state in {PeeringState.REMOVING, PeeringState.REMOVED}:
        raise WrongStep(peering.state)
    live = workflows.live_workflow(peering.deployment.connection) if peering.deployment.connection else None
    if live is not None and live.kind in {PEER, UNPEER} and live.data.get("peering") == str(peering.pk):
        raise workflows.Busy(live)
    touch_peering(peering, version=version, generation=F("generation") + 1)
    _tell(peering, "peering.renewed", by)


@transaction.atomic
def state_step(*, peering: Peering, step: PeeringStep, by: User | str) -> bool:
    """Notes that somebody says a step of the target side is done; what we cannot see stays unknown. False where it was
    said before: whoever says it again and again fills no history.

    Raises ValueError for a step that nobody can state, WrongStep for a peering that is being removed.
    """
    if step not in STATABLE:
        raise ValueError(step)
    _refuse_leaving(peering)
    if not _note(peering, step, StepWord.STATED, by):
        return False
    title = step_of(step).title
    tell(
        "peering.stated",
        lambda: (
            _("Step %(number)d of the peering %(label)s was stated to be done: %(title)s.")
            % {"number": number_of(step), "label": peering.label, "title": title}
        ),
        organisation=peering.organisation_id,
        subject_id=peering.deployment_id,
        by=by,
    )
    show_anew(peering.deployment_id)
    return True


@transaction.atomic
def ask_for_rule(*, peering: Peering, by: User) -> None:
    """Asks support for step 6, once per generation: opens the ticket with what the rule must admit."""
    _refuse_leaving(peering)
    words = {
        "label": peering.label,
        "ranges": ", ".join(peering.stated_ranges) or "–",
        "vpc": peering.vpc_id,
        "account": peering.account_id,
    }
    open_ticket(
        key=f"inbound-rule:{peering.pk}:{peering.generation}",
        kind=TicketKind.INBOUND_RULE,
        organisation_id=peering.organisation_id,
        subject_id=peering.deployment_id,
        say=lambda: (
            _("Admit %(ranges)s (%(vpc)s, account %(account)s, peering %(label)s) at the private load balancer.")
            % words
        ),
    )
    _note(peering, PeeringStep.SECURITY_GROUP, StepWord.ASKED, by)
    _tell(peering, "peering.rule-asked", by)


def _refuse_leaving(peering: Peering) -> None:
    """By the row of this moment: the page may be older. Raises WrongStep."""
    peering.refresh_from_db(fields=["state", "generation"])
    if peering.state in {PeeringState.REMOVING, PeeringState.REMOVED}:
        raise WrongStep(peering.state)


def _note(peering: Peering, step: PeeringStep, word: StepWord, by: User | str) -> bool:
    """Whether it was not said before."""
    _row, is_new = StepNote.objects.get_or_create(
        organisation_id=peering.organisation_id,
        peering=peering,
        generation=peering.generation,
        step=step,
        word=word,
        defaults={"by": by if isinstance(by, str) else by.email},
    )
    return is_new


def _tell(peering: Peering, code: str, by: User | str) -> None:
    def sentence() -> str:
        said = {
            "peering.registered": _("The peering %(label)s with %(vpc)s in account %(account)s was registered."),
            "peering.renewed": _("The peering %(label)s begins anew with another connection to %(vpc)s."),
            "peering.rule-asked": _("Support was asked to admit %(vpc)s at the private load balancer."),
        }
        return said[code] % {"label": peering.label, "vpc": peering.vpc_id, "account": peering.account_id}

    tell(code, sentence, organisation=peering.organisation_id, subject_id=peering.deployment_id, by=by)
    show_anew(peering.deployment_id)
