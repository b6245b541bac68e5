"""The address plan of one deployment: its map, the overlaps of a typed CIDR, a free proposal, the subnets."""

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Self

from onboarding.addresses import AddressMap, Overlap, Range, RangeKind, address_map, overlaps, propose, reserved_and
from onboarding.checks.cidr import vpc_ranges
from onboarding.inputs.cidrs import vpc_cidr
from onboarding.inputs.refusals import Refused
from onboarding.models import DeclaredRange, Deployment
from onboarding.rules.profiles import profile as rule_profile
from onboarding.stacks.subnets import SubnetPlan, subnet_plan
from onboarding.surveys import Seen

KINDS = {DeclaredRange.Kind.PEER: RangeKind.PEER, DeclaredRange.Kind.ON_PREMISES: RangeKind.ON_PREMISES}


@dataclass(frozen=True, kw_only=True)
class AddressPlan:
    """`error` is set instead of `chosen` when the text is no usable CIDR; `proposal` is free among all known."""

    typed: str
    chosen: IPv4Network | None
    error: str
    suggestion: str
    overlaps: tuple[Overlap, ...]
    map: AddressMap
    proposal: IPv4Network | None
    split: SubnetPlan | None
    looked: bool

    @classmethod
    def of(cls, deployment: Deployment, seen: Seen | None, typed: str) -> Self:
        """The plan for what is typed now; nothing typed shows only what is taken."""
        profile = rule_profile(deployment.profile)
        occupied = reserved_and(profile, occupied_ranges(deployment, seen))
        chosen, error, suggestion = None, "", ""
        if typed.strip():
            try:
                chosen = vpc_cidr(typed, profile=profile)
            except Refused as refused:
                error, suggestion = refused.message, refused.suggestion
        return cls(
            typed=typed,
            chosen=chosen,
            error=error,
            suggestion=suggestion,
            overlaps=overlaps(chosen, occupied) if chosen else (),
            map=address_map(chosen, occupied),
            proposal=propose(chosen.prefixlen if chosen else 16, occupied, profile=profile),
            split=subnet_plan(chosen) if chosen else None,
            looked=seen is not None and seen.survey.vpcs is not None,
        )


def declared_ranges(deployment: Deployment) -> list[Range]:
    """What the customer declared, as ranges."""
    rows = DeclaredRange.objects.filter(deployment=deployment)
    return [
        Range(network=IPv4Network(row.cidr), kind=KINDS[DeclaredRange.Kind(row.kind)], label=row.label) for row in rows
    ]


def occupied_ranges(deployment: Deployment, seen: Seen | None) -> list[Range]:
    """Declared ranges and those of the account's VPCs in the region."""
    vpcs = (seen.survey.vpcs if seen else None) or ()
    return [*vpc_ranges(vpcs), *declared_ranges(deployment)]
