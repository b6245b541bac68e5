"""What changed since the look before, as the lines of a list. What stands in full below is only named here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from networking.changes import Changes, subjects
from networking.checks.catalogue import CATALOGUE
from portal.findings.shapes import Finding, Level


@dataclass(frozen=True)
class ChangeLine:
    """`kind` is better, worse, unknown, new or gone; `anchor` is the finding's code where it stands below."""

    kind: str
    text: str
    anchor: str = ""


def change_lines(found: Changes) -> tuple[ChangeLine, ...]:
    """Each line once: one unread operation leaves several checks open, each with the same sentence."""
    return tuple(dict.fromkeys(_lines(found)))


def _lines(found: Changes) -> Iterator[ChangeLine]:
    yield from (ChangeLine("better", finding.message) for finding in found.better)
    yield from _named("worse", found.worse)
    yield from _named("new", found.new)
    yield from (ChangeLine("gone", finding.message) for finding in found.gone)


def _named(kind: str, findings: Iterable[Finding]) -> Iterator[ChangeLine]:
    for finding in findings:
        if finding.level is Level.PASSED:
            yield ChangeLine(kind, finding.message)
            continue
        title = str(CATALOGUE[finding.code].title) if finding.code in CATALOGUE else finding.code
        about = "" if finding.level is Level.UNKNOWN else ", ".join(filter(None, subjects(finding)))
        yield ChangeLine(
            "unknown" if finding.level is Level.UNKNOWN and kind == "worse" else kind,
            f"{title} · {about}" if about else title,
            finding.code,
        )
