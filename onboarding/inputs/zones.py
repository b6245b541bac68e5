"""Availability zones, as forms post them."""

import re
from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from onboarding.inputs.refusals import line, refuse

_ID = re.compile(r"[a-z]{3,6}[0-9]-az[0-9]{1,2}")
_NAME = re.compile(r"[a-z]{2,4}(?:-[a-z]+){1,2}-[0-9][a-z]")


def zone_id(text: object) -> str:
    """The id of an availability zone, such as `use1-az1`: the same place in every account.

    Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html
    Raises `Refused`: `zone-id.missing`, `.malformed`, `.name`, `.not-availability-zone`.
    """
    right = _("A zone ID looks like use1-az1. The page of the EC2 dashboard and the AWS CLI show it.")
    typed = line(text, missing=right, code="zone-id")
    if _NAME.fullmatch(typed):
        refuse(
            _(
                "%(zone)s is a zone name, which means another place in another account. Enter the zone ID, "
                "such as use1-az1."
            )
            % {"zone": typed},
            "zone-id.name",
        )
    if re.fullmatch(r"[a-z]{3,6}[0-9]-(?:[a-z0-9]+-)+(?:az|wlz)[0-9]{1,2}", typed):
        refuse(
            _("This is a Local Zone or Wavelength Zone. Choose an availability zone, such as use1-az1."),
            "zone-id.not-availability-zone",
        )
    if _ID.fullmatch(typed) is None:
        refuse(right, "zone-id.malformed")
    return typed


def zone_name(text: object) -> str:
    """The name of an availability zone in one account, such as `us-east-1a`.

    Raises `Refused`: `zone-name.missing`, `.malformed`, `.id`.
    """
    right = _("A zone name looks like us-east-1a: the region and one letter.")
    typed = line(text, missing=right, code="zone-name")
    if _ID.fullmatch(typed):
        refuse(_("This is a zone ID. Enter the zone name, such as us-east-1a."), "zone-name.id")
    if _NAME.fullmatch(typed) is None:
        refuse(right, "zone-name.malformed")
    return typed


def zone_choice(texts: Sequence[object], *, offered: Collection[str], count: int = 3) -> tuple[str, ...]:
    """Exactly `count` distinct zone ids out of those `offered` by the account, sorted.

    Raises `Refused` as `zone_id` does, and `zones.not-offered`, `zones.duplicate`, `zones.count`.
    """
    if len(texts) > 50:
        refuse(_("Choose exactly %(count)d zones.") % {"count": count}, "zones.count")
    chosen = [zone_id(text) for text in texts]
    stranger = next((zone for zone in chosen if zone not in offered), None)
    if stranger is not None:
        refuse(
            _("%(zone)s is not offered in this account and region. Choose among %(offered)s.")
            % {"zone": stranger, "offered": ", ".join(sorted(offered))},
            "zones.not-offered",
        )
    twice = next((zone for zone in chosen if chosen.count(zone) > 1), None)
    if twice is not None:
        refuse(_("%(zone)s is chosen twice. Choose different zones.") % {"zone": twice}, "zones.duplicate")
    if len(chosen) != count:
        refuse(
            _("%(chosen)d zones are chosen. Choose exactly %(count)d.") % {"chosen": len(chosen), "count": count},
            "zones.count",
        )
    return tuple(sorted(chosen))
