"""EC2: regions, zones and networks, read and merged over all pages.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
"""

from collections.abc import Mapping
from typing import Any

from portal.aws.errors import speaking
from portal.aws.facts.regions import RegionFact
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
