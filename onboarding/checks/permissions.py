"""What the role may do, by IAM's own simulator: evidence *simulated*, never *observed*."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onboarding.checks.judgments import judged, passed, unknown
from portal.aws.facts.simulations import SimulationFact
from portal.findings.shapes import Evidence, Finding, Level

_CODE = "permissions.simulated"


def check_permissions(
    results: Iterable[SimulationFact] | None, *, role_arn: str, needed: Iterable[str]
) -> tuple[Finding, ...]:
    """`permissions.simulated`: one finding for each action that is not allowed, or one that all are.

    `results` is None when the simulation could not be run; a `needed` action without a result is unknown. A
    denial with missing context is unknown, explicit ones too: a Deny under a negated condition matches when
    its key is missing. https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    """
    actions = sorted(set(needed))
    if results is None:
        said = _("The permissions of %(role)s could not be simulated. Check again.") % {"role": role_arn}
        return (unknown(_CODE, said, (role_arn,), evidence=Evidence.SIMULATED),)
    listed = tuple(results)
    simulated = {found.action.lower() for found in listed}
    findings = [_judge(found, role_arn) for found in listed if found.decision != "allowed"]
    findings += [_not_simulated(action, role_arn) for action in actions if action.lower() not in simulated]
    if findings:
        return tuple(findings)
    if not actions and not listed:
        said = _("No permission of %(role)s was simulated. Check again.") % {"role": role_arn}
        return (unknown(_CODE, said, (role_arn,), evidence=Evidence.SIMULATED),)
    count = len(simulated)
    said = ngettext(
        "By IAM's simulation %(role)s has the %(count)d permission that we use.",
        "By IAM's simulation %(role)s has all %(count)d permissions that we use.",
        count,
    ) % {"role": role_arn, "count": count}
    return (passed(_CODE, said, (role_arn,), evidence=Evidence.SIMULATED),)


def _judge(found: SimulationFact, role_arn: str) -> Finding:
    words = {
        "action": found.action,
        "role": role_arn,
        "resource": found.resource,
        "keys": ", ".join(found.missing_context),
        "policies": ", ".join(name for name in found.statements if name),
    }
    level = Level.UNKNOWN if found.missing_context or _is_odd(found) else Level.FAILED
    resources = (found.action, role_arn)
    return judged(_CODE, level, _reason(found) % words, resources, evidence=Evidence.SIMULATED)


def _is_odd(found: SimulationFact) -> bool:
    return found.decision not in {"explicitDeny", "implicitDeny"}


def _reason(found: SimulationFact) -> str:
    """What stands in the way, most certain first; the words in it are filled by the caller."""
    if _is_odd(found):
        return _("IAM's simulation gave no decision on %(action)s. Check again.")
    if found.missing_context:
        return _("Whether %(role)s may %(action)s depends on %(keys)s, which the simulation lacked. Check again.")
    return _denier(found)


def _denier(found: SimulationFact) -> str:
    if found.by_organization is False:
        return _("%(role)s may not %(action)s: a policy of your AWS organisation denies it. Ask for an exception.")
    if found.by_boundary is False:
        return _("%(role)s may not %(action)s: its permissions boundary does not allow it. Update the bootstrap stack.")
    if found.decision == "explicitDeny" and found.statements:
        return _("%(role)s may not %(action)s: the policy %(policies)s denies it. Remove the denial.")
    if found.decision == "explicitDeny":
        return _("%(role)s may not %(action)s: a policy denies it. Remove the denial.")
    return _("%(role)s may not %(action)s on %(resource)s: no policy allows it. Update the bootstrap stack.")


def _not_simulated(action: str, role_arn: str) -> Finding:
    said = _("IAM's simulation gave no answer on %(action)s. Check again.") % {"action": action}
    return unknown(_CODE, said, (action, role_arn), evidence=Evidence.SIMULATED)
