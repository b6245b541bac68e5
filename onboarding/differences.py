"""What two people chose differently, value beside value."""

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
    stored = "\n".join(f"{name} {zone}" for name, zone in sorted(plan.other_zone_map.items()))
    pairs = (
        (_("Region"), str(wanted["region"]), plan.region),
        (_("VPC"), str(VpcMode(wanted["vpc_mode"]).label), str(VpcMode(plan.vpc_mode).label)),
        (_("CIDR of the BYOC VPC"), str(wanted["cidr"]), plan.cidr),
        (_("Zones"), ", ".join(sorted(wanted["zones"])), ", ".join(sorted(str(zone["id"]) for zone in plan.zones))),
        (_("Zones of another account"), str(wanted["other_zones"]), stored),
    )
    return tuple(Difference(label=label, yours=yours, now=now) for label, yours, now in pairs if yours != now)
