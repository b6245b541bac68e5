"""The five facts with their evidence as plain text: what support reads is what the customer sees and may copy."""

from collections.abc import Iterator
from datetime import UTC

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from networking.requests.proofs import JudgedLook, Proof
from onboarding.brought_vpc import FiveFacts
from onboarding.models import Deployment
from portal.findings.reports import folded
from portal.findings.shapes import SEVERITY, Finding, Level


def request_text(deployment: Deployment, facts: FiveFacts, proof: Proof) -> str:
    """The request in the active language; lines end with a line feed, ids are whole."""
    about = {"deployment": deployment.name, "organisation": deployment.organisation.name}
    lines = [
        _("Please approve this VPC for the deployment %(deployment)s of %(organisation)s.") % about,
        "",
        *_facts(facts),
    ]
    for look in proof.looks:
        lines += ["", *_evidence(look, deployment.profile)]
    return "\n".join(lines)


def _facts(facts: FiveFacts) -> Iterator[str]:
    yield _("AWS account ID: %(account)s") % {"account": facts.account_id}
    yield _("Region: %(region)s") % {"region": facts.region}
    yield _("VPC ID: %(vpc)s") % {"vpc": facts.vpc_id}
    yield _("Private subnet IDs and their availability zones:")
    for subnet_id, zone in zip(facts.subnet_ids, facts.zones, strict=True):
        place = f"{zone.name} ({zone.id})" if zone.id else _("zone not seen")
        yield f"- {subnet_id} · {place}"


def _evidence(look: JudgedLook, profile: str) -> Iterator[str]:
    words = {"time": look.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M"), "profile": profile}
    if look.stated:
        yield _("Stated by the customer with a facts file, %(time)s UTC, rules %(profile)s:") % words
    else:
        yield _("Seen by us with the read-only role, %(time)s UTC, rules %(profile)s:") % words
    listed = sorted(folded(look.findings), key=lambda finding: SEVERITY.index(finding.level))
    for finding in listed:
        if finding.level is not Level.PASSED:
            yield f"- {_level(finding)} · {finding.code}: {finding.message}"
    passed = [finding.code for finding in listed if finding.level is Level.PASSED]
    count = ngettext("%(count)d check passed: %(codes)s", "%(count)d checks passed: %(codes)s", len(passed))
    if passed:
        yield "- " + count % {"count": len(passed), "codes": ", ".join(passed)}


def _level(finding: Finding) -> str:
    words = {Level.FAILED: _("failed"), Level.UNKNOWN: _("unknown"), Level.WARNING: _("warning")}
    return words.get(finding.level, finding.level.value)
