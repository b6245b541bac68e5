"""Names of people, organisations and deployments, as people type them."""

import unicodedata

from django.utils.translation import gettext as _

from onboarding.inputs.characters import hidden_character
from onboarding.inputs.refusals import refuse

#: In characters after normalisation.
LONGEST_PERSON = 150
LONGEST_ORGANISATION = 120
LONGEST_DEPLOYMENT = 60

#: More marks than this on one letter are decoration that runs over the neighbouring lines.
_MOST_MARKS = 4


def person_name(text: object) -> str:
    """The name of a person in NFC, one space between words. Raises `Refused` with codes that begin with
    `name.`.
    """
    return _name(text, longest=LONGEST_PERSON)


def organisation_name(text: object) -> str:
    """The name of a company in NFC, one space between words. Raises `Refused` with codes that begin with
    `name.`.
    """
    return _name(text, longest=LONGEST_ORGANISATION)


def deployment_name(text: object) -> str:
    """The name of a deployment in NFC, one space between words. Raises `Refused` with codes that begin with
    `name.`.
    """
    return _name(text, longest=LONGEST_DEPLOYMENT)


def _name(text: object, *, longest: int) -> str:
    """NFC; any run of spaces becomes one. What looks like a template or a formula stays, as text.

    Codes: `name.missing`, `.too-long`, `.hidden`, `.marks`.
    """
    if not isinstance(text, str) or not text.strip():
        refuse(_("Enter a name."), "name.missing")
    if len(text) > 10 * longest:
        _refuse_length(longest)
    normal = unicodedata.normalize("NFC", text)
    _refuse_hidden(normal.strip(" \t"))
    words = " ".join(part for part in _spaces_alike(normal.strip(" \t")).split(" ") if part)
    if not words:
        refuse(_("Enter a name."), "name.missing")
    if len(words) > longest:
        _refuse_length(longest)
    _refuse_marks(words)
    return words


def _spaces_alike(text: str) -> str:
    return "".join(" " if unicodedata.category(character) == "Zs" else character for character in text)


def _refuse_length(longest: int) -> None:
    refuse(_("The name is too long. Use at most %(longest)d characters.") % {"longest": longest}, "name.too-long")


def _refuse_hidden(text: str) -> None:
    found = hidden_character(text)
    if found:
        refuse(
            _("The name holds a character that cannot be seen (U+%(code)04X). Type the name again without it.")
            % {"code": ord(found)},
            "name.hidden",
        )


def _refuse_marks(text: str) -> None:
    run = 0
    for place, character in enumerate(text):
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me", "Mc"} else 0
        if run > _MOST_MARKS or (run and (place == 0 or text[place - 1] == " ")):
            refuse(_("The name has accents without a letter below them. Type the name again."), "name.marks")
