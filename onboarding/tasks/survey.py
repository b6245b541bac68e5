"""What an account has: regions, and in one region its zones, VPCs, quotas and what is used of them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from onboarding.rules.profiles import Profile
from onboarding.rules.profiles import profile as rule_profile
from onboarding.surveys import KIND, Survey
from onboarding.tasks.subjects import deployment_of, look_session
from onboarding.tasks.usage import count_usage
from portal.aws import ec2, service_quotas
from portal.aws.errors import Refused
from portal.aws.facts.quotas import QuotaFact
from portal.aws.sessions import AccountSession
from portal.findings.languages import spoken
from portal.findings.models.observations import record_observation
from portal.workflows.shapes import Done, Outcome, Work

#: What a survey calls.
SURVEYING = (
    "ec2:Describe*",
    "eks:ListClusters",
    "elasticloadbalancing:DescribeLoadBalancers",
    "servicequotas:GetAWSDefaultServiceQuota",
    "servicequotas:GetServiceQuota",
)


@dataclass(frozen=True)
class SurveyRegion:
    """Reads one region; which one stands in the workflow's data, else it is the requested one."""

    name: str = "survey"

    def run(self, work: Work) -> Outcome:
        deployment = deployment_of(work)
        profile = rule_profile(deployment.profile)
        region = str(work.workflow.data.get("region") or deployment.requested_region or profile.region_codes[0])
        if region not in profile.region_codes:
            region = profile.region_codes[0]
        survey = read_survey(look_session(work, "survey", *SURVEYING), region, profile)
        record_observation(
            organisation=deployment.organisation,
            kind=KIND,
            subject_id=deployment.pk,
            profile=deployment.profile,
            judge=lambda: survey.findings(profile),
            facts=survey.to_json(),
        )
        return Done(message=spoken(lambda: _("We have read what your account has in %(region)s.") % {"region": region}))


def read_survey(session: AccountSession, region: str, profile: Profile) -> Survey:
    """All facts of a region. What AWS refuses to show is None, and so unknown; a disabled region shows nothing."""
    regions = _unless_refused(lambda: tuple(ec2.regions(session)))
    enabled = any(found.name == region and found.enabled for found in regions or ())
    if not enabled:
        return Survey(region=region, regions=regions)
    zones = _unless_refused(lambda: tuple(ec2.zones(session, region)))
    return Survey(
        region=region,
        regions=regions,
        zones=zones,
        vpcs=_unless_refused(lambda: tuple(ec2.vpcs(session, region))),
        quotas=_quotas(session, region, profile),
        usage=count_usage(session, region, zones or ()),
    )


def _unless_refused(read: Any) -> Any:
    try:
        return read()
    except Refused:
        return None


def _quotas(session: AccountSession, region: str, profile: Profile) -> tuple[QuotaFact, ...]:
    found = (service_quotas.quota(session, region, need.service, need.code) for need in profile.quota_needs)
    return tuple(fact for fact in found if fact is not None)
