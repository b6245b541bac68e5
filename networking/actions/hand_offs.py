"""Hand-off links: made, revoked, used. Only the hash of a link's secret is kept; it is shown once, to who made it."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from networking.actions.facts import FactsRefused, TooLate, checked_facts, take_facts
from networking.actions.peering_facts import LEAVING, checked_target, take_peering_facts
from networking.actions.peerings import state_step
from networking.looks import newest_look
from networking.models import HandOff, HandOffUse, Peering
from networking.peering.steps import number_of, step_of
from networking.requests.proofs import saved_plan
from networking.states import HandOffAct, PeeringStep
from onboarding.actions.versions import WrongStep, show_anew
from onboarding.letters import tell_people
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.accounts.actions import token_hash
from portal.accounts.models import User
from portal.accounts.refusals import ActionRefused
from portal.findings.languages import spoken
from portal.findings.models import Observation
from portal.findings.shapes import Level
from portal.workflows.journal import tell

#: Open links at most: of one deployment to VPCs that it brings, and of each peering.
MOST_OPEN = 5
#: Files that one link may send in `WHILE` at most, whether they are taken or not.
MOST_FILES = 20
WHILE = timedelta(hours=1)
#: Acts that count as a sent file.
FILES = (HandOffAct.FACTS, HandOffAct.REFUSED)


class TooMany(ActionRefused):
    """A limit is reached; the text says which and what to do."""


@transaction.atomic
def hand_off(*, deployment: Deployment, vpc_id: str, label: str, by: User) -> tuple[HandOff, str]:
    """Makes a link to this VPC's findings for whoever `label` names. Returns the row and the secret: 43 URL-safe
    characters, 256 random bits, kept nowhere. It works for seven days.

    Raises WrongStep, TooMany, or ActionRefused for a VPC that is neither chosen nor was looked at.
    """
    deployment = Deployment.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=deployment.pk)
    if deployment.state != DeploymentState.INFRASTRUCTURE:
        raise WrongStep(deployment.state)
    if saved_plan(deployment).vpc_id != vpc_id and newest_look(deployment, vpc_id) is None:
        raise ActionRefused(_("Choose %(vpc)s or look at it first, then hand it off.") % {"vpc": vpc_id})
    return _made(deployment, None, vpc_id=vpc_id, label=label, by=by)


@transaction.atomic
def hand_off_peering(*, peering: Peering, label: str, by: User) -> tuple[HandOff, str]:
    """Makes a link to the target side of this peering, as `hand_off` does to a VPC. Raises WrongStep or TooMany."""
    deployment = Deployment.objects.select_for_update(of=("self",)).get(pk=peering.deployment_id)
    peering.refresh_from_db(fields=["state"])
    if peering.state in LEAVING:
        raise WrongStep(peering.state)
    return _made(deployment, peering, vpc_id=peering.vpc_id, label=label, by=by)


def _made(deployment: Deployment, peering: Peering | None, *, vpc_id: str, label: str, by: User) -> tuple[HandOff, str]:
    """The row and its secret; the caller holds the deployment's row. Raises TooMany."""
    if open_hand_offs(deployment, peering).count() >= MOST_OPEN:
        raise TooMany(
            _("%(count)d links are open already. Revoke one that is no longer needed, then make a new one.")
            % {"count": MOST_OPEN}
        )
    token = secrets.token_urlsafe(32)
    row: HandOff = HandOff.objects.create(
        organisation_id=deployment.organisation_id,
        deployment=deployment,
        peering=peering,
        vpc_id=vpc_id,
        label=label,
        token_hash=token_hash(token),
        created_by=by,
    )
    _tell(row, "hand_off.made", by)
    return row, token


def open_hand_offs(deployment: Deployment, peering: Peering | None = None) -> Any:
    """The links that still work: to VPCs that the deployment brings, or to the target side of one peering."""
    return HandOff.objects.filter(
        deployment=deployment, peering=peering, revoked_at=None, expires_at__gt=timezone.now()
    )


@transaction.atomic
def revoke(*, hand_off: HandOff, by: User) -> bool:
    """Makes a link stop working at once; False when it was revoked before."""
    revoked = HandOff.objects.filter(pk=hand_off.pk, revoked_at=None).update(revoked_at=timezone.now())
    if revoked:
        _tell(hand_off, "hand_off.revoked", by)
    return bool(revoked)


@transaction.atomic
def note_use(*, hand_off: HandOff, act: HandOffAct, note: dict[str, str] | None = None) -> HandOffUse:
    """Puts a use of the link on the record. `note` is a sentence in every language."""
    use: HandOffUse = HandOffUse.objects.create(
        organisation_id=hand_off.organisation_id, hand_off=hand_off, act=act, note=note or {}
    )
    return use


def take_facts_by_link(*, hand_off: HandOff, data: bytes) -> Observation:
    """Takes a facts file that came by the link, about what the link shows alone, and puts it on the record, also when
    it is refused. Raises FactsRefused or TooMany.
    """
    with transaction.atomic():
        # Locked: two files at the same moment are counted one after the other.
        link = HandOff.objects.select_for_update(of=("self",)).get(pk=hand_off.pk)
        _bounded(link)
        try:
            return _taken(link, data)
        except TooLate:
            raise
        except FactsRefused as reason:
            note_use(hand_off=link, act=HandOffAct.REFUSED, note=spoken(lambda: _refusal(link, data)))
            refused = reason
    raise refused  # outside of the transaction, which keeps the note


@transaction.atomic
def state_step_by_link(*, hand_off: HandOff, step: PeeringStep) -> None:
    """Notes that the holder of the link says this step is done, once; it proves nothing, so what is unknown stays so.

    Raises ValueError for a step that nobody can state or a link to no peering, WrongStep for a peering that is leaving.
    """
    if hand_off.peering is None:
        raise ValueError(step)
    if not state_step(peering=hand_off.peering, step=step, by=author_of(hand_off)):
        return
    title = step_of(step).title
    note_use(hand_off=hand_off, act=HandOffAct.STATED, note=spoken(lambda: str(title)))
    tell_people(
        hand_off.deployment,
        key=f"stated-by-link:{hand_off.pk}:{hand_off.peering.generation}:{step}",
        subject=lambda: _("%(label)s says that a step is done") % {"label": hand_off.label},
        body=lambda: (
            _("Step %(number)d of the peering with %(vpc)s: %(title)s.")
            % {"number": number_of(step), "vpc": hand_off.vpc_id, "title": title}
            + "\n"
            + _("Next: look again on the page of the peering. Where we cannot look, the step stays unknown.")
        ),
    )


def author_of(link: HandOff) -> str:
    """How the record names whoever acts by the link."""
    return f"hand-off:{link.label}"


@transaction.atomic
def _taken(link: HandOff, data: bytes) -> Observation:
    observation = _take(link, data)
    level = Level(observation.verdict)
    note_use(hand_off=link, act=HandOffAct.FACTS, note=spoken(lambda: _verdict(level)))
    # Once for each link and verdict: somebody who tries again and again fills nobody's mailbox.
    tell_people(
        link.deployment,
        key=f"facts-by-link:{link.pk}:{level.value}",
        subject=lambda: _("a facts file came from %(label)s") % {"label": link.label},
        body=lambda: (
            _("The file is about %(vpc)s.") % {"vpc": link.vpc_id}
            + "\n"
            + _verdict(level)
            + "\n"
            + (
                _("Next: see the page of the peering.")
                if link.peering_id
                else _("Next: look at the VPC, or send it to support.")
            )
        ),
    )
    return observation


def _take(link: HandOff, data: bytes) -> Observation:
    """Raises FactsRefused."""
    if link.peering is not None:
        return take_peering_facts(peering=link.peering, data=data, by=author_of(link))
    return take_facts(deployment=link.deployment, data=data, by=author_of(link), vpc_id=link.vpc_id)


def _refusal(link: HandOff, data: bytes) -> str:
    """Why the file is refused, in the active language."""
    try:
        if link.peering is not None:
            checked_target(peering=link.peering, data=data)
        else:
            checked_facts(deployment=link.deployment, data=data, vpc_id=link.vpc_id)
    except FactsRefused as refused:
        return str(refused)
    return ""


def _verdict(level: Level) -> str:
    words = {
        Level.PASSED: _("All checks of the file passed."),
        Level.WARNING: _("The file shows nothing worse than warnings."),
        Level.UNKNOWN: _("The file leaves something unknown."),
        Level.FAILED: _("The file shows checks that fail."),
    }
    return words[level]


def _bounded(link: HandOff) -> None:
    sent = HandOffUse.objects.filter(hand_off=link, act__in=FILES, at__gt=timezone.now() - WHILE).count()
    if sent >= MOST_FILES:
        raise TooMany(_("Many files came by this link within an hour. Wait an hour, then send the next one."))


def _tell(row: HandOff, code: str, by: User) -> None:
    def sentence() -> str:
        said = {
            "hand_off.made": _("A hand-off link to %(vpc)s was made for %(label)s."),
            "hand_off.revoked": _("The hand-off link to %(vpc)s for %(label)s was revoked."),
        }
        return said[code] % {"vpc": row.vpc_id, "label": row.label}

    tell(code, sentence, organisation=row.organisation_id, subject_id=row.deployment_id, by=by)
    show_anew(row.deployment_id)
