"""Whether the account's quotas leave room for the launch.

A quota says how much is allowed; how much is used is counted by describing.
https://docs.aws.amazon.com/servicequotas/latest/userguide/intro.html
"""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from onboarding.checks.judgments import failed, passed, unknown, warning
from onboarding.rules.quotas import Per, QuotaNeed
from portal.aws.facts.quotas import QuotaFact, UsageFact
from portal.findings.shapes import Finding

_CODE = "quotas.headroom"

#: From this share of a quota on, the next deployment may not fit.
NEARLY_FULL = 0.8


def check_quotas(
    needs: Iterable[QuotaNeed],
    *,
    quotas: Iterable[QuotaFact] | None,
    usage: Iterable[UsageFact] | None,
    zones: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """`quotas.headroom`: one finding for each quota that is short, nearly full or unread, or one that all
    suffice.

    `zones` are the chosen zone IDs, for quotas that count per zone. What a quota counts per VPC or per
    cluster is 0 for the ones that the launch makes. `quotas` and `usage` are None when nothing could be read.
    """
    values = {(quota.service, quota.code): quota for quota in quotas or ()}
    used = {(entry.service, entry.code, entry.scope): entry.used for entry in usage or ()}
    judgments = [
        _judge(need, values.get((need.service, need.code)), _used(need, used, scope), scope)
        for need in needs
        for scope in _scopes(need, zones)
    ]
    if not judgments:
        return (unknown(_CODE, _("No quota was looked at. Check again.")),)
    findings = tuple(finding for finding in judgments if finding is not None)
    return findings or (passed(_CODE, _("The quotas of this account and region leave room for the launch.")),)


def _scopes(need: QuotaNeed, zones: Sequence[str]) -> Sequence[str]:
    return tuple(dict.fromkeys(zones)) or ("",) if need.per is Per.ZONE else ("",)


def _used(need: QuotaNeed, used: dict[tuple[str, str, str], int | None], scope: str) -> int | None:
    fresh = 0 if need.per in {Per.VPC, Per.CLUSTER} else None
    return used.get((need.service, need.code, scope), fresh)


def _judge(need: QuotaNeed, quota: QuotaFact | None, used: int | None, scope: str) -> Finding | None:
    """The finding for one quota in one scope, None when there is room."""
    resources = (need.key, scope) if scope else (need.key,)
    words = {"name": f"{need.name} ({scope})" if scope else need.name, "amount": need.amount, "used": used}
    if quota is None or quota.value is None:
        said = _("The quota “%(name)s” could not be read; %(amount)d are needed. Check again.")
        return unknown(_CODE, said % words, resources)
    words["value"] = round(quota.value)
    if used is None:
        # Even a quota without any use can be too small.
        if quota.value < need.amount:
            said = _("The quota “%(name)s” is %(value)d; %(amount)d are needed. Request an increase.")
            return failed(_CODE, said % words, resources)
        said = _(
            "How much of the quota “%(name)s” (%(value)d) is used cannot be counted by our read-only role. See it in "
            "the Service Quotas console."
        )
        return unknown(_CODE, said % words, resources)
    if quota.value - used < need.amount:
        said = _(
            "The quota “%(name)s” is %(value)d, %(used)d are used, %(amount)d more are needed. Request an increase."
        )
        return failed(_CODE, said % words, resources)
    if used + need.amount >= NEARLY_FULL * quota.value:
        said = _("After the launch %(total)d of %(value)d of the quota “%(name)s” are used. Plan an increase.")
        return warning(_CODE, said % {**words, "total": used + need.amount}, resources)
    return None
