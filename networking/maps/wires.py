"""Lines through a channel between two rows of boxes: at right angles, never on top of one another. Pure arithmetic.

A classic of circuit boards, channel routing: each net (all lines that lead to one thing) has one horizontal track.
1. A net enters the channel at the pins of its boxes above and leaves it at its pin below.
2. A pin below moves aside where another net's pin stands above it, so that vertical parts never lie on one another.
3. The order of the tracks is the one with the fewest crossings that swapping any two tracks can reach.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

#: Units between two tracks, and how close verticals of two nets may come.
TRACK, CLOSE = 11.0, 7.0
#: Where a pin below may stand, as seen from the middle it asked for.
ASIDE = (0.0, 14.0, -14.0, 28.0, -28.0, 42.0, -42.0, 56.0, -56.0, 70.0, -70.0)

Point = tuple[float, float]


@dataclass(frozen=True)
class Net:
    """All lines to one thing: `above` where they come from, `below` where it stands."""

    key: str
    above: tuple[float, ...]
    below: float

    @property
    def span(self) -> tuple[float, float]:
        """From where to where its track runs."""
        return min(*self.above, self.below), max(*self.above, self.below)

    @property
    def is_straight(self) -> bool:
        """Whether it needs no track."""
        return all(abs(x - self.below) < 0.01 for x in self.above)


def placed(wanted: Sequence[Net], taken: Sequence[float] = ()) -> tuple[Net, ...]:
    """The nets with their pins below moved aside where verticals would touch; `taken` are other lines' verticals."""
    done: list[Net] = []
    for net in wanted:
        others = [x for other in wanted if other.key != net.key for x in other.above]
        busy = [*taken, *others, *(other.below for other in done)]
        free = (net.below + aside for aside in ASIDE if all(abs(net.below + aside - x) >= CLOSE for x in busy))
        done.append(Net(net.key, net.above, next(free, net.below)))
    return tuple(done)


def tracks(nets: Sequence[Net]) -> Mapping[str, int]:
    """Net → its track, 0 the uppermost, with few crossings; nets that run straight down have none."""
    order = [net for net in sorted(nets, key=lambda net: net.span) if not net.is_straight]
    best, improved = _crossings(order), True
    while improved and best:
        improved = False
        for one, other in combinations(range(len(order)), 2):
            swapped = list(order)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            crossings = _crossings(swapped)
            if crossings < best:
                order, best, improved = swapped, crossings, True
    return {net.key: number for number, net in enumerate(order)}


def _crossings(order: Sequence[Net]) -> int:
    """How often verticals cross tracks: those from above cross the tracks over their own, those below the others."""
    count = 0
    for over, under in combinations(order, 2):
        count += sum(over.span[0] < x < over.span[1] for x in under.above)
        count += under.span[0] < over.below < under.span[1]
    return count


def height(nets: Sequence[Net]) -> float:
    """How high the channel is in which the nets run, with room for a mark at each entry and an arrow at each end."""
    return 44.0 + TRACK * max(len(tracks(nets)) - 1, 0)


def path(net: Net, x: float, top: float, bottom: float, track: int | None) -> tuple[Point, ...]:
    """The corners of one line of a net from `x` above to its pin below."""
    if track is None or abs(x - net.below) < 0.01:
        return ((x, top), (net.below, bottom))
    y = top + 24.0 + TRACK * track
    return ((x, top), (x, y), (net.below, y), (net.below, bottom))


def own_part(net: Net, x: float, points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The corners without what another line of the net draws: broken lines on one another would look whole.

    A line ends on its track where the next one towards the pin joins; the last one on the left, or the straight one,
    draws the way down.
    """
    others = [other for other in net.above if abs(other - x) > 0.01]
    between = [other for other in others if min(x, net.below) < other < max(x, net.below)]
    if between:
        nearest = min(between, key=lambda other: abs(other - x))
        return (*points[:-2], (nearest, points[-2][1]))
    straight = any(abs(other - net.below) < 0.01 for other in others)
    if straight or (x > net.below and any(other < net.below for other in others)):
        return points[:-1]
    return points
