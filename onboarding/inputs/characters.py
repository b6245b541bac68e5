"""Characters that look like nothing, or like something else."""

import unicodedata

#: Letters and symbols that are drawn as an empty space, though Unicode files them under letters and symbols.
_BLANK_LOOKING = frozenset("\u115f\u1160\u2800\u3164\uffa0")

_ZWJ = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)

#: Control, format (bidi overrides, zero-width), surrogate, private use, unassigned, line and paragraph
#: separators.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def hidden_character(text: str) -> str:
    """The first character of `text` that a reader cannot see or that reorders what is read; empty when there
    is none.

    A zero-width joiner between two pictographs (a family, a profession) is seen as one picture and may stay;
    a variation selector may follow any character that is drawn, since Japanese names use them.
    """
    for place, character in enumerate(text):
        if _joins_pictographs(text, place) or _selects_variant(text, place):
            continue
        if character in _BLANK_LOOKING or is_variation_selector(character):
            return character
        if unicodedata.category(character) in _REFUSED_CATEGORIES:
            return character
    return ""


def is_variation_selector(character: str) -> bool:
    """VS1–VS16 and the ideographic VS17–VS256."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _selects_variant(text: str, place: int) -> bool:
    if place == 0 or not is_variation_selector(text[place]):
        return False
    return unicodedata.category(text[place - 1])[0] in "LNS"


def _joins_pictographs(text: str, place: int) -> bool:
    if text[place] != _ZWJ or place == 0 or place == len(text) - 1:
        return False
    before = text[place - 1]
    if before == "\ufe0f" and place >= 2:
        before = text[place - 2]
    return _is_pictograph(before) and _is_pictograph(text[place + 1])


def _is_pictograph(character: str) -> bool:
    return unicodedata.category(character) == "So" or ord(character) in _SKIN_TONES


def script_of(character: str) -> str:
    """The script of a letter, as the first word of its Unicode name; empty for what is no letter."""
    if unicodedata.category(character)[0] != "L":
        return ""
    return unicodedata.name(character, "").partition(" ")[0]
