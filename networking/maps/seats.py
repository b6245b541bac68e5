"""Who stands where in a row: near what leads to it, nobody on top of another. Pure arithmetic."""

from collections.abc import Mapping, Sequence
from itertools import combinations


def packed(wishes: Sequence[float], left: float, right: float, spacing: float) -> list[float]:
    """Middles near the wishes (ascending), `spacing` apart, from `left` on and up to `right` where there is room."""
    found: list[float] = []
    for wish in wishes:
        found.append(max(wish, left, found[-1] + spacing if found else left))
    limit = max(right, left + (len(wishes) - 1) * spacing)
    for number in range(len(found) - 1, -1, -1):
        found[number] = min(found[number], limit)
        limit = found[number] - spacing
    return found


def seated(wishes: Mapping[str, float], slots: Sequence[float], spacing: float) -> dict[str, float]:
    """Each key's slot, near its wish and in the order of the wishes; where slots are few, more come on the right."""
    keys = sorted(wishes, key=lambda key: (wishes[key], key))
    places = list(slots)
    while len(places) < len(keys):
        places.append(places[-1] + spacing if places else 0.0)

    def distance(some: Sequence[float]) -> float:
        return sum(abs(wishes[key] - place) for key, place in zip(keys, some, strict=True))

    best = min(combinations(places, len(keys)), key=distance)
    return dict(zip(keys, best, strict=True))
