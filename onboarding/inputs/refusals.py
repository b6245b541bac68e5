"""The one way in which a parser says no."""

from typing import NoReturn

#: Spaces and tabs come along when people copy; line breaks do not belong to any single-line field.
_BLANKS = " \t"

#: What a single-line field may hold at most before anything else is looked at.
LONGEST_LINE = 2048


class Refused(ValueError):
    """Text that is not in the canonical form.

    `message` is a translated sentence for the person who typed it, `code` is stable (`cidr.host-bits`),
    `suggestion` is the canonical text that was probably meant, or empty.
    """

    def __init__(self, message: str, *, code: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.suggestion = suggestion


def refuse(message: str, code: str, *, suggestion: str = "") -> NoReturn:
    """Raise `Refused`; the one-word form keeps the parsers readable."""
    raise Refused(message, code=code, suggestion=suggestion)


def line(text: object, *, missing: str, code: str) -> str:
    """`text` without blanks at its ends, once it is text at all, not empty and of a sane length.

    Numbers are refused even where they would print right: JSON loses leading zeros. Raises `Refused` with
    the sentence `missing` and the code `<code>.missing`.
    """
    if not isinstance(text, str) or len(text) > LONGEST_LINE:
        refuse(missing, f"{code}.malformed")
    trimmed = text.strip(_BLANKS)
    if not trimmed:
        refuse(missing, f"{code}.missing")
    return trimmed
