"""How a check says what it found: one finding, with the remedy that the catalogue holds for its code."""

from collections.abc import Mapping
from dataclasses import dataclass

from onboarding.checks.catalogue import CATALOGUE, Entry
from portal.findings.shapes import Evidence, Finding, Level


@dataclass(frozen=True)
class Judgments:
    """Makes findings of the codes of one catalogue. `evidence` is what they rest on where nothing else is said.

    Each method raises KeyError for a code outside the catalogue.
    """

    catalogue: Mapping[str, Entry]
    evidence: Evidence = Evidence.OBSERVED

    def judged(
        self,
        code: str,
        level: Level,
        message: str,
        resources: tuple[str, ...] = (),
        *,
        evidence: Evidence | None = None,
    ) -> Finding:
        """A finding of the code; its remedy stands beside everything that is not fine."""
        listed = self.catalogue[code]
        remedy = "" if level is Level.PASSED else str(listed.remedy)
        return Finding(
            code=code,
            level=level,
            message=message,
            resources=resources,
            remedy=remedy,
            evidence=evidence or self.evidence,
        )

    def passed(self, code: str, message: str, resources: tuple[str, ...] = (), **more: Evidence) -> Finding:
        """A finding that all is fine."""
        return self.judged(code, Level.PASSED, message, resources, **more)

    def warning(self, code: str, message: str, resources: tuple[str, ...] = (), **more: Evidence) -> Finding:
        """A finding that a person should look at, and that stops nothing."""
        return self.judged(code, Level.WARNING, message, resources, **more)

    def failed(self, code: str, message: str, resources: tuple[str, ...] = (), **more: Evidence) -> Finding:
        """A finding that something must change."""
        return self.judged(code, Level.FAILED, message, resources, **more)

    def unknown(self, code: str, message: str, resources: tuple[str, ...] = (), **more: Evidence) -> Finding:
        """A finding that nothing can be said; it never counts as passed."""
        return self.judged(code, Level.UNKNOWN, message, resources, **more)


#: Those of this app's own catalogue.
_OWN = Judgments(CATALOGUE)
judged, passed, warning, failed, unknown = _OWN.judged, _OWN.passed, _OWN.warning, _OWN.failed, _OWN.unknown
