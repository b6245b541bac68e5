"""Whether the vendor supports a region, and whether the account can use it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from onboarding.checks.judgments import failed, passed, unknown
from onboarding.rules.profiles import Profile
from portal.aws.facts.regions import RegionFact
from portal.findings.shapes import Evidence, Finding


def check_region(region: str, *, profile: Profile, regions: Iterable[RegionFact] | None) -> tuple[Finding, ...]:
    """`region.supported` and `region.enabled`. `regions` is None when the account's regions could not be
    read.

    https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
    """
    if not region:
        said = _("No region is chosen yet. Choose one of the list.")
        return tuple(unknown(code, said, evidence=Evidence.DECLARED) for code in ("region.supported", "region.enabled"))
    return _supported(region, profile), _enabled(region, regions)


def _supported(region: str, profile: Profile) -> Finding:
    known = profile.region(region)
    if known is None:
        said = _("%(region)s is not supported. Choose one of %(regions)s.")
        words = {"region": region, "regions": ", ".join(profile.region_codes)}
        return failed("region.supported", said % words, (region,), evidence=Evidence.DECLARED)
    said = _("%(title)s (%(region)s) is supported.") % {"title": known.title, "region": region}
    return passed("region.supported", said, (region,), evidence=Evidence.DECLARED)


def _enabled(region: str, regions: Iterable[RegionFact] | None) -> Finding:
    words = {"region": region}
    if regions is None:
        said = _("Whether %(region)s is enabled in this account could not be read. Check again.")
        return unknown("region.enabled", said % words, (region,))
    found = next((fact for fact in regions if fact.name == region), None)
    if found is None:
        said = _("AWS does not list %(region)s for this account. Choose another region.")
        return failed("region.enabled", said % words, (region,))
    if found.enabled is None:
        said = _("AWS did not say whether %(region)s is enabled in this account. Check again.")
        return unknown("region.enabled", said % words, (region,))
    if not found.enabled:
        said = _(
            "%(region)s is not enabled in this account. Enable it in the AWS console under Account, then check again."
        )
        return failed("region.enabled", said % words, (region,))
    return passed("region.enabled", _("%(region)s is enabled in this account.") % words, (region,))
