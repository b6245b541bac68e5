"""Addresses that a VPC still has for new subnets, and a further range for it when it has none. Pure arithmetic.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from onboarding import addresses
from onboarding.rules.profiles import Profile
from onboarding.rules.ranges import PRIVATE_BLOCKS, Range, RangeKind
from portal.aws.facts.networks import VpcNetwork

#: As large as a new subnet is made where there is room: 4,091 addresses for nodes and pods.
PREFERRED_PREFIX = 20
#: A route to a destination this large leads to the internet: a new range may lie inside it.
_EVERYWHERE = 1
_LOW, _LOWEST = IPv4Network("10.0.0.0/15"), IPv4Network("10.0.0.0/16")
_DEFAULT_VPCS = IPv4Network("172.31.0.0/16")


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """Where new subnets go: one block each, in the order asked. `secondary` is the range that the VPC needs first for
    some of them, None when its own ranges have room.
    """

    blocks: tuple[IPv4Network, ...]
    secondary: IPv4Network | None = None


def blocks_for(count: int, network: VpcNetwork, *, profile: Profile) -> Blocks | None:
    """`count` free blocks of one size: the largest of /20 down to the profile's smallest that the VPC has room for.

    Where even the smallest do not all fit, those that fit stand first and the rest lie in a further range for the VPC.
    None when the VPC, its ranges or its subnets are not known, or no further range is free.
    """
    own, taken = vpc_blocks(network), subnet_blocks(network)
    if not own or taken is None:
        return None
    for prefix in _sizes(profile):
        blocks = tuple(free_blocks(own, taken, prefix, count))
        if len(blocks) == count:
            return Blocks(blocks=blocks)
    fitting = tuple(free_blocks(own, taken, profile.smallest_subnet, count))
    return _with_secondary(fitting, count - len(fitting), network, profile)


def _sizes(profile: Profile) -> range:
    """Prefix lengths from the largest subnet worth having down to the smallest allowed."""
    return range(min(PREFERRED_PREFIX, profile.smallest_subnet), profile.smallest_subnet + 1)


def _with_secondary(
    fitting: tuple[IPv4Network, ...], missing: int, network: VpcNetwork, profile: Profile
) -> Blocks | None:
    for prefix in _sizes(profile):
        whole = max(prefix - (missing - 1).bit_length(), profile.largest_vpc)
        found = secondary_block(whole, network, profile=profile)
        if found is not None:
            blocks = tuple(free_blocks([found], [], prefix, missing))
            return Blocks(blocks=(*fitting, *blocks), secondary=found) if len(blocks) == missing else None
    return None


def vpc_blocks(network: VpcNetwork) -> tuple[IPv4Network, ...]:
    """The IPv4 ranges of the VPC that are its own now, the primary one first; empty when they are not known."""
    if network.vpc is None:
        return ()
    cidrs = network.vpc.cidrs
    stable = [one.cidr for one in cidrs if one.state in {"associated", ""}] if cidrs else [network.vpc.cidr]
    primary = network.vpc.cidr
    return tuple(sorted(_readable(stable), key=lambda block: str(block) != primary))


def subnet_blocks(network: VpcNetwork) -> tuple[IPv4Network, ...] | None:
    """The ranges of all subnets of the VPC, whoever owns them; None when subnets were not read, or the range of one of
    them cannot be.
    """
    if network.subnets is None:
        return None
    cidrs = [subnet.cidr for subnet in network.subnets if subnet.vpc in {"", network.vpc_id} and subnet.cidr]
    found = tuple(_readable(cidrs))
    return found if len(found) == len(cidrs) else None


def _readable(texts: Iterable[str]) -> Iterator[IPv4Network]:
    """Those of the texts that are IPv4 ranges: a facts file may hold anything."""
    for text in texts:
        try:
            yield IPv4Network(text if "/" in text else "", strict=False)
        except ValueError:
            continue


def free_blocks(
    own: Iterable[IPv4Network], taken: Iterable[IPv4Network], prefix: int, count: int
) -> Iterator[IPv4Network]:
    """Up to `count` aligned blocks of size `/prefix` inside `own` that no block of `taken` touches, in the order of
    `own` and then of addresses.

    1. Taken blocks are walked by their first address beside one candidate. 2. One that ends before the candidate says
    nothing. 3. One that meets it pushes the candidate behind its last address, rounded up to the next aligned block.
    4. A candidate that ends before the next taken block, or before the range's end, is free; the next begins behind it.
    So there are no more steps than taken blocks and found ones.
    """
    spans = sorted((int(block.network_address), int(block.broadcast_address)) for block in taken)
    for block in own:
        for found in _free_in(block, spans, prefix):
            if count <= 0:
                return
            count -= 1
            yield found


def last_free_block(
    own: Sequence[IPv4Network], taken: Iterable[IPv4Network], prefix: int
) -> IPv4Network | None:  # fmt: skip
    """The last of what `free_blocks` finds, without listing the others; None when there is none."""
    spans = sorted((int(block.network_address), int(block.broadcast_address)) for block in taken)
    return next((found for block in reversed(own) if (found := _last_in(block, spans, prefix))), None)


def _last_in(block: IPv4Network, spans: Sequence[tuple[int, int]], prefix: int) -> IPv4Network | None:
    """One walk over the gaps between the taken blocks; each gap is asked only for the last aligned block in it."""
    size, begin, last = 2 ** (32 - prefix), int(block.network_address), int(block.broadcast_address)
    found: int | None = None
    for first, end in (*spans, (last + 1, last + 1)):
        candidate = min(first, last + 1) // size * size - size
        if candidate >= begin:
            found = candidate
        begin = max(begin, end + 1)
    return None if found is None else IPv4Network((found, prefix))


def _free_in(block: IPv4Network, spans: Sequence[tuple[int, int]], prefix: int) -> Iterator[IPv4Network]:
    size, last = 2 ** (32 - prefix), int(block.broadcast_address)
    candidate = -(-int(block.network_address) // size) * size
    for first, end in (*spans, (last + 1, last + 1)):
        while candidate + size <= min(first, last + 1):
            yield IPv4Network((candidate, prefix))
            candidate += size
        if end >= candidate:
            candidate = -(-(end + 1) // size) * size


def secondary_block(prefix: int, network: VpcNetwork, *, profile: Profile) -> IPv4Network | None:
    """A further range of size `/prefix` that AWS lets the VPC have and that collides with nothing known.

    AWS allows private ranges of the primary range's own family only, with two exceptions: nothing of 10.0.0.0/16 for a
    primary range in 10.0.0.0/15, and nothing of 172.31.0.0/16. The range must not be as large as or larger than a
    route's destination; one inside a destination would take that destination's addresses away, so it stays out, too.
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions
    None when nothing is free, and for a primary range that is not of RFC 1918.
    """
    primary = next(iter(vpc_blocks(network)), None)
    home = next((block for block in PRIVATE_BLOCKS if primary is not None and primary.subnet_of(block)), None)
    if primary is None or home is None:
        return None
    taken = [*_restricted(primary, home), *known_ranges(network)]
    occupied = [Range(network=block, kind=RangeKind.VPC, label=network.vpc_id) for block in taken]
    return addresses.propose(prefix, occupied, profile=profile)


def _restricted(primary: IPv4Network, home: IPv4Network) -> Iterator[IPv4Network]:
    yield from (block for block in PRIVATE_BLOCKS if block != home)
    if primary.subnet_of(_LOW):
        yield _LOWEST
    if _DEFAULT_VPCS.subnet_of(home):
        yield _DEFAULT_VPCS


def known_ranges(network: VpcNetwork) -> tuple[IPv4Network, ...]:
    """Every IPv4 range that the look showed: those of all VPCs in whatever state, and what routes lead to."""
    cidrs = {cidr for vpc in network.vpcs or () for cidr in (vpc.cidr, *(one.cidr for one in vpc.cidrs)) if cidr}
    destinations = {route.destination for table in network.route_tables or () for route in table.routes}
    return tuple(sorted({block for block in _readable(cidrs | destinations) if block.prefixlen > _EVERYWHERE}))
