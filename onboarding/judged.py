"""Findings as a page folds them: what needs a look, and what is fine."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from portal.findings.shapes import Finding, Level


@dataclass(frozen=True, kw_only=True)
class Judged:
    """`open` failed, is unknown or a warning; `passed` is fine."""

    open: tuple[Finding, ...]
    passed: tuple[Finding, ...]

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Self:
        """Both parts, in the order given."""
        listed = tuple(findings)
        return cls(
            open=tuple(finding for finding in listed if finding.level is not Level.PASSED),
            passed=tuple(finding for finding in listed if finding.level is Level.PASSED),
        )
