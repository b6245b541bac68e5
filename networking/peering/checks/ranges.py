"""Address ranges as numbers: which of many overlap, and what several cover together. Pure.

Two ranges with a prefix length overlap only when one holds the other. All here sorts once and walks once, for facts
files come from strangers.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from ipaddress import ip_network


@dataclass(frozen=True, slots=True)
class Block:
    """An IPv4 or IPv6 range (`version` 4 or 6) with both its ends, and as AWS writes it."""

    version: int
    first: int
    last: int
    text: str

    def holds(self, other: "Block") -> bool:
        """Whether `other` lies in it, or is the same."""
        return self.version == other.version and self.first <= other.first and other.last <= self.last

    @property
    def order(self) -> tuple[int, int, int]:
        """By family and place; the wider one first."""
        return self.version, self.first, -self.last


@lru_cache(maxsize=32_768)  # the tables of one VPC say the same hundreds of ranges again and again
def block_of(text: str) -> Block | None:
    """The range; None for what is none, such as a prefix list."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    return Block(network.version, int(network.network_address), int(network.broadcast_address), text)


def outermost(texts: Iterable[str]) -> tuple[Block, ...]:
    """The ranges in order, each once, without those that lie in others; what is no range is left out."""
    kept: list[Block] = []
    found = (block for text in dict.fromkeys(texts) if (block := block_of(text)) is not None)
    for block in sorted(found, key=lambda one: one.order):
        if not kept or not kept[-1].holds(block):
            kept.append(block)
    return tuple(kept)


def overlaps(ones: Sequence[Block], others: Sequence[Block]) -> tuple[tuple[Block, Block], ...]:
    """Each pair of one here and one there that overlap. Both as `outermost` gives them."""
    found: list[tuple[Block, Block]] = []
    mine = theirs = 0
    while mine < len(ones) and theirs < len(others):
        one, other = ones[mine], others[theirs]
        if one.holds(other) or other.holds(one):
            found.append((one, other))
        if (one.version, one.last) <= (other.version, other.last):
            mine += 1
        else:
            theirs += 1
    return tuple(found)


@dataclass(frozen=True)
class Shelf:
    """Ranges as `outermost` gives them, to be asked which of them lie between two addresses."""

    blocks: tuple[Block, ...]

    def between(self, version: int, first: int, last: int) -> tuple[Block, ...]:
        """Those that have addresses from `first` to `last`."""
        start = bisect_left(self._lasts, (version, first))
        return self.blocks[start : bisect_right(self._firsts, (version, last))]

    @cached_property
    def _firsts(self) -> list[tuple[int, int]]:
        return [(block.version, block.first) for block in self.blocks]

    @cached_property
    def _lasts(self) -> list[tuple[int, int]]:
        return [(block.version, block.last) for block in self.blocks]


@dataclass(frozen=True)
class Union:
    """What several ranges cover together, adjoining ones joined."""

    joined: tuple[Block, ...]

    @classmethod
    def of(cls, ordered: Iterable[Block]) -> "Union":
        """Of ranges that stand in their order already."""
        joined: list[Block] = []
        for block in ordered:
            last = joined[-1] if joined else None
            if last is None or last.version != block.version or last.last + 1 < block.first:
                joined.append(block)
            elif last.last < block.last:
                joined[-1] = Block(last.version, last.first, block.last, "")
        return cls(tuple(joined))

    def holds(self, block: Block) -> bool:
        """Whether every address of `block` is covered."""
        at = bisect_right(self._firsts, (block.version, block.first)) - 1
        return at >= 0 and self.joined[at].holds(block)

    @cached_property
    def _firsts(self) -> list[tuple[int, int]]:
        return [(block.version, block.first) for block in self.joined]
