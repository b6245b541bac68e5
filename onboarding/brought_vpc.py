"""A VPC that the customer brings, as the five facts that support approves."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass

from onboarding.models import Deployment, InfrastructurePlan
from onboarding.review import Incomplete, zones_of
from onboarding.stacks.choices import Zone


@dataclass(frozen=True, kw_only=True)
class FiveFacts:
    """AWS account, region, VPC, private subnets and the zones they lie in: `zones` has one entry per subnet."""

    account_id: str
    region: str
    vpc_id: str
    subnet_ids: tuple[str, ...]
    zones: tuple[Zone, ...]

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON of the five facts; the order in which the subnets were chosen is no fact."""
        pairs = sorted(
            zip(self.subnet_ids, (asdict(zone) for zone in self.zones), strict=True), key=lambda pair: pair[0]
        )
        facts = {"account": self.account_id, "region": self.region, "vpc": self.vpc_id, "subnets": pairs}
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def five_facts(deployment: Deployment, plan: InfrastructurePlan) -> FiveFacts:
    """What the plan says now.

    Raises Incomplete where one of the five is not chosen or the zone of a subnet is not known, or a new VPC is chosen.
    """
    zones = zones_of(plan)
    chosen = plan.brings_vpc and plan.region and plan.vpc_id and plan.subnet_ids
    placed = len(zones) == len(plan.subnet_ids) and all(zone.id for zone in zones)
    if deployment.connection is None or not (chosen and placed):
        raise Incomplete
    return FiveFacts(
        account_id=deployment.connection.account_id,
        region=plan.region,
        vpc_id=plan.vpc_id,
        subnet_ids=tuple(plan.subnet_ids),
        zones=zones,
    )


def is_approved(deployment: Deployment, plan: InfrastructurePlan) -> bool:
    """Whether support approved exactly these five facts; an approval of others does not count."""
    return _is_of(deployment, plan, plan.vpc_approved_hash)


def is_with_support(deployment: Deployment, plan: InfrastructurePlan) -> bool:
    """Whether exactly these five facts were sent to support, which has not decided yet."""
    return _is_of(deployment, plan, plan.vpc_sent_hash) and not is_approved(deployment, plan)


def _is_of(deployment: Deployment, plan: InfrastructurePlan, content_hash: str) -> bool:
    try:
        now = five_facts(deployment, plan).content_hash
    except Incomplete:
        return False
    return hmac.compare_digest(content_hash, now)
