"""Starting a peering in three questions: where is your VPC, which one is it, and which of its subnets need access."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.utils.translation import gettext as _

from networking.kinds import VICINITY_LOOK
from networking.models import Peering
from networking.peering.access import proven_link
from networking.peering.byoc import ByocVpc
from networking.peering.vicinity import SeenVicinity, clashes, known_ranges
from networking.states import PeeringState
from onboarding.models import Deployment
from onboarding.survey_work import SurveyWork
from portal.aws.facts.shapes import tag_value
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import VpcFact


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A VPC that was seen. `why_not`: why it cannot be peered, with the blocks named; empty where it can."""

    id: str
    name: str
    ranges: tuple[str, ...]
    why_not: str

    @property
    def words(self) -> str:
        """What a search looks through."""
        return " ".join((self.id, self.name, *self.ranges)).lower()


@dataclass(frozen=True, kw_only=True)
class PeeringStart:
    """What is known of the target so far. `can_look`: a role of ours reads that account."""

    deployment: Deployment
    account: str
    region: str
    vpc_id: str
    byoc: ByocVpc
    seen: SeenVicinity | None
    work: SurveyWork
    can_look: bool

    @classmethod
    def of(cls, deployment: Deployment, byoc: ByocVpc, account: str, region: str, vpc_id: str) -> Self:
        """Six queries at most."""
        own = deployment.connection is not None and deployment.connection.account_id == account
        return cls(
            deployment=deployment,
            account=account,
            region=region,
            vpc_id=vpc_id,
            byoc=byoc,
            seen=SeenVicinity.newest(deployment, account, region) if account and region else None,
            work=SurveyWork.of(deployment, VICINITY_LOOK),
            can_look=bool(account) and (own or proven_link(deployment.organisation_id, account) is not None),
        )

    @cached_property
    def byoc_ranges(self) -> tuple[str, ...]:
        """Every range of the BYOC VPC that is known: the plan's, and those that the newest look saw."""
        return known_ranges(self.byoc.ranges, self.seen)

    @cached_property
    def candidates(self) -> tuple[Candidate, ...] | None:
        """The VPCs that were seen, those that can be peered first; None where nobody could list them."""
        vpcs = self.seen.vicinity.vpcs if self.seen else None
        if vpcs is None:
            return None
        taken = set(
            Peering.objects.filter(deployment=self.deployment)
            .exclude(state=PeeringState.REMOVED)
            .values_list("vpc_id", flat=True)
        )
        found = (self._candidate(vpc, taken) for vpc in vpcs if vpc.id != self.byoc.vpc_id)
        return tuple(sorted(found, key=lambda one: (bool(one.why_not), one.name, one.id)))

    def _candidate(self, vpc: VpcFact, taken: set[str]) -> Candidate:
        ranges = vpc.ranges
        pairs = clashes(self.byoc_ranges, ranges)
        why_not = ""
        if vpc.id in taken:
            why_not = _("has a peering already")
        elif vpc.owner not in {"", self.account}:
            why_not = _("belongs to account %(owner)s, which shares it: start with that account") % {"owner": vpc.owner}
        elif pairs:
            listed = ", ".join(f"{theirs} ~ {ours}" for ours, theirs in pairs)
            why_not = _("overlaps the BYOC VPC: %(pairs)s") % {"pairs": listed}
        return Candidate(id=vpc.id, name=tag_value(vpc.tags, "Name") or "", ranges=ranges, why_not=why_not)

    @property
    def vpc(self) -> VpcFact | None:
        """The chosen VPC, where it was seen."""
        return self.seen.vicinity.vpc(self.vpc_id) if self.seen and self.vpc_id else None

    @property
    def subnets(self) -> tuple[SubnetFact, ...]:
        """The subnets of the chosen VPC, where they were seen."""
        found = self.seen.vicinity.subnets_of(self.vpc_id) if self.seen and self.vpc_id else ()
        return tuple(sorted(found, key=lambda one: (tag_value(one.tags, "Name") or "", one.cidr)))

    @property
    def proposed_label(self) -> str:
        """The chosen VPC's own name."""
        return (tag_value(self.vpc.tags, "Name") or "")[:60] if self.vpc else ""
