"""What all checks of one VPC look at: the facts, indexed once, and the rules. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from networking.checks.catalogue import CATALOGUE
from networking.exposure import Exposure, exposure_of
from networking.routing import Routing
from onboarding.checks.judgments import Judgments
from onboarding.rules.profiles import Profile
from onboarding.stacks.naming import VERIFIER_ROLE
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.gateways import NatGatewayFact
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.zones import ZoneFact
from portal.findings.shapes import Evidence

#: How many ids a sentence lists; the resources of a finding hold all of them.
_NAMED = 6

#: Codes with which EC2 refuses for want of a permission. Others (throttling, faults) pass by themselves.
#: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
_DENIED = frozenset({"UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "AuthFailure"})


@dataclass(frozen=True)
class Effective:
    """The route table that a subnet of the VPC follows. Without a `table`, `doubt` says why and what to do."""

    table: RouteTableFact | None
    inherited: bool = False
    doubt: str = ""


@dataclass(frozen=True)
class Scene:
    """One look at a VPC, the rules to judge it by, what the look is worth, and by which role it was made."""

    network: VpcNetwork
    profile: Profile
    evidence: Evidence = Evidence.OBSERVED
    role: str = VERIFIER_ROLE

    @cached_property
    def say(self) -> Judgments:
        """Makes the findings of this look."""
        return Judgments(CATALOGUE, self.evidence)

    @cached_property
    def subnets(self) -> Mapping[str, SubnetFact]:
        """The subnets that were found, by id; empty as well when they were not read."""
        return {subnet.id: subnet for subnet in self.network.subnets or ()}

    @cached_property
    def nat_gateways(self) -> Mapping[str, NatGatewayFact]:
        """The NAT gateways that were found, by id; empty as well when they were not read."""
        return {gateway.id: gateway for gateway in self.network.nat_gateways or ()}

    def exposure(self, table: RouteTableFact) -> Exposure:
        """What a table lets in from the internet; worked out once, however many subnets follow it."""
        if table.id not in self._exposures:
            self._exposures[table.id] = exposure_of(table)
        return self._exposures[table.id]

    @cached_property
    def _exposures(self) -> dict[str, Exposure]:
        return {}

    @property
    def shared(self) -> bool:
        """Whether another account owns the VPC; then AWS shows only part of it."""
        vpc = self.network.vpc
        return vpc is not None and vpc.owner not in {"", self.network.account}

    @property
    def nowhere(self) -> str:
        """The sentence that the VPC is not there, so that nothing in it can be missing; empty when it may be there."""
        if self.network.vpcs is None or self.network.vpc is not None:
            return ""
        said = _("%(vpc)s was not found, so nobody knows what is in it. Choose a VPC that is there.")
        return said % {"vpc": self.network.vpc_id}

    def zone_id(self, subnet: SubnetFact) -> str:
        """The subnet's zone ID, through the zone's name where the answer had only that; empty when neither says."""
        by_name = self._zones_by_name.get(subnet.zone_name)
        return subnet.zone_id or (by_name.id if by_name else "")

    def zone(self, zone_id: str) -> ZoneFact | None:
        """The zone of that ID, None when it was not listed."""
        return self._zones_by_id.get(zone_id)

    def effective(self, subnet_id: str) -> Effective:
        """The route table that the subnet really follows, or why nobody can say."""
        known = self._effective.get(subnet_id)
        if known is None:
            known = self._effective[subnet_id] = self._find_effective(subnet_id)
        return known

    def _find_effective(self, subnet_id: str) -> Effective:
        if self.network.route_tables is None:
            return Effective(None, doubt=self.unread("ec2:DescribeRouteTables"))
        followed = self.routing.followed(subnet_id)
        if followed.changing:
            said = _("AWS is changing the route table of %(subnet)s just now. Look again in a minute.")
            return Effective(None, doubt=said % {"subnet": subnet_id})
        # A table of its own settles it; the main table only counts for a subnet that is known to be in this VPC.
        doubt = self._stray(subnet_id) if followed.inherited else ""
        if doubt or followed.table is None:
            return Effective(None, doubt=doubt or self._no_table(subnet_id))
        return Effective(followed.table, followed.inherited)

    def _stray(self, subnet_id: str) -> str:
        """Why the VPC's main table says nothing of the subnet; empty when it is in the VPC."""
        subnet = self.subnets.get(subnet_id)
        if self.network.subnets is None:
            return self.unread("ec2:DescribeSubnets")
        if subnet is None:
            return self.not_found(subnet_id)
        if subnet.vpc == self.network.vpc_id:
            return ""
        said = _("%(subnet)s is not known to be in %(vpc)s, so its routes were not judged. Choose another subnet.")
        return said % {"subnet": subnet_id, "vpc": self.network.vpc_id}

    def _no_table(self, subnet_id: str) -> str:
        said = _(
            "AWS showed no route table for %(subnet)s, not even the main table of %(vpc)s. Allow "
            "ec2:DescribeRouteTables to whoever looks, then look again."
        )
        return said % {"subnet": subnet_id, "vpc": self.network.vpc_id}

    def not_found(self, subnet_id: str) -> str:
        """The sentence that a subnet is not there, so that nothing can be said of it."""
        words = {"subnet": subnet_id, "account": self.network.account, "region": self.network.region}
        said = _("%(subnet)s was not found in account %(account)s, %(region)s. Choose a subnet of the list.")
        return said % words

    def unread(self, action: str) -> str:
        """The sentence that what the IAM action shows (`ec2:DescribeSubnets`) was not read, and what to do."""
        refused = self.network.refusal(action)
        words = {
            "action": action,
            "account": self.network.account,
            "region": self.network.region,
            "role": self.role,
        }
        if refused is None:
            said = _(
                "What %(action)s shows of account %(account)s in %(region)s was not read. Allow %(action)s to whoever "
                "looks, then look again."
            )
        elif refused.code in _DENIED:
            said = _(
                "AWS refuses %(action)s in account %(account)s, %(region)s. Allow %(action)s to %(role)s, then look "
                "again."
            )
        else:
            said = _(
                "AWS gave no answer to %(action)s in account %(account)s, %(region)s. Look again; if it stays so, see "
                "whether %(role)s may call %(action)s."
            )
        return said % words

    @cached_property
    def _effective(self) -> dict[str, Effective]:
        """What was found already: several checks ask for the table of each subnet."""
        return {}

    @cached_property
    def s3_gateways(self) -> tuple[EndpointFact, ...]:
        """The S3 gateway endpoints of this VPC and region, whatever their state."""
        return self.network.s3_gateways

    @cached_property
    def working_s3_gateways(self) -> tuple[EndpointFact, ...]:
        """Those of them that are available."""
        return tuple(endpoint for endpoint in self.s3_gateways if endpoint.state.lower() == "available")

    @cached_property
    def s3_tables(self) -> frozenset[str]:
        """The route tables that working S3 gateway endpoints are on, whichever serves which."""
        return frozenset(table for endpoint in self.working_s3_gateways for table in endpoint.route_tables)

    @cached_property
    def routing(self) -> Routing:
        """Which table each subnet follows."""
        return Routing.of(self.network)

    @cached_property
    def _zones_by_id(self) -> Mapping[str, ZoneFact]:
        return {zone.id: zone for zone in self.network.zones or ()}

    @cached_property
    def _zones_by_name(self) -> Mapping[str, ZoneFact]:
        return {zone.name: zone for zone in self.network.zones or ()}


def ids(names: Iterable[str]) -> str:
    """Ids as part of a sentence: the first few, and how many more."""
    every: Sequence[str] = tuple(names)
    if len(every) <= _NAMED:
        return ", ".join(every)
    return _("%(ids)s and %(count)d more") % {"ids": ", ".join(every[:_NAMED]), "count": len(every) - _NAMED}
