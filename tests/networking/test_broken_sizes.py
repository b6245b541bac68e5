"""Any facts file that is accepted is judged, stored, drawn and mended on paper within a bounded time."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from networking.changes import changes
from networking.facts.files import parse_facts
from networking.facts.shapes import MOST_ENTRIES, MOST_WITHIN
from networking.facts.strict_json import LARGEST
from networking.looks import VpcLook
from networking.maps.ways_out import MOST_NAMED
from networking.mends.mending import mends_for
from networking.pages.subnet_table import subnet_rows
from networking.proposals import propose
from networking.remedies.free_blocks import free_blocks, last_free_block
from networking.remedies.remedies import everything, remedies_for
from onboarding.rules.profiles import profile
from tests.networking.brought import REGION, VPC, account_of, bring, look
from tests.networking.map_scenes import Scene
from tests.people import People

#: CPU seconds after which an act counts as hanging. No measurement (benchmarks measure): on a quiet machine each takes
#: half a second, and the quadratic code that these files were made against took a minute.
PATIENCE = 20.0
#: The page is all the acts together, some of them for two looks.
PAGE = 40.0
RULES = profile("2026-08")
CHOSEN = 30


def crowd(
    *, subnets: int = CHOSEN, tables: int = CHOSEN, endpoints: int = 5, nats: int = 5, zones: int = 6, routes: int = 1,
    attached: int = 1,
) -> dict[str, Any]:  # fmt: skip
    """A VPC of so many faulty things: every table public, every subnet full, every endpoint on other tables."""
    names = [(f"us-east-1{chr(97 + number % 26)}{number}", f"use1-az{number}") for number in range(zones)]
    return {
        "format": 1, "account_id": "222222222222", "region": REGION, "vpc_id": VPC,
        "subnet_ids": [f"subnet-{number:x}" for number in range(CHOSEN)],
        "DescribeAvailabilityZones": {"AvailabilityZones": [
            {"ZoneName": name, "ZoneId": zone, "ZoneType": "availability-zone", "State": "available"}
            for name, zone in names]},
        "DescribeVpcs": {"Vpcs": [{"VpcId": VPC, "OwnerId": "222222222222", "CidrBlock": "10.0.0.0/8"}]},
        "DescribeSubnets": {"Subnets": [
            {"SubnetId": f"subnet-{number:x}", "VpcId": VPC, "CidrBlock": f"10.{number >> 8}.{number & 255}.0/28",
             "AvailabilityZone": names[number % zones][0], "AvailabilityZoneId": names[number % zones][1],
             "AvailableIpAddressCount": 3} for number in range(subnets)]},
        "DescribeRouteTables": {"RouteTables": [
            {"RouteTableId": f"rtb-{number:x}", "VpcId": VPC, "Associations": [{"SubnetId": f"subnet-{number:x}"}],
             "Routes": [{"DestinationCidrBlock": f"{one >> 8}.{one & 255}.0.0/16" if one else "0.0.0.0/0",
                         "GatewayId": f"igw-{one:x}"} for one in range(routes)]} for number in range(tables)]},
        "DescribeVpcEndpoints": {"VpcEndpoints": [
            {"VpcEndpointId": f"vpce-{number:x}", "VpcEndpointType": "Gateway", "VpcId": VPC, "State": "available",
             "ServiceName": f"com.amazonaws.{REGION}.s3",
             "RouteTableIds": [f"rtb-f{one:x}" for one in range(attached)]} for number in range(endpoints)]},
        "DescribeNatGateways": {"NatGateways": [
            {"NatGatewayId": f"nat-{number:x}", "VpcId": VPC, "SubnetId": f"subnet-{number:x}", "State": "available"}
            for number in range(nats)]},
    }  # fmt: skip


MANY = MOST_ENTRIES
WORST = {
    "many of everything": crowd(subnets=MANY, tables=MANY, endpoints=MANY, nats=MANY, zones=MANY),
    "many routes to many gateways": crowd(subnets=MANY, tables=14, routes=MOST_WITHIN),
    "many endpoints with many tables": crowd(subnets=MANY, endpoints=MANY, attached=90),
    "a huge free range": crowd(nats=0),
}


@contextmanager
def bounded(name: str, most: float = PATIENCE) -> Iterator[None]:
    """Fails when what stands inside takes longer."""
    began = time.process_time()
    yield
    took = time.process_time() - began
    assert took < most, f"{name}: {took:.1f} s"


@pytest.mark.parametrize("name", WORST)
def test_every_part_of_the_page_is_made_in_bounded_time(name: str) -> None:
    data = json.dumps(WORST[name], separators=(",", ":")).encode()
    assert len(data) <= LARGEST
    with bounded("parse"):
        facts = parse_facts(data)
    network, chosen = facts.network, facts.subnet_ids
    scene = Scene(network, chosen)
    with bounded("judge"):
        findings = scene.findings()
    parts: dict[str, Callable[[], object]] = {
        "rows": lambda: subnet_rows(network, profile=RULES, chosen=chosen, proposed=()),
        "propose": lambda: propose(network, profile=RULES),
        "changes": lambda: changes(findings, findings[::2]),
        "map": lambda: scene.map().drawing,
        "mends": lambda: mends_for(network, chosen, profile=RULES),
        "remedies": lambda: everything(remedies_for(network, chosen, profile=RULES)),
        "store": lambda: VpcLook.from_json(VpcLook(network=network, subnet_ids=chosen).to_json()),
    }
    for part, make in parts.items():
        with bounded(part):
            make()


def test_a_table_names_some_ways_out_and_counts_the_rest() -> None:
    facts = parse_facts(json.dumps(crowd(routes=50)).encode())
    drawn = Scene(facts.network, facts.subnet_ids[:3]).map()
    ways = drawn.rows[0].ways
    assert len(ways) == MOST_NAMED
    assert ways[-1].count == 50 - (MOST_NAMED - 1)
    assert "39 more ways out" in ways[-1].label


@pytest.mark.parametrize("name", WORST)
def test_the_whole_page_is_made_in_bounded_time_and_size(people: People, name: str) -> None:
    deployment = bring(people, choose=False)
    document = WORST[name] | {"account_id": account_of(deployment)}
    look(deployment, document, stated=True)
    address = reverse("networking:vpc", args=[deployment.pk])
    people.owner.client.get(address)  # templates are read once
    with bounded("page", PAGE):
        answer = people.owner.client.get(address, {"vpc": VPC})
    assert answer.status_code == 200
    assert b"subnet-0" in answer.content
    assert len(answer.content) < 8_000_000


@given(
    taken=st.lists(st.tuples(st.integers(0, 255), st.integers(24, 30)), max_size=12), prefix=st.sampled_from([26, 28])
)
def test_the_last_free_block_is_the_last_of_all(taken: list[tuple[int, int]], prefix: int) -> None:
    own = [IPv4Network("10.0.0.0/23"), IPv4Network("10.9.0.0/25")]
    used = [IPv4Network((int(IPv4Address("10.0.0.0")) + 4 * at, size), strict=False) for at, size in taken]
    assert last_free_block(own, used, prefix) == next(iter([*free_blocks(own, used, prefix, 2**16)][::-1]), None)
