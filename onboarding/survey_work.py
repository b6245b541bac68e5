"""Whether we are looking at a region, or at something in it, just now, and how the newest look ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.kinds import SURVEY
from onboarding.models import Deployment
from portal.findings.languages import heard
from portal.workflows.models import Workflow
from portal.workflows.states import LIVE, WorkflowState

#: A look that takes longer than this has a cause worth saying.
USUAL = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class SurveyWork:
    """`running`: a look is under way and will change the page by itself; `region` is the one it looks at.

    `busy`: other work holds the account. `trouble`: why the newest look came to nothing, or waits.
    """

    running: bool = False
    busy: bool = False
    region: str = ""
    since: datetime | None = None
    trouble: str = ""

    @classmethod
    def of(cls, deployment: Deployment, kind: str = SURVEY) -> Self:
        """The work of one kind of look. One query."""
        if deployment.connection_id is None:
            return cls()
        ours = Q(kind=kind, subject_id=deployment.pk)
        known = Workflow.objects.filter(Q(state__in=LIVE) | ours, connection_id=deployment.connection_id)
        recent = list(known.order_by("-started_at")[:3])
        live = next((work for work in recent if work.is_live), None)
        if live is not None and not (live.kind == kind and live.subject_id == deployment.pk):
            return cls(busy=True)
        newest = live or next(iter(recent), None)
        if newest is None:
            return cls()
        return cls(
            running=newest.state == WorkflowState.ACTIVE,
            region=str(newest.data.get("region", "")),
            since=newest.started_at,
            trouble=_trouble(newest),
        )

    @property
    def stalled(self) -> str:
        """Why it takes longer than usual; empty while it does not."""
        if not self.running or self.since is None or timezone.now() - self.since < USUAL:
            return ""
        return _("AWS or our worker is slow to answer. You may leave the page; the look goes on without you.")


def _trouble(work: Workflow) -> str:
    if work.state in {WorkflowState.DONE, WorkflowState.CANCELLED}:
        return ""
    said = str(heard(work.message, ""))
    if work.state == WorkflowState.ACTIVE:
        return said
    return said or _("The region could not be read. Look again, or ask support.")
