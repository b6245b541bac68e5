"""The zones of a region as the rows of a table: this account's names beside another account's, and why some are out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from onboarding.checks.zones import usable_zones
from onboarding.inputs.refusals import Refused
from onboarding.inputs.zone_maps import ZoneMap, zone_map
from onboarding.rules.profiles import Profile
from portal.aws.facts.zones import ZoneFact


@dataclass(frozen=True, kw_only=True)
class ZoneRow:
    """One zone: its `id`, the same place in every account, its `name` here and the `other` account's name."""

    id: str
    name: str
    chosen: bool
    other: str | None = None
    notice: str = ""


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A zone that cannot be chosen, and why."""

    id: str
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ZoneTable:
    """`rows` can be chosen; `only_there` are zones that just the other account's map has. `error` is the parser's."""

    rows: tuple[ZoneRow, ...]
    left_out: tuple[LeftOut, ...]
    only_there: tuple[tuple[str, str], ...]
    compared: bool
    error: str

    @property
    def shared(self) -> int:
        """How many of the chosen zones the other account has too."""
        return sum(1 for row in self.rows if row.chosen and row.other)

    @property
    def chosen(self) -> int:
        """How many zones are chosen."""
        return sum(1 for row in self.rows if row.chosen)


def zone_table(
    zones: Iterable[ZoneFact] | None, *, profile: Profile, chosen: Sequence[str], pasted: str = ""
) -> ZoneTable:
    """The table of a region's zones; `pasted` is another account's map as a person pasted it."""
    found = tuple(zones or ())
    other, error = _map(pasted)
    usable = usable_zones(found, profile=profile)
    known = {zone.id for zone in found}
    return ZoneTable(
        rows=tuple(_row(zone, chosen, other) for zone in usable),
        left_out=tuple(
            LeftOut(id=zone.id, name=zone.name, reason=_reason(zone, profile))
            for zone in sorted(found, key=lambda zone: zone.id)
            if zone not in usable
        ),
        only_there=tuple((name, zone) for name, zone in (other.pairs if other else ()) if zone not in known),
        compared=other is not None,
        error=error,
    )


def _map(pasted: str) -> tuple[ZoneMap | None, str]:
    if not pasted.strip():
        return None, ""
    try:
        return zone_map(pasted), ""
    except Refused as refused:
        return None, refused.message


def _row(zone: ZoneFact, chosen: Sequence[str], other: ZoneMap | None) -> ZoneRow:
    notice = _("AWS has a message about it in the AWS Health Dashboard.") if zone.state == "information" else ""
    return ZoneRow(
        id=zone.id,
        name=zone.name,
        chosen=zone.id in chosen,
        other=other.name_of(zone.id) if other else None,
        notice=notice,
    )


def _reason(zone: ZoneFact, profile: Profile) -> str:
    if zone.type != "availability-zone":
        return _("It is no availability zone (%(type)s).") % {"type": zone.type or _("type not stated")}
    if zone.id in profile.barred_zone_ids:
        return _("AWS does not run EKS control planes there.")
    if zone.opt_in_status == "not-opted-in":
        return _("Your account has not opted in to it.")
    return _("AWS reports it as %(state)s.") % {"state": zone.state or _("state not stated")}
