"""The findings of one look as a command or another program gets them: folded, with a verdict and an exit status.

Pure: standard library only. The shape of the JSON is a promise to scripts outside; nothing is renamed in it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal.findings.shapes import SEVERITY, Finding, Level, verdict

#: Exit status: 0 nothing failed, 1 something failed, 2 nothing failed but something is unknown.
STATUS = {Level.PASSED: 0, Level.WARNING: 0, Level.FAILED: 1, Level.UNKNOWN: 2}
#: Exit status for wrong arguments and for what could not be looked at.
WRONG_ARGUMENTS = 3


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was looked at (`subject`), by which rule profile, when (aware), and what was found, in any order."""

    subject: str
    profile: str
    observed_at: datetime
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Level:
        """The worst level."""
        return verdict(self.findings)

    @property
    def exit_status(self) -> int:
        """What the command answers its shell."""
        return STATUS[self.verdict]

    def as_json(self) -> str:
        """One JSON object; times are UTC, `2026-11-23T03:00:00Z`."""
        document: dict[str, Any] = {
            "subject": self.subject,
            "profile": self.profile,
            "observed_at": self.observed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "verdict": self.verdict.value,
            "findings": [finding.as_json() for finding in folded(self.findings)],
        }
        return json.dumps(document, indent=2, ensure_ascii=False)

    def as_text(self) -> str:
        """For a person at a terminal: the worst first, the remedy beneath, the verdict last."""
        found = sorted(folded(self.findings), key=lambda finding: SEVERITY.index(finding.level))
        lines = [line for finding in found for line in _lines(finding)]
        return "\n".join([*lines, "", f"{self.subject}: {self.verdict.value} (profile {self.profile})"])


def folded(findings: Iterable[Finding]) -> list[Finding]:
    """Each code once where all is fine, else each of its findings that is not fine; codes in the order of the look."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    return [kept for group in by_code.values() for kept in _of_one_code(group)]


def _of_one_code(group: list[Finding]) -> list[Finding]:
    wrong = [finding for finding in group if finding.level is not Level.PASSED]
    if wrong:
        return list(dict.fromkeys(wrong))
    return [
        Finding(
            code=group[0].code,
            level=Level.PASSED,
            message=" ".join(dict.fromkeys(finding.message for finding in group)),
            resources=tuple(dict.fromkeys(name for finding in group for name in finding.resources)),
            remedy=group[0].remedy,
            evidence=group[0].evidence,
            seen_at=group[0].seen_at,
        )
    ]


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{finding.level.value:8} {finding.code:24} {finding.message} [{finding.evidence.value}]"
    if finding.level is not Level.PASSED and finding.remedy:
        yield f"{'':8} {'':24} {finding.remedy}"
