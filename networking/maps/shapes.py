"""What the picture is made of, in units of the drawing: one is a pixel where the picture is not scaled."""

from collections.abc import Sequence
from dataclasses import dataclass

from networking.maps.lettering import Face
from networking.maps.nodes import Judged
from networking.maps.wires import Point
from portal.findings.shapes import Level

#: The letters of a class; static/css/vpc_map.css says the same.
FACES = {
    "net-name": Face(12.5, bold=True),
    "net-id": Face(10.5, mono=True),
    "net-small": Face(11.0),
    "net-code": Face(9.8, mono=True),
}
INSET, FIRST, LEADING = 11.0, 19.0, 16.5
#: A box of a subnet or table, and what lies between two boxes.
BOX, TALL, GAP = 200.0, 100.0, 12.0
#: How wide the shape of a level is.
BADGE = 14.0
#: Room of a mark's icon with the gap after it.
ICON = 19.0


@dataclass(frozen=True, kw_only=True)
class Words:
    """One line of text; `y` is its baseline."""

    x: float
    y: float
    css: str
    text: str

    @property
    def width(self) -> float:
        """How wide it comes out at most."""
        return FACES[self.css].width(self.text)


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A level as a shape: round *passed*, triangular *warning*, eight-cornered *failed*, broken *unknown*.

    `x`, `y` are its upper left corner; it is 14 wide.
    """

    x: float
    y: float
    level: str


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle with its text. `title` is everything in it, uncut."""

    key: str
    x: float
    y: float
    width: float
    height: float
    css: str
    words: tuple[Words, ...]
    badge: Badge | None = None
    title: str = ""

    @property
    def middle(self) -> float:
        """The x of its middle."""
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        """The y of its lower edge."""
        return self.y + self.height


@dataclass(frozen=True, kw_only=True)
class Wire:
    """A line between two boxes, by its corners. Wires of one `net` lead to the same thing and may share their way;
    `drawn` are the corners without what another wire of the net draws already. `css` says how sure and how good it is,
    `title` what it means. From `open_y` on it may cross others.
    """

    net: str
    points: tuple[Point, ...]
    drawn: tuple[Point, ...]
    css: str
    open_y: float
    badge: Badge | None = None
    title: str = ""

    @property
    def path(self) -> str:
        """The line as SVG draws it."""
        return _path(self.drawn)

    @property
    def halo(self) -> str:
        """The part of the line that stands clear of those it crosses."""
        below = [point for point in self.drawn if point[1] > self.open_y]
        return _path([(below[0][0], self.open_y + 3), *below]) if below else ""

    @property
    def head(self) -> str:
        """The arrow's head, which points down; empty where another wire of the net draws it."""
        if self.drawn[-1] != self.points[-1]:
            return ""
        x, y = self.points[-1]
        return f"{x:.1f},{y:.1f} {x - 4:.1f},{y - 7:.1f} {x + 4:.1f},{y - 7:.1f}"


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A column's or the frame's words."""

    words: tuple[Words, ...]
    badge: Badge | None = None


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A rectangle behind others: the VPC, a zone."""

    x: float
    y: float
    width: float
    height: float
    css: str
    heading: Heading


def box(
    key: str, at: Point, extent: Point, lines: Sequence[tuple[str, str]], judged: Judged, *, css: str = ""
) -> Box:  # fmt: skip
    """A box at `at` of width and height `extent` with (class, text) lines; the level and its codes stand below."""
    x, y = at
    breadth, height = extent
    room = breadth - 2 * INSET
    words = [line(x + INSET, y + FIRST + i * LEADING, css_, text, room) for i, (css_, text) in enumerate(lines) if text]
    badge = None
    if judged.level is not None:
        base = y + height - 11
        badge = Badge(x=x + INSET, y=base - 11, level=judged.level.value)
        words += verdict_words(x + INSET + ICON, base, judged, room - ICON)
    return Box(
        key=key, x=x, y=y, width=breadth, height=height, words=tuple(words), badge=badge,
        css=f"net-box {css} {level_css(judged.level)}".replace("  ", " ").strip(),
        title=" · ".join([*(text for _, text in lines if text), *judged.messages]),
    )  # fmt: skip


def line(x: float, y: float, css: str, text: str, room: float) -> Words:
    return Words(x=x, y=y, css=css, text=FACES[css].fitted(text, room))


def verdict_words(x: float, y: float, judged: Judged, room: float) -> list[Words]:
    """The level as a word and, where it is not fine, the first code and how many more there are."""
    word = line(x, y, "net-name", judged.word, room)
    codes = judged.codes
    if not codes:
        return [word]
    more = f" +{len(codes) - 1}" if len(codes) > 1 else ""
    face, start = FACES["net-code"], word.width + 6
    code = face.fitted(codes[0], room - start - face.width(more))
    return [word, Words(x=x + start, y=y, css="net-code", text=code + more)]


def level_css(level: Level | None) -> str:
    """The class of a level; empty when nothing is judged."""
    return f"net-{level.value}" if level else ""
