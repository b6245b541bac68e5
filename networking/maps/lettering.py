"""How wide words come out in the picture, and how they are cut where they would not fit.

SVG does not break or cut text, and a server knows no fonts: widths are estimates on the wide side, per character.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

#: Parts of the font size.
MONO, WIDE, CAPITAL, SMALL, MIDDLE, NARROW = 0.61, 1.0, 0.76, 0.64, 0.5, 0.36
#: How much wider bold letters are.
BOLD = 1.12
THIN = frozenset(" .,:;!'|ijl()[]")
HALF = frozenset("ftrszcJ-/")
BROAD = frozenset("mwMW@%—")
CUT = "…"


@dataclass(frozen=True)
class Face:
    """A kind of letters: their size in units of the drawing, and whether they are all of one width, or bold."""

    size: float
    mono: bool = False
    bold: bool = False

    def width(self, text: str) -> float:
        """How wide `text` is at most."""
        return sum(self._width(character) for character in text)

    def fitted(self, text: str, room: float) -> str:
        """`text`, cut with an ellipsis where it is wider than `room`."""
        if self.width(text) <= room:
            return text
        room -= self.width(CUT)
        kept, used = "", 0.0
        for character in text:
            used += self._width(character)
            if used > room:
                break
            kept += character
        return kept.rstrip() + CUT

    def wrapped(self, words: Iterable[str], room: float, joint: str = ", ") -> list[str]:
        """Words in as few lines as the room allows; a word that is too wide alone is cut."""
        lines: list[str] = []
        for word in words:
            longer = f"{lines[-1]}{joint}{word}" if lines else ""
            if lines and self.width(longer) <= room:
                lines[-1] = longer
            else:
                lines.append(self.fitted(word, room))
        return lines

    def _width(self, character: str) -> float:
        return self.size * (BOLD if self.bold else 1.0) * _share(character, mono=self.mono)


def _share(character: str, *, mono: bool) -> float:
    if combining(character):
        return 0.0
    if east_asian_width(character) in {"W", "F"} or ord(character) > 0xFFFF:
        return WIDE
    return MONO if mono else _of_proportional(character)


def _of_proportional(character: str) -> float:
    for letters, share in ((THIN, NARROW), (HALF, MIDDLE), (BROAD, 0.95)):
        if character in letters:
            return share
    return CAPITAL if character.isupper() else SMALL
