"""The one context of a peering's page and of its live part."""

import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from django.db.models import prefetch_related_objects

from networking.maps.peering_path import PeeringPath, peering_path
from networking.models import Peering, PeeringConnection, PeeringFault, StepNote
from networking.pages.peering_case import case_of, needed_before
from networking.pages.peering_states import ConnectionWords, connection_words, state_sentence
from networking.pages.peering_steps import Beside, StepRow, asked_at, has_switch, note_of, page_url, step_rows
from networking.pages.peering_ways import Ways
from networking.pages.peering_work import LookWork, PeeringWork
from networking.pages.target_side import author
from networking.peering.access import can_act
from networking.peering.standing import Standing, standing_of
from networking.peering.steps import STEPS, Place, SixStep, step_of
from networking.states import PeeringState, PeeringStep, StepWord
from portal.findings.shapes import Evidence, Finding, Level

#: No step can be done any more.
OVER = frozenset({PeeringState.REMOVING, PeeringState.REMOVED})
OVERLAP = "peering.cidr-overlap"


@dataclass(frozen=True, kw_only=True)
class PeeringPage:
    """Everything that the page says of one peering, with one of its steps opened."""

    standing: Standing
    beside: Beside
    rows: tuple[StepRow, ...]
    chosen: StepRow
    words: ConnectionWords | None
    look: LookWork
    work: PeeringWork | None = None
    faults: tuple[PeeringFault, ...] = ()

    @classmethod
    def of(cls, peering: Peering, wanted: str = "") -> Self:
        """The page with the step `wanted` open, else with the one to be done now. Fourteen queries at most."""
        standing = standing_of(peering)
        row = standing.peering
        prefetch_related_objects([row], "connections")  # the ways ask for those of all generations several times
        work = PeeringWork.of(row)
        beside = Beside(target_acts=can_act(row), at_work=work.steps if work is not None else frozenset())
        rows = step_rows(standing, beside)
        faults = row.faults.filter(mended_at=None) if row.state == PeeringState.BROKEN else ()
        return cls(
            standing=standing,
            beside=beside,
            rows=rows,
            chosen=_chosen(rows, wanted),
            words=connection_words(standing),
            look=LookWork.of(row),
            work=work,
            faults=tuple(faults),
        )

    @property
    def peering(self) -> Peering:
        """The row."""
        return self.standing.peering

    @property
    def url(self) -> str:
        """The page's own address."""
        return page_url(self.peering)

    @property
    def step(self) -> SixStep:
        """The opened step as a value."""
        return step_of(self.chosen.key)

    @property
    def state_sentence(self) -> str:
        """Where the peering as a whole stands."""
        return state_sentence(self.standing)

    @property
    def case(self) -> str:
        """What is the case with the opened step."""
        return case_of(self.standing, self.chosen.key)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What was found of the opened step, and of the ranges where a step would fail for them."""
        found = self.standing.of_step(self.chosen.key)
        overlap = self.standing.of_code(OVERLAP) if self.chosen.key == PeeringStep.CONNECTION else ()
        shown = (*found, *(one for one in overlap if one.level is Level.FAILED))
        return tuple(self._dated(finding) for finding in shown)

    def _dated(self, finding: Finding) -> Finding:
        """With the time of the look, and without the catalogue's general advice: the ways below have the own values."""
        stated = finding.evidence is Evidence.DECLARED
        return replace(finding, remedy="", seen_at=self.standing.stated_at if stated else self.standing.seen_at)

    @property
    def is_done(self) -> bool:
        """Whether the opened step is done."""
        return self.standing.is_done(self.chosen.key)

    @property
    def needs(self) -> StepRow | None:
        """The step that has to come before the opened one."""
        before = needed_before(self.standing, self.chosen.key)
        return next((row for row in self.rows if row.key == before), None)

    @property
    def next_row(self) -> StepRow | None:
        """Where to go on while the opened step is done or waits."""
        if not (self.is_done or self.chosen.waits):
            return None
        present = next((row for row in self.rows if row.state == "now" and not row.waits), None)
        return present if present is not self.chosen else None

    @property
    def asked(self) -> bool:
        """Whether support was asked for the opened step."""
        return asked_at(self.standing, self.chosen.key) is not None

    @property
    def stated(self) -> StepNote | None:
        """Who said that the opened step is done."""
        return note_of(self.standing, self.chosen.key, StepWord.STATED)

    @property
    def stated_by(self) -> str:
        """Who that was."""
        return author(self.stated.by) if self.stated is not None else ""

    @property
    def is_support(self) -> bool:
        """Whether support does the opened step."""
        return self.step.place is Place.SUPPORT

    @property
    def is_target(self) -> bool:
        """Whether the opened step is done in the target account."""
        return self.step.place is Place.TARGET

    @property
    def has_switch(self) -> bool:
        """Whether the opened step is the private load balancer and the customer enables it."""
        return self.chosen.key == PeeringStep.BALANCER and has_switch(self.standing)

    @property
    def enabled(self) -> bool:
        """Whether the private load balancer is enabled and being made."""
        access = getattr(self.peering.deployment, "private_access", None)
        return access is not None and access.enabled_at is not None

    @cached_property
    def ways(self) -> Ways:
        """The ways to do the opened step."""
        return Ways.of(self.standing, self.chosen.key)

    @cached_property
    def path(self) -> PeeringPath:
        """The path that queries take, hop by hop."""
        return peering_path(self.standing)

    @property
    def earlier(self) -> tuple[PeeringConnection, ...]:
        """The connections of the generations before, the newest first."""
        past = (row for row in self.peering.connections.all() if row.generation != self.peering.generation)
        return tuple(sorted(past, key=lambda row: row.generation, reverse=True))

    @property
    def is_working(self) -> bool:
        """Whether we are at work on it, so that the page soon has something new."""
        return self.look.running or (self.work is not None and self.work.running)

    @property
    def is_held(self) -> bool:
        """Whether work of ours is under way or waits for somebody, so that no other can be begun."""
        return self.look.busy or (self.work is not None and self.work.workflow.is_live)

    @property
    def count_done(self) -> int:
        """How many of the six are done."""
        return sum(self.standing.is_done(step.key) for step in STEPS)

    @property
    def is_over(self) -> bool:
        """Whether it is being removed or is removed."""
        return self.peering.state in OVER

    @property
    def is_live(self) -> bool:
        """Whether the page may change without anybody pressing anything, so that it asks what is new."""
        return self.is_working or self.peering.state not in {PeeringState.REMOVED, PeeringState.CONNECTED}

    @property
    def pace(self) -> int:
        """Seconds between two questions of an open page."""
        return 2 if self.is_working else 10

    @property
    def token(self) -> str:
        """What the live part was shown; it changes once a minute, so that what is left of seven days stays right."""
        return token_of(self.peering)


def token_of(peering: Peering) -> str:
    """See `PeeringPage.token`; no query where the deployment is loaded."""
    return f"{peering.deployment.shown}.{int(time.time()) // 60}"


def _chosen(rows: tuple[StepRow, ...], wanted: str) -> StepRow:
    """The row of the key or number that the address names; else the one to be done now, else the first not done."""
    for row in rows:
        if wanted in {row.key.value, row.key.name.lower()}:
            return row
    order = ("failed", "now", "next")
    ready = (row for state in order for row in rows if row.state == state and not row.waits)
    return next(ready, next((row for row in rows if row.state != "done"), rows[0]))
