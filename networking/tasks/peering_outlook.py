"""What one run looks with: a session of the read-only role for the whole plan, and the connections as it saw them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from networking.peering.change import CREATE, PeeringChange
from networking.tasks.peering_sessions import LOOKS
from onboarding.tasks.subjects import look_session
from portal.aws.facts.peerings import PeeringFact
from portal.aws.sessions import AccountSession
from portal.workflows.shapes import Work

#: After so many seconds a run begins nothing more and leaves the rest to the next one: the queue ends those that take a
#: minute, and one call may wait long for its answer.
LONGEST = 15.0


@dataclass
class Outlook:
    """One run's; `changes` are the plan's.

    `arrived` is what the BYOC account showed of its connections once the plan's request had arrived, if it did in this
    run.
    """

    work: Work
    changes: Sequence[PeeringChange]
    arrived: tuple[PeeringFact, ...] = ()
    began: float = field(default_factory=time.monotonic)

    @property
    def is_over(self) -> bool:
        """Whether the next run goes on. What was made after a run that broke off is recorded before more is begun: only
        breaking off at one place again and again is a matter for support.
        """
        return self.work.workflow.attempts > 1 or time.monotonic() - self.began > LONGEST

    @cached_property
    def session(self) -> AccountSession:
        """In the BYOC account; it may read what the plan's changes are about, and no more. Raises AwsProblem."""
        actions = {LOOKS[CREATE], *(LOOKS[change.kind] for change in self.changes)}
        return look_session(self.work, "look-before-change", *sorted(actions))
