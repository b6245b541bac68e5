"""What two people chose differently, value beside value."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from onboarding.models import InfrastructurePlan
from onboarding.states import VpcMode


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One choice: `yours` as it was sent, `now` as it is stored."""

    label: str
    yours: str
    now: str


def differences(wanted: dict[str, Any], plan: InfrastructurePlan) -> tuple[Difference, ...]:
    """Where the cleaned data of the form differs from the stored plan."""
    if wanted["vpc_mode"] == VpcMode.EXISTING:
        return _differing(_common(wanted, plan))
    stored = "\n".join(f"{name} {zone}" for name, zone in sorted(plan.other_zone_map.items()))
    pairs = (
        *_common(wanted, plan),
        (_("CIDR of the BYOC VPC"), str(wanted["cidr"]), plan.cidr),
        (_("Zones"), ", ".join(sorted(wanted["zones"])), ", ".join(sorted(str(zone["id"]) for zone in plan.zones))),
        (_("Zones of another account"), str(wanted["other_zones"]), stored),
    )
    return _differing(pairs)


def _common(wanted: dict[str, Any], plan: InfrastructurePlan) -> tuple[tuple[str, str, str], ...]:
    """What is chosen whoever makes the VPC."""
    return (
        (_("Region"), str(wanted["region"]), plan.region),
        (_("VPC"), str(VpcMode(wanted["vpc_mode"]).label), str(VpcMode(plan.vpc_mode).label)),
    )


def _differing(pairs: Iterable[tuple[str, str, str]]) -> tuple[Difference, ...]:
    return tuple(Difference(label=label, yours=yours, now=now) for label, yours, now in pairs if yours != now)
