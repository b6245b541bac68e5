"""One look at one subject: the facts that were read and what was found."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, TenantOwned
from portal.findings.languages import heard, in_every_language
from portal.findings.shapes import Evidence, Finding, Level, verdict


class Observation(TenantOwned):
    """Findings of one look, in every language, with the facts they were judged from.

    `kind` names the look (`trust`, `permissions`, `survey`), `subject` the id it looked at.
    """

    kind = models.CharField(_("kind"), max_length=40)
    subject_id = models.UUIDField(_("subject"), db_index=True)
    profile = models.CharField(max_length=20, default="seed")
    verdict = models.CharField(max_length=8, choices=[(level.value, level.value) for level in Level])
    facts = models.JSONField(default=dict)
    findings = models.JSONField(default=dict)
    observed_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantOwned.Meta):
        ordering = ["-observed_at"]
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        indexes = [models.Index(fields=["subject_id", "kind", "-observed_at"], name="findings_newest")]

    def __str__(self) -> str:
        return f"{self.kind} · {self.verdict}"

    def heard_findings(self) -> list[Finding]:
        """The findings in the reader's language."""
        return [from_json(document) for document in heard(self.findings, [])]


def from_json(document: dict[str, Any]) -> Finding:
    """A finding from its contract form."""
    seen = document.get("seen_at")
    return Finding(
        code=document["code"],
        level=Level(document["level"]),
        message=document["message"],
        resources=tuple(document["resources"]),
        remedy=document["remedy"],
        evidence=Evidence(document["evidence"]),
        seen_at=datetime.fromisoformat(seen) if seen else None,
    )


def record_observation(
    *,
    organisation: Organisation,
    kind: str,
    subject_id: Any,
    judge: Callable[[], Iterable[Finding]],
    facts: dict[str, Any] | None = None,
    profile: str = "seed",
) -> Observation:
    """Judges once per language and stores the look. `judge` is pure: called twice, it says the same."""
    answers = in_every_language(lambda: list(judge()))
    any_language = next(iter(answers.values()))
    return Observation.objects.create(
        organisation=organisation,
        kind=kind,
        subject_id=subject_id,
        profile=profile,
        verdict=verdict(any_language).value,
        facts=facts or {},
        findings={code: [finding.as_json() for finding in found] for code, found in answers.items()},
    )
