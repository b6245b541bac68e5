"""What somebody who starts a peering can pick from: the VPCs of the target account in one region."""

from dataclasses import dataclass
from typing import Any, Self

from networking.kinds import VICINITY
from networking.peering.checks.ranges import outermost, overlaps
from onboarding.models import Deployment
from portal.aws.facts.networks import RefusedRead
from portal.aws.facts.shapes import Fact
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import VpcFact
from portal.findings.models import Observation


@dataclass(frozen=True, kw_only=True)
class Vicinity(Fact):
    """The VPCs and subnets of `account` in `region`, and the BYOC VPC beside them. None: not shown to us."""

    account: str
    region: str
    byoc: VpcFact | None = None
    vpcs: tuple[VpcFact, ...] | None = None
    subnets: tuple[SubnetFact, ...] | None = None
    refused: tuple[RefusedRead, ...] = ()

    def vpc(self, vpc_id: str) -> VpcFact | None:
        """The VPC of that id, if it was seen."""
        return next((vpc for vpc in self.vpcs or () if vpc.id == vpc_id), None)

    def subnets_of(self, vpc_id: str) -> tuple[SubnetFact, ...]:
        """The subnets that were seen in a VPC."""
        return tuple(subnet for subnet in self.subnets or () if subnet.vpc == vpc_id)


@dataclass(frozen=True)
class SeenVicinity:
    """A stored look and when it was made."""

    vicinity: Vicinity
    observation: Observation

    @classmethod
    def newest(cls, deployment: Deployment, account: str, region: str) -> Self | None:
        """The newest look at that account and region; None when there is none. One query."""
        rows: Any = Observation.objects.filter(
            organisation_id=deployment.organisation_id,
            subject_id=deployment.pk,
            kind=VICINITY,
            facts__account=account,
            facts__region=region,
        )
        found = rows.order_by("-observed_at").first()
        return cls(Vicinity.from_json(found.facts), found) if found else None


def known_ranges(ranges: tuple[str, ...], seen: SeenVicinity | None) -> tuple[str, ...]:
    """Every range of the BYOC VPC that is known: `ranges`, which the plan holds, and those that the look saw."""
    vpc = seen.vicinity.byoc if seen else None
    return tuple(dict.fromkeys((*ranges, *(vpc.ranges if vpc else ()))))


def clashes(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The pairs of ranges (ours, theirs) with a common address; AWS refuses a peering for any of them.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations
    """
    return tuple((one.text, other.text) for one, other in overlaps(outermost(ours), outermost(theirs)))
