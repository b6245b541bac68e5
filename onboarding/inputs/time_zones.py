"""Time zones, as people choose them."""

from django.utils.translation import gettext as _

from onboarding.inputs.iana import CANONICAL_ZONES
from onboarding.inputs.refusals import line, refuse


def time_zone(text: object) -> str:
    """The name of a canonical IANA time zone such as `Asia/Tokyo`, or `UTC`.

    A list decides, not `ZoneInfo`: that one opens files and accepts `localtime`, `posix/UTC`, `EST` and
    `Etc/GMT+5`. Raises `Refused`: `time-zone.missing`, `.malformed`, `.unknown`.
    """
    right = _("Choose a time zone from the list, such as Asia/Tokyo, America/Los_Angeles or UTC.")
    typed = line(text, missing=right, code="time-zone")
    if typed not in CANONICAL_ZONES:
        meant = next((zone for zone in sorted(CANONICAL_ZONES) if zone.lower() == typed.lower()), "")
        if meant:
            right = _("Time zones are written exactly: %(zone)s.") % {"zone": meant}
        refuse(right, "time-zone.unknown", suggestion=meant)
    return typed
