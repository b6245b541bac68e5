"""An account as AWS describes it, stored as the survey that a worker would have recorded."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onboarding import actions
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.rules.profiles import profile
from onboarding.states import DeploymentState, VpcMode
from onboarding.surveys import KIND, Survey
from portal.aws.facts.quotas import QuotaFact, UsageFact
from portal.aws.facts.regions import RegionFact
from portal.aws.facts.vpcs import VpcFact
from portal.aws.facts.zones import ZoneFact
from portal.findings.models import Observation
from portal.findings.models.observations import record_observation
from tests.people import Person, make_connection, make_deployment

REGION = "us-east-1"
ZONES = ("use1-az1", "use1-az2", "use1-az4")


def region(name: str, status: str = "opt-in-not-required") -> dict[str, str]:
    return {"RegionName": name, "OptInStatus": status, "Endpoint": f"ec2.{name}.amazonaws.com"}


def zone(letter: str, number: int, state: str = "available", kind: str = "availability-zone") -> dict[str, str]:
    return {
        "ZoneName": f"{REGION}{letter}",
        "ZoneId": f"use1-az{number}",
        "RegionName": REGION,
        "ZoneType": kind,
        "State": state,
        "GroupName": f"{REGION}-zg-1",
        "OptInStatus": "opt-in-not-required",
    }


def vpc(number: int, cidr: str, name: str = "") -> dict[str, Any]:
    return {
        "VpcId": f"vpc-{number:017x}",
        "CidrBlock": cidr,
        "CidrBlockAssociationSet": [{"CidrBlock": cidr, "CidrBlockState": {"State": "associated"}}],
        "State": "available",
        "IsDefault": False,
        "Tags": [{"Key": "Name", "Value": name}] if name else [],
    }


#: As DescribeAvailabilityZones answers: use1-az3 is barred by EKS, use1-az5 is impaired.
AWS_ZONES = [zone("a", 6), zone("b", 1), zone("c", 2), zone("d", 4), zone("e", 3), zone("f", 5, "impaired")]
AWS_REGIONS = [region(code) for code in profile().region_codes if code != "il-central-1"]
AWS_REGIONS += [region("il-central-1", "not-opted-in")]


def survey(vpcs: list[dict[str, Any]] | None = None, *, at: str = REGION, **changes: Any) -> Survey:
    """What one look at the account showed. `changes` go to Survey."""
    needs = profile().quota_needs
    zones = [ZoneFact.from_aws(document) for document in AWS_ZONES]
    quota = {"ServiceCode": "", "QuotaCode": "", "QuotaName": "", "Value": 1000.0, "Adjustable": True}
    facts: dict[str, Any] = {
        "regions": tuple(RegionFact.from_aws(document) for document in AWS_REGIONS),
        "zones": tuple(zones),
        "vpcs": tuple(VpcFact.from_aws(document) for document in vpcs or ()),
        "quotas": tuple(
            QuotaFact.from_aws({**quota, "ServiceCode": need.service, "QuotaCode": need.code}) for need in needs
        ),
        "usage": (
            *(UsageFact(service=need.service, code=need.code, used=1) for need in needs if need.per != "zone"),
            *(UsageFact(service="vpc", code="L-FE5A380F", used=0, scope=one.id) for one in zones),
        ),
    }
    return Survey(region=at, **{**facts, **changes})


def look(deployment: Deployment, seen: Survey, *, ago: timedelta = timedelta()) -> Observation:
    """Stores a survey as the worker does, `ago` before now."""
    row = record_observation(
        organisation=deployment.organisation,
        kind=KIND,
        subject_id=deployment.pk,
        judge=lambda: seen.findings(profile()),
        facts=seen.to_json(),
    )
    Observation.objects.filter(pk=row.pk).update(observed_at=timezone.now() - ago)
    return row


def at_infrastructure(organisation: Any, **more: Any) -> Deployment:
    """A deployment whose roles are proven, at the infrastructure step."""
    connection = make_connection(organisation)
    return make_deployment(
        organisation, connection=connection, state=DeploymentState.INFRASTRUCTURE, requested_region=REGION, **more
    )


def choose(deployment: Deployment, person: Person, **changes: Any) -> InfrastructurePlan:
    """Saves choices by the action."""
    deployment.refresh_from_db()
    assert person.user is not None
    names = {document["ZoneId"]: document["ZoneName"] for document in AWS_ZONES}
    wanted: dict[str, Any] = {
        "region": REGION,
        "vpc_mode": VpcMode.NEW,
        "cidr": "10.9.0.0/16",
        "zones": [{"name": names[one], "id": one} for one in ZONES],
        "other_zone_map": {},
    }
    return actions.choose_infrastructure(
        deployment=deployment, version=deployment.version, by=person.user, **{**wanted, **changes}
    )


def address(name: str, deployment: Deployment, **more: Any) -> str:
    return reverse(f"onboarding:{name}", kwargs={"deployment_id": deployment.pk, **more})


def fields(client: Client, path: str, **changes: Any) -> dict[str, Any]:
    """The choices form as a browser would send it: key and version from the page, the rest as given."""
    page = client.get(path).content.decode()
    return {
        "form_key": between(page, 'name="form_key" value="', '"'),
        "version": between(page, 'name="version" value="', '"'),
        "region": REGION,
        "vpc_mode": "new",
        "cidr": "10.9.0.0/16",
        "zones[]": list(ZONES),
        "other_zones": "",
        **changes,
    }


def between(text: str, before: str, after: str) -> str:
    """What stands between two marks, the first time. Raises ValueError when it does not."""
    start = text.index(before) + len(before)
    return text[start : text.index(after, start)]
