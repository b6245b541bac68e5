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
    """Everything that is decided once. Two reviews with one hash are the same decision.

    A VPC that the customer brings has `vpc_id` and `subnet_ids`, with one entry of `zones` per subnet, and no subnets
    to be made.
    """

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
    vpc_id: str = ""
    subnet_ids: tuple[str, ...] = ()

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON of every field that says something.

        The fields of a brought VPC are left out of a new one's, so that what was confirmed before there were such
        fields stays confirmed.
        """
        content = asdict(self)
        if not self.vpc_id:
            del content["vpc_id"], content["subnet_ids"]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def plan_of(deployment: Deployment) -> InfrastructurePlan:
    """The deployment's plan, made empty when there is none yet."""
    plan, _fresh = InfrastructurePlan.objects.get_or_create(
        deployment=deployment,
        defaults={"organisation_id": deployment.organisation_id, "region": deployment.requested_region},
    )
    return plan


def choices_of(deployment: Deployment, plan: InfrastructurePlan) -> LaunchChoices:
    """The plan as the stacks take it. Raises Incomplete."""
    if deployment.connection is None or not _complete(plan):
        raise Incomplete
    return LaunchChoices(
        account_id=deployment.connection.account_id,
        region=plan.region,
        slug=deployment.slug,
        # Several subnets of a brought VPC may lie in one zone.
        zones=tuple(dict.fromkeys(zones_of(plan))),
        profile=deployment.profile,
        vendor_account_id=settings.VENDOR_ACCOUNT_ID,
        cidr=None if plan.brings_vpc else IPv4Network(plan.cidr),
        vpc_id=plan.vpc_id if plan.brings_vpc else None,
        private_subnet_ids=tuple(plan.subnet_ids) if plan.brings_vpc else (),
    )


def zones_of(plan: InfrastructurePlan) -> tuple[Zone, ...]:
    """The plan's zones in their order; of a brought VPC one per subnet."""
    return tuple(Zone(name=zone["name"], id=zone["id"]) for zone in plan.zones)


def _complete(plan: InfrastructurePlan) -> bool:
    """Whether everything is chosen that a launch needs; whether it is good is judged elsewhere."""
    if not plan.region:
        return False
    if not plan.brings_vpc:
        return bool(plan.cidr) and len(plan.zones) == len({zone.id for zone in zones_of(plan)}) == 3
    known = {zone.id for zone in zones_of(plan) if zone.id}
    placed = len(plan.zones) == len(plan.subnet_ids) and all(zone.id for zone in zones_of(plan))
    return bool(plan.vpc_id) and placed and len(set(plan.subnet_ids)) >= 3 and len(known) >= 3


def split_of(plan: InfrastructurePlan) -> SubnetPlan:
    """The subnets that the plan's CIDR is cut into."""
    return subnet_plan(IPv4Network(plan.cidr))


def review_of(deployment: Deployment, plan: InfrastructurePlan) -> Review:
    """The review of a complete plan. Raises Incomplete."""
    choices = choices_of(deployment, plan)
    split = None if plan.brings_vpc else split_of(plan)
    return Review(
        deployment=deployment.name,
        slug=deployment.slug,
        account_id=choices.account_id,
        region=plan.region,
        vpc_mode=plan.vpc_mode,
        cidr=plan.cidr,
        zones=tuple((zone.name, zone.id) for zone in zones_of(plan)),
        private_subnets=tuple(str(subnet.cidr) for subnet in split.private) if split else (),
        public_subnets=tuple(str(subnet.cidr) for subnet in split.public) if split else (),
        stacks=tuple(kind.stack_name(deployment.slug) for kind in stacks_for(choices)),
        profile=deployment.profile,
        vpc_id=choices.vpc_id or "",
        subnet_ids=choices.private_subnet_ids,
    )


def as_words(review: Review) -> dict[str, Any]:
    """The review as plain JSON values, for the event that records a confirmation."""
    return asdict(review)
