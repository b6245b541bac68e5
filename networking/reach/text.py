"""What support reads when the public load balancer is to go or to come back: the same findings as the customer sees."""

from collections.abc import Iterator
from datetime import UTC

from django.utils.translation import gettext as _

from networking.models import PublicRemoval, ReachProof
from networking.reach.judge import judge_result
from networking.reach.results import ReachResult
from portal.findings.shapes import Finding


def findings_of(proof: ReachProof) -> tuple[Finding, ...]:
    """What a kept result of the probe says, in the active language."""
    return judge_result(ReachResult.of(proof.facts))


def removal_text(removal: PublicRemoval) -> str:
    """The request with its evidence; lines end with a line feed."""
    words = {"deployment": removal.deployment.name, "organisation": removal.deployment.organisation.name}
    lines = [
        _("Please remove the public load balancer of %(deployment)s of %(organisation)s.") % words,
        "",
        *_evidence(removal.proof),
    ]
    return "\n".join(lines)


def restore_text(removal: PublicRemoval) -> str:
    """The request to put it back."""
    words = {"deployment": removal.deployment.name, "organisation": removal.deployment.organisation.name}
    return _("Please put the public load balancer of %(deployment)s of %(organisation)s back.") % words


def _evidence(proof: ReachProof) -> Iterator[str]:
    peering = proof.peering
    words = {
        "host": proof.host,
        "label": peering.label,
        "vpc": peering.vpc_id,
        "account": peering.account_id,
        "time": proof.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M"),
        "by": proof.by,
    }
    yield _("Private name: %(host)s") % words
    yield _("Peering: %(label)s, %(vpc)s in account %(account)s") % words
    yield _("Stated by %(by)s with the probe, %(time)s UTC:") % words
    for finding in findings_of(proof):
        yield f"- {finding.code}: {finding.message}"
