"""Findings as a page tells them beside the remedies: each act is said once."""

from collections.abc import Iterable
from dataclasses import replace

from networking.remedies.shapes import Remedy
from portal.findings.shapes import Finding, Level


def told(findings: Iterable[Finding], remedies: Iterable[Remedy] = ()) -> tuple[Finding, ...]:
    """The findings, without the catalogue's general advice where something better stands: the remedy with the
    customer's own ids, or, where something could not be read, the finding's sentence, which names the permission.
    """
    settled = {code for remedy in remedies for code in remedy.codes}
    return tuple(
        replace(finding, remedy="") if finding.level is Level.UNKNOWN or finding.code in settled else finding
        for finding in findings
    )
