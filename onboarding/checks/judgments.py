"""How a check says what it found: one finding, with the remedy that the catalogue holds for its code."""

from onboarding.checks.catalogue import entry
from portal.findings.shapes import Evidence, Finding, Level


def judged(
    code: str,
    level: Level,
    message: str,
    resources: tuple[str, ...] = (),
    *,
    evidence: Evidence = Evidence.OBSERVED,
) -> Finding:
    """A finding of the catalogue's `code`; its remedy stands beside everything that is not fine. Raises
    KeyError.
    """
    listed = entry(code)
    remedy = "" if level is Level.PASSED else str(listed.remedy)
    return Finding(code=code, level=level, message=message, resources=resources, remedy=remedy, evidence=evidence)


def passed(code: str, message: str, resources: tuple[str, ...] = (), **more: Evidence) -> Finding:
    """A finding that all is fine."""
    return judged(code, Level.PASSED, message, resources, **more)


def warning(code: str, message: str, resources: tuple[str, ...] = (), **more: Evidence) -> Finding:
    """A finding that a person should look at, and that stops nothing."""
    return judged(code, Level.WARNING, message, resources, **more)


def failed(code: str, message: str, resources: tuple[str, ...] = (), **more: Evidence) -> Finding:
    """A finding that something must change."""
    return judged(code, Level.FAILED, message, resources, **more)


def unknown(code: str, message: str, resources: tuple[str, ...] = (), **more: Evidence) -> Finding:
    """A finding that nothing can be said; it never counts as passed."""
    return judged(code, Level.UNKNOWN, message, resources, **more)
