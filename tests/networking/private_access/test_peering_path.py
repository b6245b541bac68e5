"""The path through a peering: each hop for itself, the same verdict as the steps, subnets of one fate together."""

from dataclasses import replace
from typing import Any

import pytest

from networking.maps.peering_path import Hop, Lane, PeeringPath, peering_path
from networking.models import Peering
from networking.peering.shapes import PeeringSide
from networking.peering.standing import standing_of
from portal.aws.facts.network_acls import AclEntryFact, NetworkAclFact
from portal.aws.facts.vpcs import CidrFact
from portal.findings.shapes import SEVERITY, Level
from tests.networking.peered import (
    BYOC_SUBNETS,
    BYOC_TABLES,
    BYOC_VPC,
    PCX,
    TARGET_RANGES,
    TARGET_SUBNETS,
    TARGET_TABLES,
    TARGET_VPC,
    accepter,
    acl,
    balancer,
    blind,
    group,
    peered,
    record,
    record_nothing_yet,
    record_requested,
    requester,
    unrouted,
)
from tests.people import People

pytestmark = pytest.mark.django_db
HOPS = (
    "subnet", "target-acl", "route-out", "connection", "byoc-acl", "security-group", "balancer", "route-back",
)  # fmt: skip


@pytest.fixture
def peering(people: People) -> Peering:
    return peered(people, access=True)


def path(peering: Peering) -> PeeringPath:
    return peering_path(standing_of(peering))


def hop(lane: Lane, key: str) -> Hop:
    return next(one for one in lane.hops if one.key == key)


def levels(lane: Lane, level: Level) -> set[str]:
    return {one.key for one in lane.hops if one.level is level}


def with_acl(side: PeeringSide, vpc: str, subnets: Any, *entries: AclEntryFact) -> PeeringSide:
    """The side with these subnets under a network ACL of their own."""
    rest = tuple(
        AclEntryFact(number=32767, egress=way, action="deny", protocol="-1", cidr="0.0.0.0/0") for way in (False, True)
    )
    own = NetworkAclFact(id="acl-own", vpc=vpc, subnets=tuple(subnets), entries=(*entries, *rest))
    default = side.network_acls[0] if side.network_acls else acl(vpc, ())
    kept = replace(default, subnets=tuple(one for one in default.subnets if one not in own.subnets))
    return replace(side, network_acls=(kept, own))


def allow(
    number: int, *, egress: bool, ports: tuple[int, int] | None = None, cidr: str = "0.0.0.0/0", action: str = "allow"
) -> AclEntryFact:
    low, high = ports or (None, None)
    return AclEntryFact(
        number=number, egress=egress, action=action, protocol="6" if ports else "-1", cidr=cidr, from_port=low,
        to_port=high,
    )  # fmt: skip


def test_where_all_is_fine_every_hop_is_passed_with_its_reason(peering: Peering) -> None:
    record(peering)
    found = path(peering)
    assert found.level is Level.PASSED
    for lane in found.lanes:
        assert tuple(one.key for one in lane.hops) == HOPS
        assert levels(lane, Level.PASSED) == set(HOPS)
        assert all(one.reason for one in lane.hops)
        assert lane.first_trouble is None
    assert {start.id for lane in found.lanes for start in lane.subnets} == set(TARGET_SUBNETS)
    assert hop(found.lanes[0], "connection").reason == f"{PCX} is active."


def test_subnets_of_one_fate_share_a_lane(peering: Peering) -> None:
    """The third follows the main table, so it has a lane of its own."""
    record(peering)
    assert [[start.id for start in lane.subnets] for lane in path(peering).lanes] == [
        list(TARGET_SUBNETS[:2]), [TARGET_SUBNETS[2]],
    ]  # fmt: skip


def test_before_anything_was_done_the_red_hops_are_those_of_the_steps(peering: Peering) -> None:
    record_nothing_yet(peering)
    for lane in path(peering).lanes:
        assert levels(lane, Level.PASSED) == {"subnet", "target-acl", "byoc-acl"}
        assert {"connection", "route-out", "route-back"} <= levels(lane, Level.FAILED)


def test_a_request_that_waits_is_red_and_says_who_has_to_accept(peering: Peering) -> None:
    record_requested(peering)
    waiting = hop(path(peering).lanes[0], "connection")
    assert waiting.level is Level.FAILED
    assert "Accept it in account 333333333333" in waiting.reason


def test_a_table_without_the_route_is_named_with_what_it_lacks(peering: Peering) -> None:
    record(peering, there=unrouted(accepter(peering), TARGET_TABLES[1]))
    first, third = path(peering).lanes
    assert hop(first, "route-out").reason == f"{TARGET_TABLES[1]} lacks 10.0.0.0/16 → {PCX}."
    assert levels(first, Level.FAILED) == {"route-out"}
    assert first.first_trouble == hop(first, "route-out")
    assert levels(third, Level.FAILED) == set()


def test_the_way_back_is_judged_where_the_load_balancer_is(peering: Peering) -> None:
    record(peering, here=unrouted(requester(peering), BYOC_TABLES[1]))
    back = hop(path(peering).lanes[0], "route-back")
    assert (back.level, back.reason) == (Level.FAILED, f"{BYOC_TABLES[1]} lacks 10.20.0.0/16, 10.21.0.0/16 → {PCX}.")
    assert levels(path(peering).lanes[0], Level.FAILED) == {"route-back"}


def test_a_side_that_nobody_looked_at_is_unknown_and_nothing_more(peering: Peering) -> None:
    record(peering, there=blind())
    (lane,) = path(peering).lanes
    assert levels(lane, Level.UNKNOWN) >= {"subnet", "target-acl", "route-out"}
    assert levels(lane, Level.FAILED) == set()
    assert "Nobody looked at the accepter side" in hop(lane, "target-acl").reason


def test_network_acls_that_were_not_read_are_unknown(peering: Peering) -> None:
    record(peering, here=requester(peering, network_acls=None), there=accepter(peering, network_acls=None))
    for lane in path(peering).lanes:
        assert levels(lane, Level.UNKNOWN) == {"target-acl", "byoc-acl"}
        assert "ec2:DescribeNetworkAcls" in hop(lane, "byoc-acl").reason


def test_a_subnet_under_no_network_acl_that_was_shown_is_unknown(peering: Peering) -> None:
    record(peering, there=accepter(peering, network_acls=(acl(TARGET_VPC, TARGET_SUBNETS[:2]),)))
    third = path(peering).lanes[1]
    assert hop(third, "target-acl").level is Level.UNKNOWN
    assert TARGET_SUBNETS[2] in hop(third, "target-acl").reason


def test_a_lower_rule_that_denies_the_port_is_red_with_its_number(peering: Peering) -> None:
    there = with_acl(
        accepter(peering), TARGET_VPC, TARGET_SUBNETS[:1], allow(90, egress=True, ports=(9440, 9440), action="deny"),
        allow(100, egress=True), allow(100, egress=False),
    )  # fmt: skip
    record(peering, there=there)
    lanes = path(peering).lanes
    assert len(lanes) == 3
    denied = hop(lanes[0], "target-acl")
    assert (denied.level, denied.detail) == (Level.FAILED, "acl-own")
    assert denied.reason.startswith("acl-own denies part of TCP 443, 8443, 9440 out to 10.0.0.0/")
    assert "(rule 90)" in denied.reason


def test_answers_that_may_not_come_back_are_red(peering: Peering) -> None:
    here = with_acl(
        requester(peering), BYOC_VPC, BYOC_SUBNETS[1:2], allow(100, egress=False),
        allow(100, egress=True, ports=(443, 443)),
    )  # fmt: skip
    record(peering, here=here)
    stopped = hop(path(peering).lanes[0], "byoc-acl")
    assert stopped.level is Level.FAILED
    assert "acl-own denies answers out to" in stopped.reason
    assert "TCP 1024 to 65535 (rule *)" in stopped.reason
    assert stopped.detail.endswith(", acl-own")


def test_a_part_of_the_clients_ports_that_is_closed_is_a_warning(peering: Peering) -> None:
    there = with_acl(
        accepter(peering), TARGET_VPC, TARGET_SUBNETS, allow(100, egress=True),
        allow(100, egress=False, ports=(32768, 65535)),
    )  # fmt: skip
    record(peering, there=there)
    found = path(peering)
    assert found.level is Level.WARNING
    assert "drops answers to some ports of 1024 to 65535 (rule *)" in hop(found.lanes[0], "target-acl").reason


def test_the_security_group_and_a_missing_load_balancer_are_hops_too(peering: Peering) -> None:
    record(peering, here=requester(peering, security_groups=(group(peering, TARGET_RANGES[:1]),)))
    assert levels(path(peering).lanes[0], Level.FAILED) == {"security-group"}
    record(peering, here=requester(peering, load_balancers=()))
    assert hop(path(peering).lanes[0], "balancer").level in {Level.FAILED, Level.UNKNOWN}


def with_ipv6(side: PeeringSide, prefix: str) -> PeeringSide:
    """The side whose subnets have IPv6 ranges too."""
    assert side.network is not None
    ranges = (CidrFact(cidr=f"{prefix}::/64", state="associated"),)
    subnets = tuple(replace(one, ipv6_cidrs=ranges) for one in side.network.subnets or ())
    return replace(side, network=replace(side.network, subnets=subnets))


@pytest.mark.parametrize(("kind", "level"), [("dualstack", Level.FAILED), ("ipv4", Level.PASSED)])
def test_ipv6_counts_where_the_load_balancer_has_it(peering: Peering, kind: str, level: Level) -> None:
    """The default entries of both sides are for IPv4 only."""
    here = requester(peering, load_balancers=(balancer(peering, address_type=kind),))
    record(peering, here=with_ipv6(here, "fd00:1"), there=with_ipv6(accepter(peering), "fd00:2"))
    for lane in path(peering).lanes:
        assert {hop(lane, key).level for key in ("target-acl", "byoc-acl")} == {level}


CHANGES = [
    lambda p: {},
    lambda p: {"here": unrouted(requester(p), *BYOC_TABLES[:2])},
    lambda p: {"there": unrouted(accepter(p), TARGET_TABLES[0])},
    lambda p: {"there": blind()},
    lambda p: {"here": requester(p, security_groups=None)},
    lambda p: {"here": requester(p, load_balancers=None)},
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_path_and_the_steps_never_disagree(peering: Peering, change: Any) -> None:
    record(peering, **change(peering))
    standing = standing_of(peering)
    found = peering_path(standing)
    codes = {
        "route-out": "peering.accepter-routes", "route-back": "peering.requester-routes",
        "security-group": "peering.security-group", "balancer": "peering.private-load-balancer",
    }  # fmt: skip
    for key, code in codes.items():
        drawn = min((hop(lane, key).level for lane in found.lanes), key=SEVERITY.index)
        assert drawn is min((one.level for one in standing.of_code(code)), key=SEVERITY.index), key
