"""What is judged here of a VPC that the customer brings: its ranges and the zones of its subnets.

The VPC itself, its subnets, routes and endpoints are judged by its guard (onboarding/ports.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.addresses import Range, overlaps
from onboarding.checks.judgments import failed, passed, unknown, warning
from onboarding.checks.zones import check_zones
from onboarding.rules.profiles import Profile
from portal.aws.facts.zones import ZoneFact
from portal.findings.shapes import Evidence, Finding, Level

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_SUBNETS = gettext_lazy("Choose subnets in other zones on the page of your VPC.")
#: The catalogue's remedies tell how to choose a range and zones for a new VPC.
REMEDIES: Final[Mapping[str, "StrOrPromise"]] = {
    "cidr.declared": gettext_lazy("Take the declared network back if it will not connect, or bring another VPC."),
    "cidr.reserved": gettext_lazy("Know that it is so, or bring another VPC."),
    "zones.count": _SUBNETS,
    "zones.offered": _SUBNETS,
    "zones.available": gettext_lazy("Choose subnets in other zones, or wait until AWS reports the zone as available."),
    "zones.eks": _SUBNETS,
}


def check_brought_zones(
    chosen: Sequence[str], *, zones: Iterable[ZoneFact] | None, profile: Profile
) -> tuple[Finding, ...]:
    """The four checks of zones for the zone IDs of the chosen subnets; `zones` is None when they could not be read."""
    return tuple(_mended(one) for one in check_zones(chosen, zones=zones, profile=profile, brought=True))


def _mended(finding: Finding) -> Finding:
    """The finding with a remedy that a person with a VPC can follow."""
    if finding.level is Level.PASSED:
        return finding
    return replace(finding, remedy=str(REMEDIES.get(finding.code, finding.remedy)))


def check_brought_cidrs(
    cidrs: Sequence[IPv4Network], *, vpc_id: str, profile: Profile, declared: Iterable[Range]
) -> tuple[Finding, ...]:
    """`cidr.declared` and `cidr.reserved` for the ranges that a brought VPC has: they cannot be chosen any more.

    A declared network with common addresses can never talk to the deployment. A reserved range is AWS's or the
    vendor's advice, so meeting one is a warning. Both are unknown while no range of the VPC is known.
    """
    if not cidrs:
        said = _("The ranges of %(vpc)s are not known yet. Look at it.") % {"vpc": vpc_id}
        return tuple(_mended(unknown(code, said, (vpc_id,))) for code in ("cidr.declared", "cidr.reserved"))
    met = (
        *_met(cidrs, vpc_id, "cidr.declared", tuple(declared)),
        *_met(cidrs, vpc_id, "cidr.reserved", profile.reserved_ranges),
    )
    return tuple(_mended(one) for one in met)


def _met(cidrs: Sequence[IPv4Network], vpc_id: str, code: str, ranges: Sequence[Range]) -> Iterator[Finding]:
    met = [overlap for cidr in cidrs for overlap in overlaps(cidr, ranges)]
    for overlap in met:
        taken = overlap.taken
        words = {"cidr": overlap.chosen, "vpc": vpc_id, "taken": taken.network, "label": taken.label}
        resources = (vpc_id, str(overlap.chosen), str(taken.network))
        if code == "cidr.declared":
            said = _(
                "%(cidr)s of %(vpc)s shares addresses with %(taken)s of %(label)s: they can never talk to each other."
                " Take the declared network back, or bring another VPC."
            )
            yield failed(code, said % words, resources, evidence=Evidence.DECLARED)
        else:
            said = _(
                "%(cidr)s of %(vpc)s shares addresses with %(taken)s, %(label)s. What uses that range is not reached"
                " from the VPC."
            )
            yield warning(code, said % words, resources, evidence=Evidence.DECLARED)
    if not met:
        said = _("%(cidrs)s of %(vpc)s is apart from them.")
        words = {"cidrs": ", ".join(str(cidr) for cidr in cidrs), "vpc": vpc_id}
        yield passed(code, said % words, (vpc_id,), evidence=Evidence.DECLARED)
