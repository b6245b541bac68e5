"""What a network ACL does with one flow, in one direction. Pure.

The entry with the lowest number that matches decides, whatever the higher ones say; what none matches is denied by the
entry that everybody has and nobody can remove (`*`). A network ACL keeps no state, so answers need an entry of their
own: they go to a port that the client picked, which is one of 1024 to 65535.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from networking.peering.checks.ranges import Block, block_of
from portal.aws.facts.network_acls import AclEntryFact, NetworkAclFact

#: The ports that clients of any system pick for themselves.
EPHEMERAL = (1024, 65535)
_TCP, _EVERYTHING = "6", "-1"
_LAST_PORT = 65535
#: AWS numbers the entries that deny the rest from here, one for each family; the console shows them as `*`.
_REST = 32767
#: A network ACL has 40 entries in each direction at most, of each family. What has more is no answer of AWS's.
#: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-nacls
_MOST_ENTRIES = 400


class Box(NamedTuple):
    """Addresses and ports of a flow: all ports `low` to `high` of all addresses `first` to `last`."""

    first: int
    last: int
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class Flow:
    """TCP that leaves the subnet (`egress`) or enters it: the ranges of the other end, and the ports it goes to."""

    egress: bool
    far: tuple[Block, ...]
    ports: tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What becomes of a flow. `allowed_by` and `denied_by` are the numbers of the entries that decide, in order, `*`
    for the rest; both have some where they let part of it through. `whole_ports` says that some address is denied on
    every port of some stretch. `doubt`: an entry was not said whole, so that nobody can tell.
    """

    allowed_by: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()
    whole_ports: bool = False
    doubt: bool = False

    @property
    def passes(self) -> bool:
        """Whether all of it is allowed."""
        return not self.doubt and not self.denied_by and bool(self.allowed_by)

    @property
    def stops(self) -> bool:
        """Whether all of it is denied."""
        return not self.doubt and not self.allowed_by


def ruling(acl: NetworkAclFact, flow: Flow) -> Ruling:
    """What the network ACL does with the flow."""
    if len(acl.entries) > _MOST_ENTRIES or not flow.far or any(map(_is_half_said, acl.entries)):
        return Ruling(doubt=True)
    entries = sorted((one for one in acl.entries if one.egress is flow.egress), key=lambda one: one.number or 0)
    allowed: dict[str, None] = {}
    denied: dict[str, None] = {}
    whole = False
    for block in flow.far:
        for low, high in flow.ports:
            for entry, boxes in _decided(entries, block, low, high):
                allows = entry is not None and entry.action == "allow"
                (allowed if allows else denied)[_name(entry)] = None
                whole = whole or (not allows and any((box.low, box.high) == (low, high) for box in boxes))
    return Ruling(allowed_by=tuple(allowed), denied_by=tuple(denied), whole_ports=whole)


def acl_of(acls: Iterable[NetworkAclFact], subnet_id: str) -> NetworkAclFact | None:
    """The network ACL that the subnet is under: each is under exactly one. None where none says so."""
    return next((acl for acl in acls if subnet_id in acl.subnets), None)


def _is_half_said(entry: AclEntryFact) -> bool:
    """Whether an answer lacks what decides; AWS says all of it of each entry."""
    known = entry.egress is not None and entry.number is not None and entry.action in {"allow", "deny"}
    range_ = block_of(entry.cidr or entry.ipv6_cidr)
    return not known or not entry.protocol or range_ is None or (entry.from_port is None) is not (entry.to_port is None)


def _name(entry: AclEntryFact | None) -> str:
    return "*" if entry is None or (entry.number or 0) >= _REST else str(entry.number)


def _decided(
    entries: Sequence[AclEntryFact], block: Block, low: int, high: int
) -> Iterator[tuple[AclEntryFact | None, list[Box]]]:
    """Each entry that decides something of the flow, with what; None for what no entry matches."""
    left = [Box(block.first, block.last, low, high)]
    for entry in entries:
        area = _area(entry, block.version)
        met = [box for one in left if area is not None and (box := _common(one, area)) is not None]
        if area is None or not met:
            continue
        yield entry, met
        left = [rest for one in left for rest in _without(one, area)]
    if left:
        yield None, left


def _area(entry: AclEntryFact, version: int) -> Box | None:
    """What of TCP the entry speaks of, in this family; None where of nothing. All protocols are all ports."""
    block = block_of(entry.ipv6_cidr if version == 6 else entry.cidr)
    if block is None or block.version != version or entry.protocol not in {_TCP, _EVERYTHING}:
        return None
    if entry.protocol == _EVERYTHING or entry.from_port is None or entry.to_port is None:
        return Box(block.first, block.last, 0, _LAST_PORT)
    return Box(block.first, block.last, entry.from_port, entry.to_port)


def _common(one: Box, other: Box) -> Box | None:
    first, last = max(one.first, other.first), min(one.last, other.last)
    low, high = max(one.low, other.low), min(one.high, other.high)
    return Box(first, last, low, high) if first <= last and low <= high else None


def _without(box: Box, taken: Box) -> Iterator[Box]:
    """What of `box` is left: the addresses below and above, then the ports below and above."""
    met = _common(box, taken)
    if met is None:
        yield box
        return
    if box.first < met.first:
        yield Box(box.first, met.first - 1, box.low, box.high)
    if met.last < box.last:
        yield Box(met.last + 1, box.last, box.low, box.high)
    if box.low < met.low:
        yield Box(met.first, met.last, box.low, met.low - 1)
    if met.high < box.high:
        yield Box(met.first, met.last, met.high + 1, box.high)
