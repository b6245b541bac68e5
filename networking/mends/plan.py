"""The plan of changes that a person confirms, and what a workflow keeps of it."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from networking.looks import newest_look
from networking.mends.mending import Mend, mends_for, mends_from_json, plan_hash
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.rules.profiles import profile as rule_profile


@dataclass(frozen=True, kw_only=True)
class MendPlan:
    """What would be changed in one VPC for the chosen subnets. `seen_at` is when the facts were read (aware)."""

    vpc_id: str
    region: str
    subnet_ids: tuple[str, ...]
    mends: tuple[Mend, ...]
    seen_at: datetime | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of the changes: what a confirmation confirms."""
        return plan_hash(self.mends)

    def matches(self, shown_hash: str) -> bool:
        """Whether somebody was shown exactly this plan."""
        return hmac.compare_digest(self.hash.encode(), shown_hash.encode())

    @classmethod
    def of(cls, deployment: Deployment) -> Self | None:
        """By the newest look of ours at the chosen VPC; None while none is chosen or nobody has looked at it.

        What the customer stated with a facts file changes nothing in an account.
        """
        chosen = InfrastructurePlan.objects.filter(deployment=deployment).first()
        if chosen is None or not (chosen.brings_vpc and chosen.vpc_id and chosen.subnet_ids):
            return None
        seen = newest_look(deployment, chosen.vpc_id)
        if seen is None or seen.look.network.region != chosen.region:
            return None
        subnet_ids = tuple(str(subnet_id) for subnet_id in chosen.subnet_ids)
        return cls(
            vpc_id=chosen.vpc_id,
            region=chosen.region,
            subnet_ids=subnet_ids,
            mends=mends_for(seen.look.network, subnet_ids, profile=rule_profile(deployment.profile)),
            seen_at=seen.at,
        )

    def to_data(self) -> dict[str, Any]:
        """As the workflow keeps it."""
        return {
            "vpc_id": self.vpc_id,
            "region": self.region,
            "subnet_ids": list(self.subnet_ids),
            "plan_hash": self.hash,
            "mends": [mend.to_json() for mend in self.mends],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The plan that `to_data` wrote. Raises KeyError or UnreadableFactError."""
        return cls(
            vpc_id=str(data["vpc_id"]),
            region=str(data["region"]),
            subnet_ids=tuple(str(subnet_id) for subnet_id in data["subnet_ids"]),
            mends=mends_from_json(data["mends"]),
        )
