"""The address plan: what a chosen range for the BYOC VPC would touch, what is free, and a map of it all.

Pure arithmetic over `Range`s. Drawing is the template's work: `AddressMap` gives fractions of a bar and
words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onboarding.rules.profiles import Profile
from onboarding.rules.ranges import KIND_LABELS, PRIVATE_BLOCKS, Range, RangeKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = [
    "DEFAULT_CIDR",
    "AddressMap",
    "Block",
    "Overlap",
    "Range",
    "RangeKind",
    "Room",
    "Segment",
    "address_map",
    "overlaps",
    "propose",
    "reserved_and",
    "rooms",
    "usable_addresses",
]

#: What the vendor proposes first.
DEFAULT_CIDR = IPv4Network("10.0.0.0/16")

#: The first four addresses of each subnet and its last one belong to AWS.
#: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
AWS_RESERVED = 5


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """The `chosen` range and a `taken` one share addresses; `message` names both and the next act."""

    chosen: IPv4Network
    taken: Range
    message: str


@dataclass(frozen=True, kw_only=True)
class Room:
    """How many addresses a subnet has, and how many are left after AWS's five."""

    network: IPv4Network
    total: int
    usable: int


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of a block, from `start` to `end` as fractions of the block (0 to 1).

    `overlaps` is true where the chosen range and another one meet: on both of them.
    """

    start: float
    end: float
    network: IPv4Network
    kind: RangeKind
    label: "StrOrPromise"
    overlaps: bool


@dataclass(frozen=True, kw_only=True)
class Block:
    """One of the three RFC 1918 blocks with its segments, first address first."""

    network: IPv4Network
    segments: tuple[Segment, ...]


@dataclass(frozen=True, kw_only=True)
class AddressMap:
    """What the map shows: three blocks, what lies outside of them, and the same in `sentences` for who cannot
    see it.
    """

    blocks: tuple[Block, ...]
    outside: tuple[Range, ...]
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text alternative in one string."""
        return " ".join(self.sentences)


def reserved_and(profile: Profile, ranges: Iterable[Range]) -> tuple[Range, ...]:
    """The profile's reserved ranges and those of the account, each once, first address first."""
    unique = dict.fromkeys((*profile.reserved_ranges, *ranges))
    return tuple(sorted(unique, key=_first_address))


def overlaps(chosen: IPv4Network, occupied: Iterable[Range]) -> tuple[Overlap, ...]:
    """One `Overlap` per occupied range that shares an address with `chosen`, first address first."""
    met = sorted((taken for taken in occupied if taken.network.overlaps(chosen)), key=_first_address)
    return tuple(Overlap(chosen=chosen, taken=taken, message=_overlap_message(chosen, taken)) for taken in met)


def _overlap_message(chosen: IPv4Network, taken: Range) -> str:
    words = {"chosen": chosen, "taken": taken.network, "label": taken.label, "kind": KIND_LABELS[taken.kind]}
    if chosen == taken.network:
        return _("%(chosen)s is already used by %(label)s, %(kind)s. Choose another range.") % words
    if chosen.subnet_of(taken.network):
        return _("%(chosen)s lies inside %(taken)s of %(label)s, %(kind)s. Choose another range.") % words
    # Two CIDR blocks are either apart or one holds the other: "partly" cannot happen.
    return _("%(chosen)s contains %(taken)s of %(label)s, %(kind)s. Choose another range.") % words


def propose(prefix: int, occupied: Iterable[Range], *, profile: Profile) -> IPv4Network | None:
    """The first free, aligned RFC 1918 block of size `/prefix`; 10.0.0.0/16 if that is asked for and free.

    Free means apart from `occupied` and from the profile's reserved ranges. None when no such block is left.
    Raises ValueError for a prefix that no VPC can have.

    1. Taken ranges are walked by their first address, with one candidate at a time. 2. A range that ends before the
    candidate says nothing. 3. A range that meets it pushes the candidate behind its last address, rounded up to the
    next aligned block. 4. A range that begins behind the candidate ends the walk: all later ones begin there too. So
    there are no more steps than ranges, whatever the prefix.
    """
    if not profile.largest_vpc <= prefix <= profile.smallest_vpc:
        raise ValueError(prefix)
    networks = [found.network for found in reserved_and(profile, occupied)]
    taken = [(int(network.network_address), int(network.broadcast_address)) for network in networks]
    for block in PRIVATE_BLOCKS:
        found = _first_free(block, prefix, taken)
        if found is not None:
            return found
    return None


def _first_free(block: IPv4Network, prefix: int, taken: Sequence[tuple[int, int]]) -> IPv4Network | None:
    """`taken` holds the first and last address of each range, by first address."""
    size = 2 ** (32 - prefix)
    candidate = int(block.network_address)
    for first, last in taken:
        if last < candidate:
            continue
        if first >= candidate + size:
            break
        candidate = -(-(last + 1) // size) * size
    return IPv4Network((candidate, prefix)) if candidate + size - 1 <= int(block.broadcast_address) else None


def usable_addresses(network: IPv4Network) -> int:
    """How many addresses of a subnet are left for use after AWS's five; never below 0."""
    return max(network.num_addresses - AWS_RESERVED, 0)


def rooms(subnets: Iterable[IPv4Network]) -> tuple[Room, ...]:
    """The room of each subnet of a split, in the order given."""
    return tuple(
        Room(network=network, total=network.num_addresses, usable=usable_addresses(network)) for network in subnets
    )


def address_map(chosen: IPv4Network | None, occupied: Iterable[Range]) -> AddressMap:
    """The map of the private address space with the occupied ranges and, when there is one, the chosen range."""
    ranges = sorted(set(occupied), key=_first_address)
    blocks = tuple(_block(network, chosen, ranges) for network in PRIVATE_BLOCKS)
    outside = tuple(taken for taken in ranges if not any(taken.network.overlaps(net) for net in PRIVATE_BLOCKS))
    return AddressMap(blocks=blocks, outside=outside, sentences=_sentences(chosen, ranges, blocks))


def _block(block: IPv4Network, chosen: IPv4Network | None, ranges: Sequence[Range]) -> Block:
    segments = [
        _segment(block, taken, overlapping=chosen is not None and taken.network.overlaps(chosen))
        for taken in ranges
        if taken.network.overlaps(block)
    ]
    if chosen is not None and chosen.overlaps(block):
        own = Range(network=chosen, kind=RangeKind.CHOSEN, label=KIND_LABELS[RangeKind.CHOSEN])
        segments.append(_segment(block, own, overlapping=any(taken.network.overlaps(chosen) for taken in ranges)))
    return Block(network=block, segments=tuple(sorted(segments, key=lambda segment: (segment.start, segment.end))))


def _segment(block: IPv4Network, taken: Range, *, overlapping: bool) -> Segment:
    """A range that reaches beyond the block is cut at the block's ends."""
    origin, size = int(block.network_address), block.num_addresses
    first = max(int(taken.network.network_address), origin) - origin
    behind = min(int(taken.network.broadcast_address) + 1, origin + size) - origin
    return Segment(
        start=first / size,
        end=behind / size,
        network=taken.network,
        kind=taken.kind,
        label=taken.label,
        overlaps=overlapping,
    )


def _sentences(chosen: IPv4Network | None, ranges: Sequence[Range], blocks: Sequence[Block]) -> tuple[str, ...]:
    said: list[str] = []
    for block in blocks:
        used = [segment for segment in block.segments if segment.kind is not RangeKind.CHOSEN]
        if not used:
            said.append(_("Nothing in %(block)s is in use.") % {"block": block.network})
            continue
        listed = ", ".join(f"{segment.network} ({segment.label})" for segment in used)
        count = ngettext(
            "%(count)d range is in use in %(block)s:",
            "%(count)d ranges are in use in %(block)s:",
            len(used),
        )
        said.append(f"{count % {'count': len(used), 'block': block.network}} {listed}.")
    if chosen is not None:
        met = overlaps(chosen, ranges)
        free = _("The chosen range %(chosen)s overlaps none of them.") % {"chosen": chosen}
        said += [overlap.message for overlap in met] or [free]
    return tuple(said)


def _first_address(taken: Range) -> tuple[int, int, str]:
    return int(taken.network.network_address), taken.network.prefixlen, str(taken.label)
