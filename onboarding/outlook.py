"""What the infrastructure page knows of one region: the newest survey and what can be chosen in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, Self

from onboarding.address_plan import AddressPlan, account_ranges, declared_ranges
from onboarding.addresses import Range
from onboarding.checks.brought import check_brought_cidrs, check_brought_zones
from onboarding.checks.cidr import check_cidr
from onboarding.checks.regions import check_region
from onboarding.checks.zones import check_alignment, check_region_zones, check_zones, usable_zones
from onboarding.inputs.zone_maps import ZoneMap
from onboarding.judged import Judged
from onboarding.models import DeclaredRange, Deployment, InfrastructurePlan
from onboarding.quota_table import QuotaRow, quota_rows
from onboarding.rules.profiles import Profile
from onboarding.rules.profiles import profile as rule_profile
from onboarding.states import VpcMode
from onboarding.surveys import Seen, newest_survey
from onboarding.vpc_rules import vpc_rules
from onboarding.zone_table import ZoneTable, zone_table
from portal.aws.facts.regions import RegionFact
from portal.aws.facts.zones import ZoneFact
from portal.findings.shapes import Finding, Level

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class RegionChoice:
    """A supported region and its state in this account: `enabled` is None while nobody knows."""

    code: str
    title: "StrOrPromise"
    enabled: bool | None


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A region as this account sees it; `seen` is None before anybody has looked.

    `regions` may come from a look at another region: which regions are enabled is a fact of the account.
    """

    deployment: Deployment
    profile: Profile
    region: str
    seen: Seen | None
    regions: tuple[RegionFact, ...] | None
    ranges: tuple[DeclaredRange, ...]

    @classmethod
    def of(cls, deployment: Deployment, region: str) -> Self:
        """The outlook on a region; an unsupported one shows the newest survey of any. Two or three queries."""
        profile = rule_profile(deployment.profile)
        wanted = region if profile.region(region) else ""
        seen = newest_survey(deployment, wanted)
        any_region = seen or newest_survey(deployment)
        return cls(
            deployment=deployment,
            profile=profile,
            region=wanted or (seen.survey.region if seen else profile.region_codes[0]),
            seen=seen,
            regions=any_region.survey.regions if any_region else None,
            ranges=tuple(DeclaredRange.objects.filter(deployment=deployment).order_by("label", "cidr")),
        )

    @property
    def choices(self) -> tuple[RegionChoice, ...]:
        """The supported regions, in the profile's order."""
        listed = {fact.name: fact.enabled for fact in self.regions or ()}
        missing = None if self.regions is None else False
        return tuple(
            RegionChoice(code=one.code, title=one.title, enabled=listed.get(one.code, missing))
            for one in self.profile.regions
        )

    @property
    def closed_regions(self) -> tuple[RegionChoice, ...]:
        """The supported regions that the account has not enabled."""
        return tuple(choice for choice in self.choices if choice.enabled is False)

    @property
    def zones(self) -> tuple[ZoneFact, ...]:
        """Zones that can be chosen."""
        found = self.seen.survey.zones if self.seen else None
        return usable_zones(found or (), profile=self.profile)

    @property
    def zone_choices(self) -> list[tuple[str, str]]:
        """Zone IDs with names, for the form."""
        return [(zone.id, f"{zone.name} ({zone.id})") for zone in self.zones]

    @property
    def zone_names(self) -> dict[str, str]:
        """Zone ID → this account's name for it."""
        return {zone.id: zone.name for zone in self.zones}

    @property
    def occupied(self) -> tuple[Range, ...]:
        """What the account's VPCs use in the region, and what the customer declared."""
        return (*account_ranges(self.seen), *declared_ranges(self.ranges))

    @property
    def knows_vpcs(self) -> bool:
        """Whether the VPCs of the region could be read."""
        return self.seen is not None and self.seen.survey.vpcs is not None

    @property
    def zones_command(self) -> str:
        """What prints the zone map of another account, in the form that is accepted here.

        https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-availability-zones.html
        """
        return (
            f"aws ec2 describe-availability-zones --region {self.region}"
            " --query 'AvailabilityZones[].[ZoneName,ZoneId]' --output text"
        )

    def address_plan(self, typed: str) -> AddressPlan:
        """The plan for a typed CIDR."""
        return AddressPlan.of(self.profile, self.occupied, typed, looked=self.knows_vpcs)

    def zone_table(self, chosen: Sequence[str], pasted: str = "") -> ZoneTable:
        """The zones beside those of another account."""
        found = self.seen.survey.zones if self.seen else None
        return zone_table(found, profile=self.profile, chosen=chosen, pasted=pasted)

    def quota_rows(self, zones: Sequence[str], *, new_vpc: bool = True) -> tuple[QuotaRow, ...]:
        """Quotas needed against present; none before anybody has looked."""
        return quota_rows(self.seen.survey, self.profile, zones, new_vpc=new_vpc) if self.seen else ()

    @property
    def vpc_rules(self) -> tuple[str, ...]:
        """What an existing VPC must have."""
        return vpc_rules(self.profile)

    def region_findings(self) -> Judged:
        """What the survey says of the region itself, judged anew in the reader's language; quotas are in the table."""
        zones = self.seen.survey.zones if self.seen else None
        regions = check_region(self.region, profile=self.profile, regions=self.regions)
        return Judged.of((*regions, *check_region_zones(zones, region=self.region, profile=self.profile)))

    def refused_region(self) -> Finding | None:
        """Why the region cannot be launched in, as far as the account's own list tells; None when it can."""
        judged = check_region(self.region, profile=self.profile, regions=self.regions)
        return next((finding for finding in judged if finding.level is Level.FAILED), None)

    def findings(self, plan: InfrastructurePlan) -> list[Finding]:
        """Everything that is judged of a plan here: region, quotas, range and zones. What a brought VPC must have
        besides is its guard's to judge.
        """
        survey = self.seen.survey if self.seen else None
        ids = [str(zone["id"]) for zone in plan.zones]
        return [
            *(survey.findings(self.profile, ids, new_vpc=not plan.brings_vpc) if survey else []),
            *(self._brought(plan, ids) if plan.brings_vpc else self._made(plan, ids)),
        ]

    def _brought(self, plan: InfrastructurePlan, ids: Sequence[str]) -> list[Finding]:
        """The ranges and zones of an existing VPC; the survey may know ranges beside its first."""
        survey = self.seen.survey if self.seen else None
        listed = [vpc for vpc in (survey.vpcs if survey else None) or () if vpc.id == plan.vpc_id]
        cidrs = dict.fromkeys([*filter(None, [plan.cidr]), *(cidr for vpc in listed for cidr in vpc.associated_cidrs)])
        return [
            *check_brought_cidrs(
                [IPv4Network(cidr, strict=False) for cidr in cidrs],
                vpc_id=plan.vpc_id,
                profile=self.profile,
                declared=declared_ranges(self.ranges),
            ),
            *check_brought_zones(ids, zones=survey.zones if survey else None, profile=self.profile),
        ]

    def _made(self, plan: InfrastructurePlan, ids: Sequence[str]) -> list[Finding]:
        """The range and the zones of a new VPC."""
        survey = self.seen.survey if self.seen else None
        chosen = IPv4Network(plan.cidr) if plan.cidr else None
        other = ZoneMap(pairs=tuple(sorted(plan.other_zone_map.items()))) if plan.other_zone_map else None
        return [
            *check_cidr(
                chosen,
                profile=self.profile,
                vpcs=survey.vpcs if survey else None,
                declared=declared_ranges(self.ranges),
            ),
            *check_zones(ids, zones=survey.zones if survey else None, profile=self.profile),
            *check_alignment(ids, region=plan.region, other=other),
        ]

    def initial(self, plan: InfrastructurePlan, kept: dict[str, Any]) -> dict[str, Any]:
        """What the form shows first: what was typed, else the plan so far, else sensible proposals.

        Range and zones of a VPC that is brought were not typed here, so they are no proposals for a new one.
        """
        same_region = plan.region == self.region
        made = not plan.brings_vpc
        stored = [str(zone["id"]) for zone in plan.zones] if made and same_region else []
        mode = kept.get("vpc_mode")
        typed = [zone for zone in kept.get("zones", []) if zone in self.zone_names]
        return {
            "version": self.deployment.version,
            "region": self.region,
            "vpc_mode": mode if mode in VpcMode.values else plan.vpc_mode,
            "cidr": kept.get("cidr", plan.cidr if made else ""),
            "zones": typed or stored or [zone.id for zone in self.zones[: self.profile.zones]],
            "other_zones": kept.get(
                "other_zones", "\n".join(f"{name} {zone}" for name, zone in sorted(plan.other_zone_map.items()))
            ),
        }
