"""A peering's facts file, spelt as AWS spells it, in which all is fine until a test breaks something."""

import json
from collections.abc import Callable
from typing import Any

from networking.peering.checks.judge import judge_peering
from networking.peering.facts_file import parse_peering_facts
from onboarding.rules.profiles import profile
from portal.findings.shapes import Finding

PCX, HERE, THERE = "pcx-1", "vpc-1", "vpc-2"
BYOC, TARGET = "222222222222", "333333333333"
MINE, SECOND, SIX = "10.0.0.0/16", "100.64.0.0/20", "2600:1f18:1::/56"
THEIRS, THEIR_SIX = "10.1.0.0/16", "2600:1f18:2::/56"

type Document = dict[str, Any]


def route(destination: str, target: str = PCX, state: str = "active", **more: Any) -> Document:
    kinds = {"pcx": "VpcPeeringConnectionId", "tgw": "TransitGatewayId", "nat": "NatGatewayId"}
    to = "DestinationPrefixListId" if destination.startswith("pl-") else "DestinationCidrBlock"
    to = "DestinationIpv6CidrBlock" if ":" in destination else to
    return {to: destination, kinds.get(target.split("-", maxsplit=1)[0], "GatewayId"): target, "State": state, **more}


def vpc(name: str, account: str, *ranges: str) -> Document:
    v4 = [one for one in ranges if ":" not in one]
    return {
        "VpcId": name, "OwnerId": account, "State": "available", "CidrBlock": v4[0],
        "CidrBlockAssociationSet": [{"CidrBlock": one, "CidrBlockState": {"State": "associated"}} for one in v4],
        "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": one, "Ipv6CidrBlockState": {"State": "associated"}}
                                        for one in ranges if ":" in one],
    }  # fmt: skip


def table(name: str, place: str, subnets: tuple[str, ...], *routes: Document, main: bool = False) -> Document:
    associations: list[Document] = [{"SubnetId": one, "AssociationState": {"State": "associated"}} for one in subnets]
    associations += [{"Main": True, "AssociationState": {"State": "associated"}}] if main else []
    return {"RouteTableId": name, "VpcId": place, "Associations": associations, "Routes": list(routes)}


def connection(status: str = "active", **more: Any) -> Document:
    sides: Document = {
        "RequesterVpcInfo": {"VpcId": HERE, "OwnerId": BYOC, "Region": "eu-central-1"},
        "AccepterVpcInfo": {"VpcId": THERE, "OwnerId": TARGET, "Region": "eu-west-1"},
    }
    if status == "active":
        sides["RequesterVpcInfo"] |= {
            "CidrBlock": MINE,
            "CidrBlockSet": [{"CidrBlock": MINE}, {"CidrBlock": SECOND}],
            "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": SIX}],
        }
        sides["AccepterVpcInfo"] |= {
            "CidrBlock": THEIRS,
            "CidrBlockSet": [{"CidrBlock": THEIRS}],
            "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": THEIR_SIX}],
        }
    return {"VpcPeeringConnectionId": PCX, "Status": {"Code": status, "Message": ""}, **sides, **more}  # fmt: skip


def side(account: str, region: str, place: Document, subnets: tuple[str, ...], *tables: Document) -> Document:
    return {
        "format": 1, "account_id": account, "region": region, "vpc_id": place["VpcId"],
        "collected_at": "2026-11-23T03:00:00Z", "DescribeVpcs": {"Vpcs": [place]},
        "DescribeSubnets": {"Subnets": [{"SubnetId": one, "VpcId": place["VpcId"]} for one in subnets]},
        "DescribeRouteTables": {"RouteTables": list(tables)},
        "DescribeVpcPeeringConnections": {"VpcPeeringConnections": [connection()]},
    }  # fmt: skip


def rule(*ranges: str, ports: tuple[int, int] = (0, 65535), protocol: str = "tcp", **more: Any) -> Document:
    return {
        "IpProtocol": protocol, "FromPort": ports[0], "ToPort": ports[1],
        "IpRanges": [{"CidrIp": one} for one in ranges if ":" not in one],
        "Ipv6Ranges": [{"CidrIpv6": one} for one in ranges if ":" in one], **more,
    }  # fmt: skip


def group(*rules: Document, name: str = "sg-1", place: str = HERE) -> Document:
    return {"GroupId": name, "VpcId": place, "OwnerId": BYOC, "IpPermissions": list(rules)}


def fit() -> Document:
    out = (route(THEIRS), route(THEIR_SIX), route(MINE, "local"), route("0.0.0.0/0", "nat-1"), route("pl-1", "vpce-1"))
    back = (route(MINE), route(SECOND), route(SIX), route(THEIRS, "local"))
    requester = side(
        BYOC, "eu-central-1", vpc(HERE, BYOC, MINE, SECOND, SIX), ("subnet-1a", "subnet-1b", "subnet-1c"),
        table("rtb-1a", HERE, ("subnet-1a",), *out), table("rtb-1b", HERE, ("subnet-1b",), *out),
        table("rtb-1m", HERE, (), *out, main=True),
    )  # fmt: skip
    rules = [rule(THEIRS, THEIR_SIX, ports=(port, port)) for port in (443, 8443, 9440)]
    requester["DescribeSecurityGroups"] = {"SecurityGroups": [group(*rules)]}
    accepter = side(
        TARGET, "eu-west-1", vpc(THERE, TARGET, THEIRS, THEIR_SIX), ("subnet-2a",),
        table("rtb-2a", THERE, ("subnet-2a",), *back), table("rtb-2m", THERE, (), main=True),
    )  # fmt: skip
    return {
        "format": 1, "requester": requester, "accepter": accepter,
        "peering": {
            "id": PCX, "requester_vpc": HERE, "accepter_vpc": THERE, "requester_account": BYOC,
            "accepter_account": TARGET, "requester_subnets": ["subnet-1a", "subnet-1b", "subnet-1c"],
            "accepter_subnets": ["subnet-2a"], "security_group_ids": ["sg-1"], "ports": [443, 8443, 9440],
            "private_load_balancer": True,
        },
    }  # fmt: skip


def judged(document: Document) -> tuple[Finding, ...]:
    facts = parse_peering_facts(json.dumps(document).encode())
    return judge_peering(facts.registered, facts.requester, facts.accepter, profile=profile("seed"))


def said(code: str, change: Callable[[Document], object]) -> list[tuple[str, str]]:
    """Level and sentence of each finding of a code, once `change` has changed the file."""
    document = fit()
    change(document)
    return [(one.level.value, one.message) for one in judged(document) if one.code == f"peering.{code}"]


def routes(document: Document, *new: Document, at: int = 0, keep: bool = False, of: str = "requester") -> None:
    found = document[of]["DescribeRouteTables"]["RouteTables"][at]
    found["Routes"] = [*(found["Routes"] if keep else ()), *new]


def connect(document: Document, made: Document) -> None:
    """The connection as both sides show it."""
    for name in ("requester", "accepter"):
        document[name]["DescribeVpcPeeringConnections"]["VpcPeeringConnections"] = [made]
