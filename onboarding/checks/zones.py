"""The three availability zones: really there, usable by EKS, and where the other account's are.

Judged by zone IDs throughout: names mean different places in different accounts.
https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html
"""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from onboarding.checks.judgments import failed, judged, passed, unknown, warning
from onboarding.inputs.zone_maps import ZoneMap
from onboarding.rules.profiles import Profile
from portal.aws.facts.zones import ZoneFact
from portal.findings.shapes import Evidence, Finding, Level

_OPTED_OUT = "not-opted-in"


def usable_zones(zones: Iterable[ZoneFact], *, profile: Profile) -> tuple[ZoneFact, ...]:
    """The zones that can be chosen: availability zones, available (also with information), not barred by EKS;
    by ID.
    """
    usable = (
        zone
        for zone in zones
        if zone.type == "availability-zone"
        and zone.state in {"available", "information"}
        and zone.opt_in_status != _OPTED_OUT
        and zone.id not in profile.barred_zone_ids
    )
    return tuple(sorted(usable, key=lambda zone: zone.id))


def check_region_zones(zones: Iterable[ZoneFact] | None, *, region: str, profile: Profile) -> tuple[Finding, ...]:
    """`zones.enough`: the account has as many usable zones in the region as a deployment needs."""
    words = {"region": region, "needed": profile.zones}
    if zones is None:
        said = _("The zones of %(region)s could not be read. Check again.")
        return (unknown("zones.enough", said % words, (region,)),)
    usable = usable_zones(zones, profile=profile)
    words["usable"] = len(usable)
    if len(usable) < profile.zones:
        said = _(
            "%(region)s has %(usable)d usable zones in this account; %(needed)d are needed. Choose another region."
        )
        return (failed("zones.enough", said % words, (region,)),)
    said = _("%(region)s has %(usable)d usable zones in this account.")
    return (passed("zones.enough", said % words, (region,)),)


def check_zones(
    chosen: Sequence[str] | None, *, zones: Iterable[ZoneFact] | None, profile: Profile, brought: bool = False
) -> tuple[Finding, ...]:
    """`zones.count`, `zones.offered`, `zones.available` and `zones.eks` for the chosen zone IDs.

    `chosen` is None before the choice, `zones` is None when the account's zones could not be read. A new VPC has
    exactly as many zones as the profile says; the subnets of a `brought` one, of which `chosen` has one zone each, lie
    in at least as many.
    """
    if chosen is None:
        said = _("No zones are chosen yet. Choose three.")
        codes = ("zones.count", "zones.offered", "zones.available", "zones.eks")
        return tuple(unknown(code, said, evidence=Evidence.DECLARED) for code in codes)
    known = None if zones is None else {zone.id: zone for zone in zones}
    return (
        _brought_count(chosen, profile) if brought else _count(chosen, profile),
        *_offered(chosen, known),
        *_available(chosen, known),
        *_eks(chosen, profile),
    )


def _brought_count(chosen: Sequence[str], profile: Profile) -> Finding:
    distinct = tuple(dict.fromkeys(chosen))
    words = {"distinct": len(distinct), "needed": profile.zones}
    if len(distinct) < profile.zones:
        said = _(
            "The subnets lie in %(distinct)d different zones; %(needed)d are needed. Choose subnets in others too."
        )
        return failed("zones.count", said % words, distinct, evidence=Evidence.DECLARED)
    said = _("The subnets lie in %(distinct)d different zones.")
    return passed("zones.count", said % words, distinct, evidence=Evidence.DECLARED)


def _count(chosen: Sequence[str], profile: Profile) -> Finding:
    words = {"chosen": len(chosen), "distinct": len(set(chosen)), "needed": profile.zones}
    if len(chosen) != profile.zones or len(set(chosen)) != profile.zones:
        said = _("%(chosen)d zones are chosen, %(distinct)d of them different. Choose %(needed)d different zones.")
        return failed("zones.count", said % words, tuple(chosen), evidence=Evidence.DECLARED)
    said = _("%(needed)d different zones are chosen.")
    return passed("zones.count", said % words, tuple(chosen), evidence=Evidence.DECLARED)


def _offered(chosen: Sequence[str], known: dict[str, ZoneFact] | None) -> Iterator[Finding]:
    if known is None:
        yield unknown("zones.offered", _("The zones of the account could not be read. Check again."), tuple(chosen))
        return
    bad = [zone for zone in dict.fromkeys(chosen) if zone not in known or known[zone].type != "availability-zone"]
    for zone in bad:
        if zone not in known:
            said = _("%(zone)s is no zone of this account in this region. Choose another one.")
            yield failed("zones.offered", said % {"zone": zone}, (zone,))
        else:
            level = Level.FAILED if known[zone].type else Level.UNKNOWN
            said = _("%(zone)s is not known to be an availability zone (%(type)s). Choose another one.")
            words = {"zone": zone, "type": known[zone].type or _("type not stated")}
            yield judged("zones.offered", level, said % words, (zone,))
    if not bad:
        yield passed("zones.offered", _("The chosen zones are availability zones of this account."), tuple(chosen))


def _available(chosen: Sequence[str], known: dict[str, ZoneFact] | None) -> Iterator[Finding]:
    if known is None:
        yield unknown("zones.available", _("The state of the zones could not be read. Check again."), tuple(chosen))
        return
    found = [known[zone] for zone in dict.fromkeys(chosen) if zone in known]
    bad = [zone for zone in found if zone.state != "available" or zone.opt_in_status == _OPTED_OUT]
    for zone in bad:
        yield _unavailable(zone)
    if not found:
        yield unknown("zones.available", _("None of the chosen zones is known to this account."), tuple(chosen))
    elif not bad:
        yield passed("zones.available", _("The chosen zones are available."), tuple(zone.id for zone in found))


def _unavailable(zone: ZoneFact) -> Finding:
    words = {"zone": zone.id, "name": zone.name, "state": zone.state}
    if zone.opt_in_status == _OPTED_OUT:
        said = _("%(zone)s (%(name)s) is not opted in. Choose another zone.")
        return failed("zones.available", said % words, (zone.id,))
    if not zone.state:
        said = _("AWS did not say the state of %(zone)s (%(name)s). Check again.")
        return unknown("zones.available", said % words, (zone.id,))
    if zone.state == "information":
        said = _("AWS has a message about %(zone)s (%(name)s). Read it in the AWS Health Dashboard before you go on.")
        return warning("zones.available", said % words, (zone.id,))
    said = _("%(zone)s (%(name)s) is %(state)s. Choose another zone or wait.")
    return failed("zones.available", said % words, (zone.id,))


def _eks(chosen: Sequence[str], profile: Profile) -> Iterator[Finding]:
    """The list is of IDs, so it holds whatever the account's names are."""
    barred = [zone for zone in dict.fromkeys(chosen) if zone in profile.barred_zone_ids]
    for zone in barred:
        said = _("EKS does not run in %(zone)s. Choose another zone.") % {"zone": zone}
        yield failed("zones.eks", said, (zone,), evidence=Evidence.DECLARED)
    if not barred:
        said = _("EKS bars none of the chosen zones.")
        yield passed("zones.eks", said, tuple(chosen), evidence=Evidence.DECLARED)


def check_alignment(chosen: Sequence[str], *, region: str, other: ZoneMap | None) -> tuple[Finding, ...]:
    """`zones.alignment` with the zones of another account: a matter of cost, so at worst a warning.

    Nothing is found when no map was pasted, because nobody has to.
    """
    if other is None:
        return ()
    if any(name[:-1] != region for name, _identifier in other.pairs):
        said = _("The pasted zones are not of %(region)s. Paste the zones of that region.") % {"region": region}
        return (unknown("zones.alignment", said, tuple(chosen), evidence=Evidence.DECLARED),)
    apart = tuple(zone for zone in dict.fromkeys(chosen) if zone not in other.ids)
    if apart:
        said = _("The other account's map lacks %(zones)s: traffic from there crosses zones and costs more.")
        words = {"zones": ", ".join(apart)}
        return (warning("zones.alignment", said % words, apart, evidence=Evidence.DECLARED),)
    said = _("The other account has all chosen zones: %(zones)s.")
    named = ", ".join(f"{zone} ({other.name_of(zone)})" for zone in chosen)
    return (passed("zones.alignment", said % {"zones": named}, tuple(chosen), evidence=Evidence.DECLARED),)
