"""Template tags that show findings and stored sentences; one template renders findings everywhere."""

from collections.abc import Iterable
from typing import Any

from django import template

from portal.findings.languages import Spoken, heard
from portal.findings.shapes import SEVERITY, Finding

register = template.Library()


@register.filter
def hear(sentence: Spoken | None) -> str:
    """A stored sentence in the reader's language."""
    return heard(sentence, "")


@register.inclusion_tag("findings/_findings.html")
def findings_list(findings: Iterable[Finding]) -> dict[str, Any]:
    """Findings as a list, worst first."""
    return {"findings": worst_first(findings)}


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Findings ordered by severity, keeping the order of the checks within one level."""
    return sorted(findings, key=lambda finding: SEVERITY.index(finding.level))
