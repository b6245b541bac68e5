"""The address plan of one deployment: its map, the overlaps of a typed CIDR, free proposals, the subnets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Self

from django.utils.translation import gettext as _

from onboarding.address_drawing import Drawing, drawing_of
from onboarding.addresses import AddressMap, Overlap, Range, RangeKind, address_map, overlaps, propose, reserved_and
from onboarding.checks.cidr import vpc_ranges
from onboarding.inputs.cidrs import vpc_cidr
from onboarding.inputs.refusals import Refused
from onboarding.models import DeclaredRange
from onboarding.rules.profiles import Profile
from onboarding.stacks.subnets import SubnetPlan, subnet_plan
from onboarding.surveys import Seen

KINDS = {DeclaredRange.Kind.PEER: RangeKind.PEER, DeclaredRange.Kind.ON_PREMISES: RangeKind.ON_PREMISES}

#: Sizes that are proposed, largest first; those that the profile finds too small are left out.
SIZES = (16, 18, 20, 22)

#: Addresses that one node takes at most: a 2xlarge has up to four interfaces with fifteen addresses each, and the VPC
#: CNI gives every pod an address of the VPC and keeps spare ones.
#: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html
#: https://docs.aws.amazon.com/eks/latest/best-practices/vpc-cni.html
ADDRESSES_PER_NODE = 60

#: Overlaps that are named one by one.
MOST_NAMED = 5


def nodes_for(addresses: int) -> int:
    """How many nodes find room in so many private addresses when each takes as many as it can."""
    return addresses // ADDRESSES_PER_NODE


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A free block of one size, and what fits into it."""

    network: IPv4Network
    usable: int
    nodes: int


@dataclass(frozen=True, kw_only=True)
class AddressPlan:
    """`error` is set instead of `chosen` when the text is no usable CIDR; `proposal` is free among all known.

    `proposal` has the size of what is typed, `proposals` has one free block per size.
    """

    typed: str
    chosen: IPv4Network | None
    error: str
    suggestion: str
    overlaps: tuple[Overlap, ...]
    map: AddressMap
    proposal: IPv4Network | None
    proposals: tuple[Proposal, ...]
    split: SubnetPlan | None
    looked: bool

    @classmethod
    def of(cls, profile: Profile, ranges: Iterable[Range], typed: str, *, looked: bool) -> Self:
        """The plan for what is typed now; nothing typed shows only what is taken.

        `ranges` are those of the account and the declared ones; `looked` says whether the account's VPCs are known.
        """
        occupied = reserved_and(profile, ranges)
        chosen, error, suggestion = _parsed(typed, profile)
        return cls(
            typed=typed,
            chosen=chosen,
            error=error,
            suggestion=suggestion,
            overlaps=overlaps(chosen, occupied) if chosen else (),
            map=address_map(chosen, occupied),
            proposal=propose(chosen.prefixlen if chosen else profile.largest_vpc, occupied, profile=profile),
            proposals=_proposals(profile, occupied),
            split=subnet_plan(chosen) if chosen else None,
            looked=looked,
        )

    @property
    def overlap_sentences(self) -> list[str]:
        """The overlaps in words."""
        return overlap_sentences(self.overlaps)

    @property
    def drawing(self) -> Drawing:
        """The map as rectangles."""
        return drawing_of(self.map)

    @property
    def nodes(self) -> int:
        """About how many nodes fit into the private subnets."""
        return nodes_for(self.split.usable_private) if self.split else 0


def _parsed(typed: str, profile: Profile) -> tuple[IPv4Network | None, str, str]:
    """The range, or nothing with the parser's words and its suggestion."""
    if not typed.strip():
        return None, "", ""
    try:
        return vpc_cidr(typed, profile=profile), "", ""
    except Refused as refused:
        return None, refused.message, refused.suggestion


def _proposals(profile: Profile, occupied: Sequence[Range]) -> tuple[Proposal, ...]:
    found = []
    for prefix in SIZES:
        network = propose(prefix, occupied, profile=profile) if prefix <= profile.smallest_managed_vpc else None
        if network is not None:
            usable = subnet_plan(network).usable_private
            found.append(Proposal(network=network, usable=usable, nodes=nodes_for(usable)))
    return tuple(found)


def overlap_sentences(met: Sequence[Overlap]) -> list[str]:
    """The overlaps in words, at most `MOST_NAMED` of them, and why they matter."""
    said = [overlap.message for overlap in met[:MOST_NAMED]]
    if len(met) > MOST_NAMED:
        said.append(_("It meets %(count)d more ranges.") % {"count": len(met) - MOST_NAMED})
    if any(overlap.taken.kind in {RangeKind.VPC, RangeKind.PEER} for overlap in met):
        said.append(_("VPCs with common addresses can never be peered: AWS refuses it."))
    return said


def declared_ranges(rows: Iterable[DeclaredRange]) -> tuple[Range, ...]:
    """What the customer declared, as ranges."""
    return tuple(
        Range(network=IPv4Network(row.cidr), kind=KINDS[DeclaredRange.Kind(row.kind)], label=row.label) for row in rows
    )


def account_ranges(seen: Seen | None) -> tuple[Range, ...]:
    """What the account's VPCs use in the region that was looked at."""
    return vpc_ranges((seen.survey.vpcs if seen else None) or ())
