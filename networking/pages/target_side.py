"""The context of templates/networking/_target_side.html: the side of a peering that may not be shown to us."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from networking.forms.requests import FactsForm, LinkForm
from networking.models import Peering, StepNote
from networking.pages.facts_upload import FactsUpload
from networking.pages.hand_off_list import HandOffList, peering_hand_offs_of
from networking.pages.target_facts import peering_upload
from networking.pages.unseen_routes import unseen_routes
from networking.peering.access import can_act
from networking.peering.standing import Standing
from networking.peering.steps import SixStep, number_of, step_of
from networking.peering.target import TARGET_STEPS, is_seen
from networking.states import PeeringStep, StepWord
from onboarding.guides import GuideItem

#: Who acted by a hand-off link, before the link's label.
BY_LINK = "hand-off:"


def author(by: str) -> str:
    """Who said something about a step, as a page shows it."""
    if by.startswith(BY_LINK):
        return _("%(label)s, by hand-off link") % {"label": by.removeprefix(BY_LINK)}
    return by


@dataclass(frozen=True, kw_only=True)
class StatedTick:
    """A step of the target account that somebody says is done. `note` is None where nobody does; `done`: we, or the
    facts file, see that it is.
    """

    step: SixStep
    number: int
    done: bool
    note: StepNote | None

    @property
    def said_by(self) -> str:
        """Who said so."""
        return author(self.note.by) if self.note else ""


@dataclass(frozen=True, kw_only=True)
class TargetSide:
    """What is known of the target side and by which of the three ways more would be.

    `lent`: a role of ours may act there; `seen_at` is when we looked there ourselves, None where we did not;
    `unseen_routes` tells how its routes are written while nobody showed us its tables or named its subnets.
    """

    peering: Peering
    seen_at: datetime | None
    lent: bool
    role_url: str
    facts_upload: FactsUpload
    hand_offs: HandOffList
    ticks: tuple[StatedTick, ...]
    unseen_routes: tuple[GuideItem, ...]

    @property
    def said(self) -> tuple[StatedTick, ...]:
        """The steps of which somebody says that they are done."""
        return tuple(tick for tick in self.ticks if tick.note is not None)


def target_side(
    standing: Standing, *, facts_form: FactsForm | None = None, link_form: LinkForm | None = None
) -> TargetSide:
    """For the pages of the deployment's own people. Four queries at most; `standing` is not asked for anew."""
    peering = standing.peering
    return TargetSide(
        peering=peering,
        seen_at=standing.seen_at if is_seen(standing) else None,
        lent=can_act(peering),
        role_url=reverse("networking:peering_role", args=[peering.deployment_id, peering.pk]),
        facts_upload=peering_upload(standing, form=facts_form),
        hand_offs=peering_hand_offs_of(peering, form=link_form),
        ticks=tuple(stated_tick(standing, step) for step in TARGET_STEPS),
        unseen_routes=unseen_routes(standing),
    )


def stated_tick(standing: Standing, step: PeeringStep) -> StatedTick:
    """What was said of one step of the target account."""
    said = (note for note in standing.notes if note.step == step and note.word == StepWord.STATED)
    return StatedTick(step=step_of(step), number=number_of(step), done=standing.is_done(step), note=next(said, None))
