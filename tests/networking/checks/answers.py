"""AWS's answers about one VPC, spelt as EC2 spells them, that keep every rule until a test breaks one."""

import copy
from collections.abc import Callable, Iterable
from typing import Any

from networking.checks.judge import judge_vpc
from onboarding.rules.profiles import profile
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.gateways import NatGatewayFact
from portal.aws.facts.networks import RefusedRead, VpcNetwork
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import VpcFact
from portal.aws.facts.zones import ZoneFact
from portal.findings.shapes import Finding

ACCOUNT, OTHER_ACCOUNT = "222222222222", "333333333333"
REGION = "us-east-1"
VPC, OTHER_VPC = "vpc-0own", "vpc-0other"
CHOSEN = ("subnet-0a", "subnet-0b", "subnet-0c")
ELB, ELB_PUBLIC, BYOC = "kubernetes.io/role/internal-elb", "kubernetes.io/role/elb", "clickhouse-byoc"
FULL_ACCESS = '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}'

type Answers = dict[str, Any]
type Change = Callable[[Answers], object]

#: As AWS shuffles them: letters say nothing of the place. az3 of us-east-1 does not run EKS.
ZONES = {"a": "use1-az6", "b": "use1-az1", "c": "use1-az2", "d": "use1-az4", "e": "use1-az3"}


def tags(**values: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in values.items()]


def zone(letter: str, identifier: str, kind: str = "availability-zone") -> dict[str, Any]:
    return {
        "ZoneName": f"us-east-1{letter}",
        "ZoneId": identifier,
        "ZoneType": kind,
        "State": "available",
        "OptInStatus": "opt-in-not-required",
        "RegionName": REGION,
    }


def subnet(name: str, letter: str, cidr: str, **more: Any) -> dict[str, Any]:
    return {
        "SubnetId": name,
        "VpcId": VPC,
        "CidrBlock": cidr,
        "AvailabilityZone": f"us-east-1{letter}",
        "AvailabilityZoneId": ZONES.get(letter, f"use1-{letter}"),
        "State": "available",
        "AvailableIpAddressCount": 507,
        "OwnerId": ACCOUNT,
        "Tags": [{"Key": ELB, "Value": "1"}, {"Key": BYOC, "Value": "true"}],
        **more,
    }


def route(destination: str, **target: str) -> dict[str, Any]:
    key = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
    return {key: destination, "State": "active", "Origin": "CreateRoute", **target}


def table(name: str, *routes: dict[str, Any], subnets: Iterable[str] = (), main: bool = False) -> dict[str, Any]:
    associations = [
        {"SubnetId": one, "RouteTableId": name, "Main": False, "AssociationState": {"State": "associated"}}
        for one in subnets
    ]
    if main:
        associations.append({"RouteTableId": name, "Main": True, "AssociationState": {"State": "associated"}})
    local = {
        "DestinationCidrBlock": "10.0.0.0/16",
        "GatewayId": "local",
        "State": "active",
        "Origin": "CreateRouteTable",
    }
    return {"RouteTableId": name, "VpcId": VPC, "Associations": associations, "Routes": [local, *routes]}


def nat(name: str, place: str, **more: Any) -> dict[str, Any]:
    return {
        "NatGatewayId": name,
        "VpcId": VPC,
        "SubnetId": place,
        "State": "available",
        "ConnectivityType": "public",
        "NatGatewayAddresses": [{"PublicIp": "198.51.100.7"}],
        **more,
    }


def endpoint(name: str, *tables: str, **more: Any) -> dict[str, Any]:
    return {
        "VpcEndpointId": name,
        "VpcId": VPC,
        "VpcEndpointType": "Gateway",
        "ServiceName": f"com.amazonaws.{REGION}.s3",
        "State": "Available",
        "RouteTableIds": list(tables),
        "PolicyDocument": FULL_ACCESS,
        **more,
    }


def fit() -> Answers:
    """A VPC that keeps every rule of both profiles; public subnets and a private main table stand beside."""
    letters = ("a", "b", "c")
    private = [subnet(f"subnet-0{x}", x, f"10.0.{i * 16}.0/23") for i, x in enumerate(letters)]
    public = [subnet(f"subnet-9{x}", x, f"10.0.{200 + i}.0/24", Tags=[]) for i, x in enumerate(letters)]
    tables = [
        table(f"rtb-0{x}", route("0.0.0.0/0", NatGatewayId=f"nat-0{x}"), subnets=[f"subnet-0{x}"]) for x in letters
    ]
    out = table("rtb-9", route("0.0.0.0/0", GatewayId="igw-0"), subnets=[f"subnet-9{x}" for x in letters])
    return {
        "AvailabilityZones": [zone(letter, identifier) for letter, identifier in ZONES.items()],
        "Vpcs": [
            {
                "VpcId": VPC,
                "OwnerId": ACCOUNT,
                "State": "available",
                "CidrBlock": "10.0.0.0/16",
                "Tags": [{"Key": BYOC, "Value": "true"}],
            }
        ],
        "EnableDnsSupport": {"Value": True},
        "EnableDnsHostnames": {"Value": True},
        "Subnets": [*private, *public],
        "RouteTables": [*tables, table("rtb-main", main=True), out],
        "VpcEndpoints": [endpoint("vpce-0", "rtb-0a", "rtb-0b", "rtb-0c")],
        "NatGateways": [nat(f"nat-0{x}", f"subnet-9{x}") for x in letters],
    }


def network(answers: Answers, refused: Iterable[tuple[str, str]] = ()) -> VpcNetwork:
    """The facts in the answers; an answer that is absent was not read."""

    def facts(key: str, kind: Any) -> Any:
        return None if key not in answers else tuple(kind.from_aws(one) for one in answers[key])

    vpcs = facts("Vpcs", VpcFact)
    dns = {"support": answers, "hostnames": answers}
    return VpcNetwork(
        account=ACCOUNT,
        region=REGION,
        vpc_id=VPC,
        zones=facts("AvailabilityZones", ZoneFact),
        vpcs=None if vpcs is None else tuple(one.with_dns(**dns) if one.id == VPC else one for one in vpcs),
        subnets=facts("Subnets", SubnetFact),
        route_tables=facts("RouteTables", RouteTableFact),
        endpoints=facts("VpcEndpoints", EndpointFact),
        nat_gateways=facts("NatGateways", NatGatewayFact),
        refused=tuple(RefusedRead(action=action, code=code) for action, code in refused),
    )


def changed(*changes: Change) -> Answers:
    answers = copy.deepcopy(fit())
    for change in changes:
        change(answers)
    return answers


def judging(
    *changes: Change, chosen: Iterable[str] = CHOSEN, edition: str = "seed"
) -> Callable[[], tuple[Finding, ...]]:
    """What judges the fit VPC after the changes."""
    return lambda: judge_vpc(network(changed(*changes)), tuple(chosen), profile=profile(edition))


def named(answers: Answers, key: str, identifier: str) -> dict[str, Any]:
    """The entry of that id in a list of answers."""
    return next(one for one in answers[key] if identifier in one.values())


def put(key: str, identifier: str, **values: Any) -> Change:
    """Changes values of one entry; a value None leaves the key out, as AWS does."""

    def change(answers: Answers) -> None:
        entry = named(answers, key, identifier)
        entry.update(values)
        for name in [name for name, value in values.items() if value is None]:
            del entry[name]

    return change


def unread(*keys: str) -> Change:
    return lambda answers: [answers.pop(key) for key in keys]


def add(key: str, entry: dict[str, Any]) -> Change:
    return lambda answers: answers[key].append(entry)


def drop(key: str, identifier: str) -> Change:
    return lambda answers: answers[key].remove(named(answers, key, identifier))


def of(findings: Iterable[Finding], code: str) -> list[Finding]:
    return [finding for finding in findings if finding.code == code]
