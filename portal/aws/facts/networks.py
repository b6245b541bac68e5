"""A VPC with everything round it that a validation needs, as one value from one look."""

from dataclasses import dataclass

from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.gateways import NatGatewayFact
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.shapes import Fact
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import VpcFact
from portal.aws.facts.zones import ZoneFact


def s3_service(region: str) -> str:
    """The name of S3's endpoint service in a region.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
    """
    return f"com.amazonaws.{region}.s3"


@dataclass(frozen=True, kw_only=True)
class RefusedRead(Fact):
    """A read that AWS refused: the IAM action (`ec2:DescribeSubnets`) and AWS's error code."""

    action: str
    code: str


@dataclass(frozen=True, kw_only=True)
class VpcNetwork(Fact):
    """One VPC of one account and region. A part that is None was not looked at or not shown; an empty one has nothing.

    `account` is the registered account, `vpcs` holds the VPC itself (with its DNS attributes where they were read) if
    it is there, `subnets` those of the VPC and those that were asked for by id and lie elsewhere.
    """

    account: str
    region: str
    vpc_id: str
    zones: tuple[ZoneFact, ...] | None = None
    vpcs: tuple[VpcFact, ...] | None = None
    subnets: tuple[SubnetFact, ...] | None = None
    route_tables: tuple[RouteTableFact, ...] | None = None
    endpoints: tuple[EndpointFact, ...] | None = None
    nat_gateways: tuple[NatGatewayFact, ...] | None = None
    refused: tuple[RefusedRead, ...] = ()

    @property
    def vpc(self) -> VpcFact | None:
        """The VPC, or None when it is not there or VPCs could not be read."""
        return next((vpc for vpc in self.vpcs or () if vpc.id == self.vpc_id), None)

    @property
    def s3_gateways(self) -> tuple[EndpointFact, ...]:
        """The S3 gateway endpoints of this VPC and region in whatever state, by id; none where they were not read."""
        service = s3_service(self.region)
        found = (one for one in self.endpoints or () if one.vpc == self.vpc_id and one.service == service)
        return tuple(sorted((one for one in found if one.type.lower() == "gateway"), key=lambda one: one.id))

    def subnet(self, subnet_id: str) -> SubnetFact | None:
        """The subnet of that id, or None when it was not found."""
        return next((subnet for subnet in self.subnets or () if subnet.id == subnet_id), None)

    def refusal(self, action: str) -> RefusedRead | None:
        """How AWS refused `action` (`ec2:DescribeSubnets`), or None when it did not."""
        return next((refused for refused in self.refused if refused.action == action), None)
