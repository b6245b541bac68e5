"""Whole numbers, as people type them."""

import re

from django.utils.translation import gettext as _

from onboarding.inputs.refusals import line, refuse

_WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")


def whole_number(text: object, *, least: int = 0, most: int) -> int:
    """A decimal number of ASCII digits without sign, exponent, separator or leading zero, from `least` to
    `most`.

    Raises `Refused`: `integer.missing`, `.malformed`, `.out-of-range`.
    """
    bounds = {"least": least, "most": most}
    right = _("Enter a whole number from %(least)d to %(most)d in plain digits, such as %(least)d.") % bounds
    typed = line(text, missing=right, code="integer")
    if _WHOLE.fullmatch(typed) is None:
        refuse(right, "integer.malformed")
    number = int(typed)
    if not least <= number <= most:
        refuse(right, "integer.out-of-range")
    return number
