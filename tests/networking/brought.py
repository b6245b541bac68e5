"""A deployment that brings a VPC, with looks made of answers as AWS spells them. Nothing here asks AWS."""

import json
from copy import deepcopy
from typing import Any

from networking.facts.files import parse_facts
from networking.looks import VpcLook, record_look
from onboarding import actions
from onboarding.actions.brought_vpc import bring_vpc
from onboarding.models import Deployment
from onboarding.rules.profiles import profile
from onboarding.states import DeploymentState, VpcMode
from portal.accounts.models import User
from portal.aws.states import ConnectionState
from portal.findings.models import Observation
from tests.people import People, make_connection, make_deployment

REGION = "us-east-1"
VPC = "vpc-0a1b2c3d4e5f60718"
OTHER_VPC = "vpc-0ffffffffffffffff"
SUBNETS = tuple(f"subnet-0a1b2c3d4e5f6071{digit}" for digit in "123")
TABLE = "rtb-0a1b2c3d4e5f60718"
ZONES = (("us-east-1a", "use1-az4"), ("us-east-1b", "use1-az6"), ("us-east-1c", "use1-az1"))
POLICY = '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}'


def facts_document(account: str, *, vpc: str = VPC, **changes: Any) -> dict[str, Any]:
    """The facts file of a VPC that keeps the seed rules; `changes` replace its keys, and None takes one away."""
    document: dict[str, Any] = {
        "format": 1, "account_id": account, "region": REGION, "vpc_id": vpc, "subnet_ids": list(SUBNETS),
        "DescribeAvailabilityZones": {"AvailabilityZones": [
            {"ZoneName": name, "ZoneId": zone, "RegionName": REGION, "ZoneType": "availability-zone",
             "State": "available"} for name, zone in ZONES]},
        "DescribeVpcs": {"Vpcs": [
            {"VpcId": vpc, "OwnerId": account, "CidrBlock": "10.0.0.0/16", "State": "available", "IsDefault": False}]},
        "DescribeSubnets": {"Subnets": [
            {"SubnetId": subnet, "VpcId": vpc, "OwnerId": account, "CidrBlock": f"10.0.{number * 16}.0/20",
             "AvailabilityZone": name, "AvailabilityZoneId": zone, "AvailableIpAddressCount": 4091,
             "State": "available", "Tags": [{"Key": "kubernetes.io/role/internal-elb", "Value": "1"}]}
            for number, (subnet, (name, zone)) in enumerate(zip(SUBNETS, ZONES, strict=True))]},
        "DescribeRouteTables": {"RouteTables": [
            {"RouteTableId": TABLE, "VpcId": vpc,
             "Associations": [{"Main": True, "RouteTableId": TABLE, "AssociationState": {"State": "associated"}}],
             "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}]}]},
        "DescribeVpcEndpoints": {"VpcEndpoints": [
            {"VpcEndpointId": "vpce-0a1b2c3d4e5f60718", "VpcEndpointType": "Gateway", "VpcId": vpc,
             "State": "available", "ServiceName": f"com.amazonaws.{REGION}.s3", "PolicyDocument": POLICY,
             "RouteTableIds": [TABLE]}]},
        "DescribeNatGateways": {"NatGateways": []},
    }  # fmt: skip
    return {key: value for key, value in (document | changes).items() if value is not None}


def untagged(document: dict[str, Any]) -> dict[str, Any]:
    """The same with a subnet that lacks its tag: `subnets.tags` fails."""
    changed = deepcopy(document)
    changed["DescribeSubnets"]["Subnets"][1]["Tags"] = []
    return changed


def facts_bytes(document: dict[str, Any]) -> bytes:
    """The file itself."""
    return json.dumps(document).encode()


def bring(people: People, *, choose: bool = True, name: str = "") -> Deployment:
    """A deployment at the infrastructure step, its trust proven, that brings VPC with its subnets where `choose`."""
    connection = make_connection(people.organisation, state=ConnectionState.PROVEN)
    deployment = make_deployment(
        people.organisation, name, connection=connection, state=DeploymentState.INFRASTRUCTURE,
        requested_region=REGION,
    )  # fmt: skip
    by = user_of(people)
    actions.choose_infrastructure(
        deployment=deployment, region=REGION, vpc_mode=VpcMode.EXISTING, cidr="", zones=[], other_zone_map={},
        version=deployment.version, by=by,
    )  # fmt: skip
    if choose:
        choose_subnets_of(deployment, by)
    return deployment


def choose_subnets_of(deployment: Deployment, by: User, *, vpc: str = VPC, subnets: tuple[str, ...] = SUBNETS) -> None:
    """Saves the VPC and its subnets as a draft."""
    bring_vpc(
        deployment=deployment, region=REGION, vpc_id=vpc, subnet_ids=subnets,
        zones=[{"name": name, "id": zone} for name, zone in ZONES[: len(subnets)]], cidr="10.0.0.0/16",
        version=deployment.version, by=by,
    )  # fmt: skip


def user_of(people: People) -> User:
    """The owner of the organisation."""
    assert people.owner.user is not None
    return people.owner.user


def account_of(deployment: Deployment) -> str:
    """The registered account."""
    assert deployment.connection is not None
    return deployment.connection.account_id


def look(deployment: Deployment, document: dict[str, Any] | None = None, *, stated: bool = False) -> Observation:
    """Keeps a look at what `document` says, by default a VPC that is fine."""
    said = facts_document(account_of(deployment)) if document is None else document
    facts = parse_facts(facts_bytes(said))
    seen = VpcLook(network=facts.network, subnet_ids=facts.subnet_ids, stated=stated)
    return record_look(deployment, seen, profile(deployment.profile))
