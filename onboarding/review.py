"""What the irreversible review shows, as one value: the page renders it, its hash is confirmed, the launch compares."""

import hashlib
import json
from dataclasses import asdict, dataclass
from ipaddress import IPv4Network
from typing import Any

from django.conf import settings

from onboarding.models import Deployment, InfrastructurePlan
from onboarding.stacks.choices import LaunchChoices, Zone
from onboarding.stacks.kinds import stacks_for
from onboarding.stacks.subnets import SubnetPlan, subnet_plan


class Incomplete(Exception):
    """The plan lacks a choice; nothing can be reviewed yet."""


@dataclass(frozen=True, kw_only=True)
class Review:
    """Everything that is decided once. Two reviews with one hash are the same decision."""

    deployment: str
    slug: str
    account_id: str
    region: str
    vpc_mode: str
    cidr: str
    zones: tuple[tuple[str, str], ...]
    private_subnets: tuple[str, ...]
    public_subnets: tuple[str, ...]
    stacks: tuple[str, ...]
    profile: str

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON of every field."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def plan_of(deployment: Deployment) -> InfrastructurePlan:
    """The deployment's plan, made empty when there is none yet."""
    plan, _fresh = InfrastructurePlan.objects.get_or_create(
        deployment=deployment,
        defaults={"organisation_id": deployment.organisation_id, "region": deployment.requested_region},
    )
    return plan


def choices_of(deployment: Deployment, plan: InfrastructurePlan) -> LaunchChoices:
    """The plan as the stacks take it. Raises Incomplete."""
    if deployment.connection is None or not (plan.region and plan.cidr) or len(plan.zones) != 3:
        raise Incomplete
    first, second, third = (Zone(name=zone["name"], id=zone["id"]) for zone in plan.zones)
    return LaunchChoices(
        account_id=deployment.connection.account_id,
        region=plan.region,
        slug=deployment.slug,
        zones=(first, second, third),
        profile=deployment.profile,
        vendor_account_id=settings.VENDOR_ACCOUNT_ID,
        cidr=IPv4Network(plan.cidr),
    )


def split_of(plan: InfrastructurePlan) -> SubnetPlan:
    """The subnets that the plan's CIDR is cut into."""
    return subnet_plan(IPv4Network(plan.cidr))


def review_of(deployment: Deployment, plan: InfrastructurePlan) -> Review:
    """The review of a complete plan. Raises Incomplete."""
    choices = choices_of(deployment, plan)
    split = split_of(plan)
    return Review(
        deployment=deployment.name,
        slug=deployment.slug,
        account_id=choices.account_id,
        region=plan.region,
        vpc_mode=plan.vpc_mode,
        cidr=plan.cidr,
        zones=tuple((zone.name, zone.id) for zone in choices.zones),
        private_subnets=tuple(str(subnet.cidr) for subnet in split.private),
        public_subnets=tuple(str(subnet.cidr) for subnet in split.public),
        stacks=tuple(kind.stack_name(deployment.slug) for kind in stacks_for(choices)),
        profile=deployment.profile,
    )


def as_words(review: Review) -> dict[str, Any]:
    """The review as plain JSON values, for the event that records a confirmation."""
    return asdict(review)
