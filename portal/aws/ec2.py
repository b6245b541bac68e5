"""EC2: regions, zones and networks, read and merged over all pages; and the three calls that mend a brought VPC.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.aws.errors import speaking
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.regions import RegionFact
from portal.aws.facts.shapes import Tag
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import VpcFact
from portal.aws.facts.zones import ZoneFact
from portal.aws.sessions import HOME_REGION, AccountSession

SERVICE = "ec2"


def regions(session: AccountSession) -> list[RegionFact]:
    """Every region there is, with this account's opt-in status."""
    client = session.reader(SERVICE, HOME_REGION)
    with speaking("ec2:DescribeRegions"):
        answer = client.describe_regions(AllRegions=True)
    return [RegionFact.from_aws(document) for document in answer["Regions"]]


def zones(session: AccountSession, region: str) -> list[ZoneFact]:
    """The region's zones as this account names them; local and wavelength zones among them."""
    client = session.reader(SERVICE, region)
    with speaking("ec2:DescribeAvailabilityZones"):
        answer = client.describe_availability_zones(AllAvailabilityZones=True)
    return [ZoneFact.from_aws(document) for document in answer["AvailabilityZones"]]


def vpcs(session: AccountSession, region: str) -> list[VpcFact]:
    """The account's VPCs in a region."""
    return [VpcFact.from_aws(document) for document in everything(session, region, "describe_vpcs", "Vpcs")]


def everything(
    session: AccountSession, region: str, operation: str, key: str, request: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """All pages of one Describe operation (botocore's method name), merged, as AWS spells them."""
    paginator = session.reader(SERVICE, region).get_paginator(operation)
    with speaking(f"ec2:{''.join(word.title() for word in operation.split('_'))}"):
        return [item for page in paginator.paginate(**(request or {})) for item in page[key]]


def addresses(session: AccountSession, region: str) -> list[dict[str, Any]]:
    """The account's Elastic IP addresses; DescribeAddresses has no pages."""
    client = session.reader(SERVICE, region)
    with speaking("ec2:DescribeAddresses"):
        return list(client.describe_addresses()["Addresses"])


def found_vpcs(session: AccountSession, region: str, vpc_ids: Sequence[str]) -> tuple[VpcFact, ...]:
    """VPCs by id; what is not there is not in the answer, where a request by id would be refused."""
    request = {"Filters": [{"Name": "vpc-id", "Values": list(vpc_ids)}]}
    return tuple(VpcFact.from_aws(one) for one in everything(session, region, "describe_vpcs", "Vpcs", request))


def found_subnets(session: AccountSession, region: str, subnet_ids: Sequence[str]) -> tuple[SubnetFact, ...]:
    """Subnets by id, at most 200; what is not there is not in the answer."""
    request = {"Filters": [{"Name": "subnet-id", "Values": list(subnet_ids)}]}
    listed = everything(session, region, "describe_subnets", "Subnets", request)
    return tuple(SubnetFact.from_aws(document) for document in listed)


def vpc_endpoints(session: AccountSession, region: str, vpc_id: str) -> tuple[EndpointFact, ...]:
    """All endpoints of a VPC, of whatever type and state."""
    request = {"Filters": [{"Name": "vpc-id", "Values": [vpc_id]}]}
    listed = everything(session, region, "describe_vpc_endpoints", "VpcEndpoints", request)
    return tuple(EndpointFact.from_aws(document) for document in listed)


def create_tags(
    session: AccountSession, region: str, resources: Sequence[str], tag: Tag, *, intent_id: UUID
) -> dict[str, str]:
    """CreateTags with one tag; AWS has no client token for it, but a second one changes nothing.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html
    """
    client = session.writer(SERVICE, region, intent_id)
    with speaking("ec2:CreateTags"):
        answer = client.create_tags(Resources=list(resources), Tags=[{"Key": tag.key, "Value": tag.value}])
    return {"id": ",".join(resources), "request_id": answer["ResponseMetadata"]["RequestId"]}


@dataclass(frozen=True, kw_only=True)
class GatewayEndpointRequest:
    """What CreateVpcEndpoint is asked for. `service` is `com.amazonaws.<region>.s3`; its policy is AWS's default, which
    shuts nobody out.
    """

    vpc_id: str
    service: str
    route_tables: tuple[str, ...]
    tags: Mapping[str, str]


def create_gateway_endpoint(
    session: AccountSession, region: str, request: GatewayEndpointRequest, *, intent_id: UUID
) -> dict[str, str]:
    """CreateVpcEndpoint with the intent as client token: sent again, AWS answers with the same endpoint.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
    """
    client = session.writer(SERVICE, region, intent_id)
    listed = [{"Key": key, "Value": value} for key, value in request.tags.items()]
    with speaking("ec2:CreateVpcEndpoint"):
        answer = client.create_vpc_endpoint(
            VpcEndpointType="Gateway",
            VpcId=request.vpc_id,
            ServiceName=request.service,
            RouteTableIds=list(request.route_tables),
            ClientToken=str(intent_id),
            TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": listed}],
        )
    return {"id": answer["VpcEndpoint"]["VpcEndpointId"], "request_id": answer["ResponseMetadata"]["RequestId"]}


def attach_route_tables(
    session: AccountSession, region: str, endpoint_id: str, route_tables: Sequence[str], *, intent_id: UUID
) -> dict[str, str]:
    """ModifyVpcEndpoint that only adds route tables; it has no client token.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html
    """
    client = session.writer(SERVICE, region, intent_id)
    with speaking("ec2:ModifyVpcEndpoint"):
        answer = client.modify_vpc_endpoint(VpcEndpointId=endpoint_id, AddRouteTableIds=list(route_tables))
    return {"id": endpoint_id, "request_id": answer["ResponseMetadata"]["RequestId"]}
