"""What became better or worse between two looks at the same VPC. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _

from networking.checks.catalogue import CATALOGUE
from portal.findings.shapes import Finding, Level

#: Unknown is no step forward from failed: nobody sees the failure any more, which is not the same as its end.
_BADNESS = {Level.PASSED: 0, Level.WARNING: 1, Level.FAILED: 2, Level.UNKNOWN: 3}

#: A finding whose subject is the VPC speaks for each subnet and table in it.
_WHOLE = "vpc-"


@dataclass(frozen=True)
class Changes:
    """`better` and `worse` as they are now, `new` what was not known before, `gone` what is judged no more, as it was.

    What neither became better nor worse is in none of them, whatever its sentence says.
    """

    better: tuple[Finding, ...] = ()
    worse: tuple[Finding, ...] = ()
    new: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.better or self.worse or self.new or self.gone)


@dataclass(frozen=True)
class _Look:
    """The findings of one look, and what each of them says of each of its subjects."""

    findings: tuple[Finding, ...]

    @cached_property
    def codes(self) -> Mapping[str, frozenset[Level]]:
        """The codes that were judged, each with its levels."""
        levels: dict[str, set[Level]] = {}
        for finding in self.findings:
            levels.setdefault(finding.code, set()).add(finding.level)
        return {code: frozenset(found) for code, found in levels.items()}

    @cached_property
    def seen(self) -> frozenset[str]:
        """Every resource that some finding names."""
        return frozenset(resource for finding in self.findings for resource in finding.resources)

    @cached_property
    def stated(self) -> Mapping[tuple[str, str], Level]:
        """The worst level that was said of a code and a subject."""
        stated: dict[tuple[str, str], Level] = {}
        for finding in self.findings:
            for subject in subjects(finding):
                known = stated.get((finding.code, subject), finding.level)
                stated[finding.code, subject] = max(known, finding.level, key=_BADNESS.__getitem__)
        return stated

    @cached_property
    def whole(self) -> Mapping[str, Level]:
        """The codes of which something that is not fine was said of the whole VPC."""
        return {
            code: level
            for (code, subject), level in self.stated.items()
            if subject.startswith(_WHOLE) and level is not Level.PASSED
        }

    def level(self, code: str, subject: str) -> Level | None:
        """What the look says of a code and a subject, None when it did not judge it.

        What is fine beside other subjects that are not is left out of the findings, so silence means passed where the
        code was judged and the subject was among what was looked at, unless something of the code is unknown.
        """
        stated = self.stated.get((code, subject)) or self.whole.get(code)
        levels = self.codes.get(code, frozenset())
        if stated is not None or not levels:
            return stated
        if levels == {Level.PASSED}:
            return Level.PASSED
        if Level.UNKNOWN in levels:
            return Level.UNKNOWN
        return Level.PASSED if subject in self.seen else None


def subjects(finding: Finding) -> tuple[str, ...]:
    """What the finding is about: the first of its resources, or all of them when it speaks of many at once."""
    if finding.level in {Level.PASSED, Level.UNKNOWN}:
        return finding.resources or ("",)
    return finding.resources[:1] or ("",)


def changes(before: Iterable[Finding], after: Iterable[Finding]) -> Changes:
    """What changed from one look to the next, in the order of the findings.

    Findings are matched by code and subject, never by their sentences. Nothing changed when there was no look before.
    """
    old, new = _Look(tuple(before)), _Look(tuple(after))
    if not old.findings:
        return Changes()
    steps = [(finding, _step(finding, old)) for finding in new.findings]
    settled = tuple(_settled(old, new))
    return Changes(
        better=(*(finding for finding, step in steps if step == "better"), *settled),
        worse=tuple(finding for finding, step in steps if step == "worse"),
        new=tuple(finding for finding, step in steps if step == "new"),
        gone=tuple(finding for finding in old.findings if _is_gone(finding, new)),
    )


def _step(finding: Finding, old: _Look) -> str:
    """How a finding of the new look stands to the old look: better, worse, new or same."""
    if finding.code not in old.codes:
        return "new"
    if finding.level is Level.PASSED:
        return "same" if old.codes[finding.code] == {Level.PASSED} else "better"
    known = [level for subject in subjects(finding) if (level := old.level(finding.code, subject)) is not None]
    if finding.level is not Level.UNKNOWN and set(known) <= {Level.UNKNOWN}:
        return "new"
    if not known:
        return "new"
    now = _BADNESS[finding.level]
    if any(_BADNESS[level] < now for level in known):
        return "worse"
    return "better" if any(_BADNESS[level] > now for level in known) else "same"


def _settled(old: _Look, new: _Look) -> Iterator[Finding]:
    """What was not fine before and is fine now while other subjects of the same code are not: said as passed."""
    for finding in old.findings:
        levels = new.codes.get(finding.code, frozenset())
        if finding.level is Level.PASSED or not levels or levels == {Level.PASSED}:
            continue
        # What was said of the whole VPC is settled only when nothing of the code is wrong any more.
        parts = [name for name in subjects(finding) if not name.startswith(_WHOLE)]
        names = tuple(name for name in parts if new.level(finding.code, name) is Level.PASSED)
        if names:
            said = _now_fine(finding.code, names)
            yield replace(finding, level=Level.PASSED, message=said, resources=names, remedy="")


def _now_fine(code: str, names: Iterable[str]) -> str:
    title = CATALOGUE[code].title if code in CATALOGUE else code
    return _("%(title)s: %(resources)s is in order now.") % {"title": title, "resources": ", ".join(names)}


def _is_gone(finding: Finding, new: _Look) -> bool:
    """Whether the new look says nothing of it: the code is not judged any more, or its subject was not looked at."""
    if finding.code not in new.codes:
        return True
    if finding.level is Level.PASSED:
        return False
    return all(new.level(finding.code, subject) is None for subject in subjects(finding))
