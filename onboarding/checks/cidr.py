"""The address plan as findings: size, privacy, and what the chosen range would touch."""

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Network

from django.utils.translation import gettext as _

from onboarding.addresses import Range, RangeKind, overlaps
from onboarding.checks.judgments import failed, passed, unknown
from onboarding.rules.profiles import Profile
from onboarding.rules.ranges import PRIVATE_BLOCKS
from portal.aws.facts.vpcs import VpcFact
from portal.findings.shapes import Evidence, Finding

_CODES = ("cidr.size", "cidr.private", "cidr.reserved", "cidr.vpcs", "cidr.declared")


def vpc_ranges(vpcs: Iterable[VpcFact]) -> tuple[Range, ...]:
    """Every IPv4 range that the VPCs use, labelled with the VPC's id and its Name tag."""
    return tuple(
        Range(network=IPv4Network(cidr, strict=False), kind=RangeKind.VPC, label=_label(vpc))
        for vpc in vpcs
        for cidr in vpc.associated_cidrs
    )


def _label(vpc: VpcFact) -> str:
    name = next((tag.value for tag in vpc.tags if tag.key == "Name"), "")
    return f"{vpc.id} {name}".strip()


def check_cidr(
    chosen: IPv4Network | None,
    *,
    profile: Profile,
    vpcs: Iterable[VpcFact] | None,
    declared: Iterable[Range] | None,
) -> tuple[Finding, ...]:
    """`cidr.size`, `cidr.private`, `cidr.reserved`, `cidr.vpcs` and `cidr.declared` for the range of the BYOC
    VPC.

    `vpcs` is None when the account's VPCs could not be read, `declared` is None when the customer has not yet
    said which networks will connect (an empty tuple says: none). All five are unknown before a range is
    chosen.
    """
    if chosen is None:
        said = _("No range is chosen yet. Choose one.")
        return tuple(unknown(code, said, evidence=Evidence.DECLARED) for code in _CODES)
    return (
        _size(chosen, profile),
        _private(chosen),
        *_apart(chosen, "cidr.reserved", profile.reserved_ranges, Evidence.DECLARED),
        *_vpcs(chosen, vpcs),
        *_declared(chosen, declared),
    )


def _size(chosen: IPv4Network, profile: Profile) -> Finding:
    words = {"chosen": chosen, "largest": profile.largest_vpc, "smallest": profile.smallest_managed_vpc}
    if not profile.largest_vpc <= chosen.prefixlen <= profile.smallest_managed_vpc:
        said = _("%(chosen)s has no size that fits. Choose between /%(largest)d and /%(smallest)d.")
        return failed("cidr.size", said % words, (str(chosen),), evidence=Evidence.DECLARED)
    return passed("cidr.size", _("%(chosen)s is large enough.") % words, (str(chosen),), evidence=Evidence.DECLARED)


def _private(chosen: IPv4Network) -> Finding:
    words = {"chosen": chosen}
    if not any(chosen.subnet_of(block) for block in PRIVATE_BLOCKS):
        said = _("%(chosen)s is not a private range of RFC 1918. Choose a private one.")
        return failed("cidr.private", said % words, (str(chosen),), evidence=Evidence.DECLARED)
    return passed("cidr.private", _("%(chosen)s is private.") % words, (str(chosen),), evidence=Evidence.DECLARED)


def _vpcs(chosen: IPv4Network, vpcs: Iterable[VpcFact] | None) -> Iterator[Finding]:
    if vpcs is None:
        said = _("The VPCs of this account and region could not be read. Check again.")
        yield unknown("cidr.vpcs", said, (str(chosen),))
        return
    listed = tuple(vpcs)
    silent = [vpc.id for vpc in listed if not vpc.associated_cidrs and vpc.state != "deleting"]
    for identifier in silent:
        said = _("AWS did not say the ranges of %(vpc)s. Check again.") % {"vpc": identifier}
        yield unknown("cidr.vpcs", said, (str(chosen), identifier))
    found = tuple(_apart(chosen, "cidr.vpcs", vpc_ranges(listed), Evidence.OBSERVED))
    yield from (finding for finding in found if not silent or finding.level != "passed")


def _declared(chosen: IPv4Network, declared: Iterable[Range] | None) -> Iterator[Finding]:
    if declared is None:
        said = _("Which networks will connect is not declared yet. Declare them, or that there are none.")
        yield unknown("cidr.declared", said, (str(chosen),), evidence=Evidence.DECLARED)
    else:
        yield from _apart(chosen, "cidr.declared", tuple(declared), Evidence.DECLARED)


def _apart(chosen: IPv4Network, code: str, ranges: Sequence[Range], evidence: Evidence) -> Iterator[Finding]:
    met = overlaps(chosen, ranges)
    for overlap in met:
        yield failed(
            code,
            overlap.message,
            (str(chosen), str(overlap.taken.label), str(overlap.taken.network)),
            evidence=evidence,
        )
    if not met:
        said = _("%(chosen)s is apart from them.") % {"chosen": chosen}
        if ranges:
            listed = ", ".join(dict.fromkeys(str(taken) for taken in ranges))
            said = _("%(chosen)s is apart from %(others)s.") % {"chosen": chosen, "others": listed}
        yield passed(code, said, (str(chosen),), evidence=evidence)
