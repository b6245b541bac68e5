"""The one shape of a finding: what was looked at, what it means, what to do.

Pure: standard library only. Every check returns these, every page, mail, ticket and JSON answer renders these.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """What a finding says of its subject. *Unknown* never counts as passed."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """How strong the ground of a finding is, weakest first."""

    DECLARED = "declared"
    SIMULATED = "simulated"
    DRY_RUN = "dry-run"
    OBSERVED = "observed"


#: The worst first: the verdict over many findings is the first of these that occurs.
SEVERITY = (Level.FAILED, Level.UNKNOWN, Level.WARNING, Level.PASSED)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One judged fact.

    `code` is the check's name (`trust.external-id`), `message` one sentence with subject, fact and next act,
    `resources` the ids it names, `remedy` the slug or sentence of the fix, `seen_at` an aware UTC time.
    """

    code: str
    level: Level
    message: str
    resources: tuple[str, ...] = ()
    remedy: str = ""
    evidence: Evidence = Evidence.OBSERVED
    seen_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as the contract spells it."""
        document: dict[str, Any] = {
            "code": self.code,
            "level": self.level.value,
            "message": self.message,
            "resources": list(self.resources),
            "remedy": self.remedy,
            "evidence": self.evidence.value,
        }
        if self.seen_at is not None:
            document["seen_at"] = self.seen_at.isoformat()
        return document


def verdict(findings: Iterable[Finding]) -> Level:
    """The worst level among `findings`, in the order failed, unknown, warning, passed; unknown when there are none."""
    levels = {finding.level for finding in findings}
    return next((level for level in SEVERITY if level in levels), Level.UNKNOWN)
