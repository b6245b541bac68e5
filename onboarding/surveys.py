"""A survey: what one look at a region of the account showed, as one value that is stored and judged again at will."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from onboarding.checks.quotas import check_quotas
from onboarding.checks.regions import check_region
from onboarding.checks.zones import check_region_zones
from onboarding.models import Deployment
from onboarding.rules.profiles import Profile
from portal.aws.facts.quotas import QuotaFact, UsageFact
from portal.aws.facts.regions import RegionFact
from portal.aws.facts.shapes import Fact
from portal.aws.facts.vpcs import VpcFact
from portal.aws.facts.zones import ZoneFact
from portal.findings.models import Observation
from portal.findings.shapes import Finding

KIND = "survey"


@dataclass(frozen=True, kw_only=True)
class Survey(Fact):
    """Facts of one region. None: not looked at or not allowed to; an empty tuple: looked, and there is nothing."""

    region: str
    regions: tuple[RegionFact, ...] | None = None
    zones: tuple[ZoneFact, ...] | None = None
    vpcs: tuple[VpcFact, ...] | None = None
    quotas: tuple[QuotaFact, ...] | None = None
    usage: tuple[UsageFact, ...] | None = None

    def findings(self, profile: Profile, zones: Sequence[str] = (), *, new_vpc: bool = True) -> list[Finding]:
        """What the survey means for a launch in its region; `zones` are the chosen zone IDs."""
        return [
            *check_region(self.region, profile=profile, regions=self.regions),
            *check_region_zones(self.zones, region=self.region, profile=profile),
            *check_quotas(profile.needs(new_vpc=new_vpc), quotas=self.quotas, usage=self.usage, zones=zones),
        ]


@dataclass(frozen=True)
class Seen:
    """A stored survey and when it was made."""

    survey: Survey
    observation: Observation

    @classmethod
    def of(cls, observation: Observation) -> Self:
        return cls(Survey.from_json(observation.facts), observation)


def newest_survey(deployment: Deployment, region: str = "") -> Seen | None:
    """The newest survey of a region, or of any; None when there is none yet."""
    looks: Any = Observation.objects.filter(
        organisation_id=deployment.organisation_id, subject_id=deployment.pk, kind=KIND
    )
    if region:
        looks = looks.filter(facts__region=region)
    newest = looks.order_by("-observed_at").first()
    return Seen.of(newest) if newest else None
