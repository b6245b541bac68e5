"""What the infrastructure page knows of one region: the newest survey and what can be chosen in it."""

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, Self

from onboarding.address_plan import declared_ranges
from onboarding.checks.cidr import check_cidr
from onboarding.checks.zones import check_alignment, check_zones, usable_zones
from onboarding.inputs.zone_maps import ZoneMap
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.rules.profiles import Profile
from onboarding.rules.profiles import profile as rule_profile
from onboarding.surveys import Seen, newest_survey
from portal.aws.facts.zones import ZoneFact
from portal.findings.shapes import Finding


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A region as this account sees it; `seen` is None before anybody has looked."""

    deployment: Deployment
    profile: Profile
    region: str
    seen: Seen | None

    @classmethod
    def of(cls, deployment: Deployment, region: str) -> Self:
        """The outlook on a region; an unsupported one shows the newest survey of any."""
        profile = rule_profile(deployment.profile)
        wanted = region if profile.region(region) else ""
        seen = newest_survey(deployment, wanted)
        return cls(
            deployment=deployment,
            profile=profile,
            region=wanted or (seen.survey.region if seen else profile.region_codes[0]),
            seen=seen,
        )

    @property
    def zones(self) -> tuple[ZoneFact, ...]:
        """Zones that can be chosen."""
        found = self.seen.survey.zones if self.seen else None
        return usable_zones(found or (), profile=self.profile)

    @property
    def left_out(self) -> list[ZoneFact]:
        """Availability zones of the region that cannot be chosen, because EKS is barred or AWS says so."""
        found = (self.seen.survey.zones if self.seen else None) or ()
        return [zone for zone in found if zone not in self.zones]

    @property
    def zone_choices(self) -> list[tuple[str, str]]:
        """Zone IDs with names, for the form."""
        return [(zone.id, f"{zone.name} ({zone.id})") for zone in self.zones]

    @property
    def zone_names(self) -> dict[str, str]:
        """Zone ID → this account's name for it."""
        return {zone.id: zone.name for zone in self.zones}

    def region_findings(self) -> list[Finding]:
        """What the survey means, judged anew in the reader's language."""
        return self.seen.survey.findings(self.profile) if self.seen else []

    def findings(self, plan: InfrastructurePlan) -> list[Finding]:
        """Everything that is judged of a plan: region, quotas, range and zones."""
        survey = self.seen.survey if self.seen else None
        ids = [str(zone["id"]) for zone in plan.zones]
        chosen = IPv4Network(plan.cidr) if plan.cidr else None
        other = ZoneMap(pairs=tuple(sorted(plan.other_zone_map.items()))) if plan.other_zone_map else None
        return [
            *(survey.findings(self.profile, ids) if survey else []),
            *check_cidr(
                chosen,
                profile=self.profile,
                vpcs=survey.vpcs if survey else None,
                declared=declared_ranges(self.deployment),
            ),
            *check_zones(ids, zones=survey.zones if survey else None, profile=self.profile),
            *check_alignment(ids, region=plan.region, other=other),
        ]

    def initial(self, plan: InfrastructurePlan) -> dict[str, Any]:
        """What the form shows first: the plan so far, else sensible proposals."""
        same_region = plan.region == self.region
        return {
            "version": self.deployment.version,
            "region": self.region,
            "vpc_mode": plan.vpc_mode,
            "cidr": plan.cidr,
            "zones": [zone["id"] for zone in plan.zones]
            if plan.zones and same_region
            else [zone.id for zone in self.zones[: self.profile.zones]],
            "other_zones": "\n".join(f"{name} {zone}" for name, zone in plan.other_zone_map.items()),
        }
