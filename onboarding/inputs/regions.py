"""Regions, as forms post them."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from onboarding.inputs.refusals import line, refuse


def region(text: object, *, allowed: Collection[str]) -> str:
    """One of the `allowed` region codes, letter for letter.

    boto3 builds a host name from whatever it is given, so a region is only ever one of a list.
    Raises `Refused`: `region.missing`, `.malformed`, `.not-offered`.
    """
    typed = line(text, missing=_("Choose a region from the list."), code="region")
    if typed not in allowed:
        refuse(
            _("This region is not offered. Choose one of these: %(regions)s.")
            % {"regions": ", ".join(sorted(allowed))},
            "region.not-offered",
        )
    return typed
