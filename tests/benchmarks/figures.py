"""One measured figure and how it is printed."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` beside `limit` (None where there is none); `at_least` when more is better; `note` is the ground."""

    name: str
    value: float | None
    unit: str = ""
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "not measured"
        if self.limit is None:
            return ""
        return "ok" if (self.value >= self.limit if self.at_least else self.value <= self.limit) else "OVER"

    def line(self) -> str:
        value = "–" if self.value is None else f"{self.value:,.2f}{self.unit}"
        sign = "≥" if self.at_least else "≤"
        limit = "" if self.limit is None else f"{sign} {self.limit:g}{self.unit}"
        return f"{self.name:<44}{value:>14}  {limit:<12}{self.verdict:<13}{self.note}".rstrip()


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0–1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
