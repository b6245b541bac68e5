"""Whether the role can be assumed by us, with the External ID, and by nobody else.

Four probes show it: the right ID, none, a wrong one, the right one again. STS does not say why it refuses, so
the refusals prove something only between two successes, and only as exactly `AccessDenied`.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from onboarding.checks.judgments import failed, passed, unknown
from portal.findings.shapes import Finding


class ProbeKind(StrEnum):
    """What the probe presented as External ID, in the order of the four."""

    RIGHT = "right"
    NONE = "none"
    WRONG = "wrong"
    RIGHT_AGAIN = "right-again"


class ProbeOutcome(StrEnum):
    """How STS answered: a session, a refusal, or nothing that decides."""

    ASSUMED = "assumed"
    REFUSED = "refused"
    UNCLEAR = "unclear"


class TrustVerdict(StrEnum):
    """What the four probes together prove."""

    PROVEN = "proven"
    INSECURE = "insecure_trust"
    NOT_YET = "not_yet"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One attempt to assume the role. `error_code` and `request_id` are AWS's, empty after a success."""

    kind: ProbeKind
    outcome: ProbeOutcome
    error_code: str = ""
    request_id: str = ""

    @property
    def denied(self) -> bool:
        """Whether STS said exactly AccessDenied; any other refusal says nothing about the External ID."""
        return self.outcome is ProbeOutcome.REFUSED and self.error_code == "AccessDenied"


def trust_verdict(probes: Iterable[Probe]) -> TrustVerdict:
    """PROVEN only if the right ID worked twice and none and a wrong one were denied in between.

    INSECURE as soon as none or a wrong one worked. NOT_YET when the very first right one was denied: the role
    is not there yet, or IAM has not spread the news. Everything else, a repeated or missing probe included,
    is INCONCLUSIVE.
    """
    listed = tuple(probes)
    found = {probe.kind: probe for probe in listed}
    if any(probe.outcome is ProbeOutcome.ASSUMED and probe.kind in _NEGATIVE for probe in listed):
        return TrustVerdict.INSECURE
    if ProbeKind.RIGHT in found and found[ProbeKind.RIGHT].denied:
        return TrustVerdict.NOT_YET
    complete = len(listed) == len(ProbeKind) == len(found)
    if complete and all(_as_it_should(probe) for probe in listed):
        return TrustVerdict.PROVEN
    return TrustVerdict.INCONCLUSIVE


_NEGATIVE = frozenset({ProbeKind.NONE, ProbeKind.WRONG})


def _as_it_should(probe: Probe) -> bool:
    return probe.denied if probe.kind in _NEGATIVE else probe.outcome is ProbeOutcome.ASSUMED


def check_probes(probes: Iterable[Probe], *, role_arn: str) -> tuple[Finding, ...]:
    """`trust.external-id` for the role."""
    listed = tuple(probes)
    code, resources = "trust.external-id", (role_arn,)
    words = {"role": role_arn}
    match trust_verdict(listed):
        case TrustVerdict.PROVEN:
            return (passed(code, _("%(role)s opens with your External ID only.") % words, resources),)
        case TrustVerdict.INSECURE:
            return (failed(code, _open_message(listed) % words, resources),)
        case TrustVerdict.NOT_YET:
            said = _("%(role)s cannot be assumed yet. A new role takes up to two minutes; we look again by ourselves.")
        case TrustVerdict.INCONCLUSIVE:
            said = _("Whether %(role)s is protected could not be decided: %(answers)s. We look again.")
            words["answers"] = _answers(listed)
    return (unknown(code, said % words, resources),)


def _open_message(probes: Iterable[Probe]) -> str:
    opened = {probe.kind for probe in probes if probe.outcome is ProbeOutcome.ASSUMED}
    if ProbeKind.NONE in opened:
        return _("%(role)s can be assumed without any External ID. Correct its trust policy; we do no work until then.")
    return _("%(role)s can be assumed with a wrong External ID. Correct its trust policy; we do no work until then.")


def _answers(probes: Iterable[Probe]) -> str:
    """The answers that were not as they should be, by AWS's codes."""
    labels = {
        ProbeKind.RIGHT: _("right ID"),
        ProbeKind.NONE: _("no ID"),
        ProbeKind.WRONG: _("wrong ID"),
        ProbeKind.RIGHT_AGAIN: _("right ID again"),
    }
    found = {probe.kind: probe for probe in probes}
    odd = [
        f"{label}: {found[kind].error_code or found[kind].outcome.value if kind in found else _('not tried')}"
        for kind, label in labels.items()
        if kind not in found or not _as_it_should(found[kind])
    ]
    return ", ".join(odd) or _("a probe was repeated")
