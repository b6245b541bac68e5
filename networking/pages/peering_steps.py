"""The six steps as the page lists them: how far each is, whose turn it is, and which one is to be done now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from networking.models import Peering, PrivateAccess, StepNote
from networking.pages.target_side import author
from networking.peering.access import is_own_account
from networking.peering.standing import Standing
from networking.peering.steps import STEPS, Place, SixStep, number_of
from networking.states import PeeringState, PeeringStatus, PeeringStep, StepWord
from onboarding.rules.profiles import PrivateLoadBalancer
from portal.findings.shapes import Finding, Level
from portal.workflows.states import Turn

#: States of a step, as components/_steps.html draws them.
DONE, NOW, NEXT, FAILED = "done", "now", "next", "failed"
#: AWS is at work on the connection; nobody need do anything.
_AT_AWS: Final = frozenset({PeeringStatus.INITIATING, PeeringStatus.PROVISIONING})


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """One step. `state` is its look, `word` says it: done, to do now, waiting, failed, stated, unknown, to come.

    `waits`: it is somebody else's turn, so that another step can be done meanwhile.
    """

    key: PeeringStep
    number: int
    title: str
    state: str
    word: str
    turn: Turn
    detail: str = ""
    since: datetime | None = None
    typical: str | Promise = ""
    url: str = ""
    waits: bool = False


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What stands beside the standing: whether a role acts in the target account, and which step is at work."""

    target_acts: bool = False
    at_work: frozenset[PeeringStep] = frozenset()


def step_rows(standing: Standing, beside: Beside) -> tuple[StepRow, ...]:
    """The six, in order."""
    present = present_step(standing, beside)
    return tuple(_row(standing, beside, step, present) for step in STEPS)


def present_step(standing: Standing, beside: Beside) -> PeeringStep | None:
    """The step to be done now: the first that is not done and waits for nobody else; else the first not done."""
    if standing.peering.state in {PeeringState.REMOVING, PeeringState.REMOVED}:
        return None
    open_ = [step.key for step in STEPS if not standing.is_done(step.key)]
    return next((key for key in open_ if not _waits(standing, beside, key)), next(iter(open_), None))


def note_of(standing: Standing, key: PeeringStep, word: StepWord) -> StepNote | None:
    """What somebody said of a step of this generation."""
    return next((note for note in standing.notes if (note.step, note.word) == (key, word)), None)


def has_switch(standing: Standing) -> bool:
    """Whether the customer enables the private load balancer himself."""
    return standing.profile.private_load_balancer == PrivateLoadBalancer.PORTAL_SWITCH


def access_row(standing: Standing) -> PrivateAccess | None:
    """What was asked and enabled of the private load balancer; comes with the standing."""
    found: PrivateAccess | None = getattr(standing.peering.deployment, "private_access", None)
    return found


def asked_at(standing: Standing, key: PeeringStep) -> datetime | None:
    """When support was asked for a step."""
    if key == PeeringStep.BALANCER:
        access = access_row(standing)
        return access.asked_at if access is not None else None
    note = note_of(standing, key, StepWord.ASKED)
    return note.at if note is not None else None


def turn_of(standing: Standing, beside: Beside, key: PeeringStep) -> Turn:
    """Whose turn a step is."""
    if standing.is_done(key) or standing.peering.state == PeeringState.REMOVED:
        return Turn.NOBODY
    if key in beside.at_work:
        return Turn.US
    status = standing.connection.status if standing.connection is not None else ""
    if key in {PeeringStep.CONNECTION, PeeringStep.ACCEPTANCE} and status in _AT_AWS:
        return Turn.AWS
    step = next(step for step in STEPS if step.key == key)
    if step.place is Place.TARGET:
        reachable = beside.target_acts or is_own_account(standing.peering)
        return Turn.YOU if reachable else Turn.NETWORK_ADMIN
    return _support_turn(standing, key) if step.place is Place.SUPPORT else Turn.YOU


def _support_turn(standing: Standing, key: PeeringStep) -> Turn:
    access = access_row(standing)
    if key == PeeringStep.BALANCER and access is not None and access.enabled_at is not None:
        return Turn.US
    return Turn.SUPPORT if asked_at(standing, key) is not None else Turn.YOU


def _waits(standing: Standing, beside: Beside, key: PeeringStep) -> bool:
    """Whether the reader can do nothing about a step just now, or has said that it is done."""
    if note_of(standing, key, StepWord.STATED) is not None and not _failed(standing.of_step(key)):
        return True
    return turn_of(standing, beside, key) in {Turn.SUPPORT, Turn.US, Turn.AWS}


def _row(standing: Standing, beside: Beside, step: SixStep, present: PeeringStep | None) -> StepRow:
    key = step.key
    state, word, detail = _looks(standing, beside, key, present)
    waits = _waits(standing, beside, key)
    return StepRow(
        key=key,
        number=number_of(key),
        title=str(step.title),
        state=state,
        word=word,
        turn=turn_of(standing, beside, key),
        detail=detail,
        since=asked_at(standing, key) if waits and state == NOW else None,
        typical="" if state == DONE else step.typical,
        url=f"{page_url(standing.peering)}?step={key.value}",
        waits=waits,
    )


def page_url(peering: Peering) -> str:
    """The peering's page."""
    return reverse("networking:peering", args=[peering.deployment_id, peering.pk])


def _looks(standing: Standing, beside: Beside, key: PeeringStep, present: PeeringStep | None) -> tuple[str, str, str]:
    """Look, word and detail of one step."""
    stated = note_of(standing, key, StepWord.STATED)
    if standing.is_done(key):
        return DONE, _("done"), ""
    if stated is not None and not _failed(standing.of_step(key)):
        return NEXT, _("stated"), _("stated by %(who)s; nobody has seen it") % {"who": author(stated.by)}
    if _broken(standing, key):
        return FAILED, _("failed"), ""
    if present is None:
        return NEXT, _("to come"), ""
    return _ahead(standing, beside, key, present)


def _ahead(standing: Standing, beside: Beside, key: PeeringStep, present: PeeringStep) -> tuple[str, str, str]:
    """The same of a step that is neither done nor failed."""
    found = standing.of_step(key)
    if _waits(standing, beside, key):
        return NOW, _("waiting"), ""
    if key == present:
        return NOW, _("to do now"), ""
    looked = standing.seen_at is not None or standing.stated_at is not None
    return NEXT, _("unknown") if looked and found and not _failed(found) else _("to come"), ""


def _broken(standing: Standing, key: PeeringStep) -> bool:
    """Whether a step was done and is not any more, or cannot be done as things are."""
    if not _failed(standing.of_step(key)):
        return False
    was = standing.peering.state == PeeringState.BROKEN
    return was or (key == PeeringStep.CONNECTION and standing.connection is not None)


def _failed(found: Iterable[Finding]) -> bool:
    return any(finding.level is Level.FAILED for finding in found)
