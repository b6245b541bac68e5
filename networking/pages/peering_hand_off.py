"""The page behind a hand-off link to a peering: what is asked of the target's network admin, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

from django.urls import reverse
from django.utils.translation import gettext as _

from networking.actions.peering_facts import LEAVING
from networking.facts.script import Side, facts_script
from networking.forms.requests import FactsForm
from networking.models import HandOff, Peering
from networking.pages.facts_upload import FactsUpload
from networking.pages.peering_case import case_of, needed_before
from networking.pages.target_facts import target_upload
from networking.pages.target_side import StatedTick, stated_tick
from networking.pages.told import told
from networking.pages.unseen_routes import unseen_routes
from networking.peering.remedies.remedies import everything, remedies_for
from networking.peering.standing import Standing, standing_of
from networking.peering.target import TARGET_STEPS, is_seen
from networking.remedies.shapes import Remedy
from networking.states import PeeringStep
from onboarding.guides import GuideItem
from onboarding.judged import Judged
from onboarding.models import Deployment


@dataclass(frozen=True, kw_only=True)
class AskedStep:
    """One step that is asked of the holder: how far it is, as far as known, and how to do it.

    `case` is the sentence on it; `waits`: there is nothing to do yet; `can_state`: they may say that it is done.
    """

    tick: StatedTick
    case: str
    judged: Judged
    remedies: tuple[Remedy, ...]
    waits: bool
    can_state: bool


@dataclass(frozen=True, kw_only=True)
class PeeringHandOffPage:
    """What the holder of the link sees."""

    template: ClassVar[str] = "networking/peering_hand_off.html"

    link: HandOff
    deployment: Deployment
    standing: Standing

    @classmethod
    def of(cls, link: HandOff, peering: Peering) -> Self:
        """The page of an open link."""
        standing = standing_of(peering)
        return cls(link=link, deployment=standing.peering.deployment, standing=standing)

    @property
    def peering(self) -> Peering:
        """The peering whose target side is shown."""
        return self.standing.peering

    @property
    def connection_id(self) -> str:
        """The connection to accept; empty while there is none."""
        return self.standing.connection.pcx_id if self.standing.connection else ""

    @property
    def is_seen(self) -> bool:
        """Whether we look at the target VPC ourselves."""
        return is_seen(self.standing)

    @cached_property
    def steps(self) -> tuple[AskedStep, ...]:
        """The two steps of the target side."""
        return tuple(self._asked(step) for step in TARGET_STEPS)

    def _asked(self, step: PeeringStep) -> AskedStep:
        tick = stated_tick(self.standing, step)
        remedies = self._remedies.get(step, ())
        waits = needed_before(self.standing, step) is not None
        return AskedStep(
            tick=tick,
            case=case_of(self.standing, step),
            judged=Judged.of(told(self.standing.of_step(step), remedies)),
            remedies=() if tick.done else remedies,
            waits=waits,
            can_state=not (tick.done or tick.note or waits or self.why_not),
        )

    @cached_property
    def _remedies(self) -> Mapping[PeeringStep, tuple[Remedy, ...]]:
        return remedies_for(self.standing)

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """All that is left to do on the target side, in order."""
        return tuple(remedy for step in self.steps for remedy in step.remedies)

    @property
    def unseen_routes(self) -> tuple[GuideItem, ...]:
        """How the routes are written while nobody showed us the tables; empty where they are known or done."""
        return unseen_routes(self.standing)

    @property
    def is_done(self) -> bool:
        """Whether nothing is asked any more."""
        return all(step.tick.done for step in self.steps)

    def script(self) -> str:
        """All remedies as one script; empty when there is nothing to do."""
        ready = tuple(remedy for remedy in self.remedies if not remedy.needs_decision)
        return everything(ready) if ready else ""

    def facts_script(self) -> str:
        """The read-only script that writes the facts file."""
        return target_script(self.peering)

    def upload(self, token: str, form: FactsForm | None = None) -> FactsUpload:
        """The part that takes a facts file, with the link's own addresses."""
        return target_upload(
            self.standing,
            script_url=reverse("networking:hand_off_facts_script", args=[token]),
            upload_url=reverse("networking:hand_off_facts", args=[token]),
            form=form,
        )

    @property
    def why_not(self) -> str:
        """Why nothing is taken now; empty where it is."""
        if self.peering.state in LEAVING:
            return _("This peering is being removed or is gone. Nothing is asked of you any more.")
        return ""


def target_script(peering: Peering) -> str:
    """The read-only script for the target side of a peering."""
    return facts_script(
        account=peering.account_id,
        region=peering.region,
        vpc_id=peering.vpc_id,
        subnet_ids=tuple(peering.subnet_ids),
        side=Side.ACCEPTER,
    )
