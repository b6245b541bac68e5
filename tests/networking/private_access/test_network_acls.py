"""What a network ACL does with a flow, from entries spelt as DescribeNetworkAcls spells them."""

from itertools import count
from typing import Any

import pytest

from networking.peering.checks.network_acls import EPHEMERAL, Flow, acl_of, ruling
from networking.peering.checks.ranges import outermost
from portal.aws.facts.network_acls import NetworkAclFact

FAR, FAR_SIX = "10.20.0.0/16", "2600:1f18::/56"
SERVICE = ((8443, 8443), (9440, 9440))
REST = 32767


def entry(number: Any, action: str, cidr: str = "0.0.0.0/0", ports: tuple[int, int] | None = None, **more: Any) -> Any:
    made: dict[str, Any] = {
        "RuleNumber": number, "RuleAction": action, "Egress": False, "Protocol": "6" if ports else "-1",
        "Ipv6CidrBlock" if ":" in cidr else "CidrBlock": cidr,
    }  # fmt: skip
    if ports:
        made["PortRange"] = {"From": ports[0], "To": ports[1]}
    return made | more


def acl(*entries: Any, subnets: tuple[str, ...] = ()) -> NetworkAclFact:
    """With the two entries that AWS adds by itself."""
    rest = [entry(REST, "deny"), entry(REST, "deny", Egress=True), entry(32768, "deny", "::/0")]
    return NetworkAclFact.from_aws(
        {"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Entries": [*entries, *rest],
         "Associations": [{"SubnetId": one} for one in subnets]}
    )  # fmt: skip


def flow(*far: str, egress: bool = False, ports: Any = SERVICE) -> Flow:
    return Flow(egress=egress, far=outermost(far or (FAR,)), ports=ports)


def test_the_default_network_acl_lets_all_through_both_ways() -> None:
    default = acl(entry(100, "allow"), entry(100, "allow", Egress=True))
    assert ruling(default, flow()).passes
    answer = ruling(default, flow(egress=True, ports=(EPHEMERAL,)))
    assert (answer.passes, answer.allowed_by) == (True, ("100",))


def test_the_lowest_number_that_matches_decides_in_whatever_order_they_are_listed() -> None:
    found = ruling(acl(entry(200, "allow"), entry(90, "deny", FAR, (9440, 9440))), flow())
    assert (found.allowed_by, found.denied_by) == (("200",), ("90",))
    assert not found.passes
    assert not found.stops
    assert ruling(acl(entry(90, "allow"), entry(200, "deny", FAR)), flow()).passes


def test_what_no_entry_matches_is_denied_by_the_rest() -> None:
    found = ruling(acl(entry(100, "allow", "10.21.0.0/16")), flow())
    assert (found.stops, found.denied_by) == (True, ("*",))
    assert ruling(NetworkAclFact(id="acl-1"), flow()).stops


def test_an_entry_for_one_direction_says_nothing_of_the_other() -> None:
    one_way = acl(entry(100, "allow"))
    assert ruling(one_way, flow()).passes
    assert ruling(one_way, flow(egress=True, ports=(EPHEMERAL,))).stops


def test_several_entries_may_allow_a_range_together() -> None:
    halves = acl(entry(100, "allow", "10.20.0.0/17", (8443, 9440)), entry(110, "allow", "10.20.128.0/17", (0, 65535)))
    found = ruling(halves, flow())
    assert (found.passes, found.allowed_by) == (True, ("100", "110"))


def test_a_part_of_the_addresses_that_is_denied_is_seen() -> None:
    found = ruling(acl(entry(50, "deny", "10.20.3.0/24"), entry(100, "allow")), flow())
    assert (found.denied_by, found.allowed_by, found.whole_ports) == (("50",), ("100",), True)


def test_a_part_of_the_clients_own_ports_that_is_denied_is_told_from_all_of_them() -> None:
    back = flow(egress=True, ports=(EPHEMERAL,))
    no_rdp = ruling(
        acl(entry(50, "deny", ports=(3389, 3389), Egress=True), entry(100, "allow", Egress=True)), back
    )  # fmt: skip
    assert (no_rdp.denied_by, no_rdp.whole_ports) == (("50",), False)
    linux = ruling(acl(entry(100, "allow", ports=(32768, 65535), Egress=True)), back)
    assert (linux.allowed_by, linux.denied_by, linux.whole_ports) == (("100",), ("*",), False)


@pytest.mark.parametrize("protocol", ["17", "1", "58"])
def test_an_entry_of_another_protocol_decides_nothing_of_tcp(protocol: str) -> None:
    other = acl(entry(10, "deny", Protocol=protocol), entry(100, "allow", ports=(0, 65535)))
    assert ruling(other, flow()).allowed_by == ("100",)


def test_an_entry_for_all_protocols_is_for_all_ports_whatever_it_says_of_them() -> None:
    assert ruling(acl(entry(100, "allow", ports=(22, 22), Protocol="-1")), flow()).passes


def test_tcp_without_ports_is_all_ports() -> None:
    assert ruling(acl(entry(100, "allow", Protocol="6")), flow()).passes


def test_each_family_has_entries_of_its_own() -> None:
    four = acl(entry(100, "allow"))
    assert ruling(four, flow(FAR_SIX)).stops
    both = acl(entry(100, "allow"), entry(101, "allow", "::/0"))
    assert ruling(both, flow(FAR, FAR_SIX)).passes


@pytest.mark.parametrize(
    "change",
    [{"Egress": None}, {"RuleAction": "maybe"}, {"RuleNumber": None}, {"CidrBlock": ""}, {"CidrBlock": "pl-1"},
     {"Protocol": ""}, {"PortRange": {"From": 1}}],
)  # fmt: skip
def test_an_entry_that_is_not_said_whole_leaves_it_unknown(change: dict[str, Any]) -> None:
    found = ruling(acl(entry(100, "allow", **change)), flow())
    assert found.doubt
    assert not found.passes
    assert not found.stops


def test_more_entries_than_aws_has_are_not_judged() -> None:
    numbers = count(1)
    many = acl(*(entry(next(numbers), "allow", f"10.{high}.{low}.0/24") for high in range(2) for low in range(250)))
    assert ruling(many, flow()).doubt


def test_as_many_entries_as_aws_has_are_judged_exactly() -> None:
    holes = [entry(place + 1, "deny", f"10.20.{place * 2}.0/24", (9000 + place, 9440)) for place in range(40)]
    found = ruling(acl(*holes, entry(900, "allow", FAR)), flow())
    assert (len(found.denied_by), found.allowed_by) == (40, ("900",))


def test_a_subnet_is_under_the_network_acl_that_lists_it() -> None:
    first, second = acl(subnets=("subnet-1", "subnet-2")), acl(subnets=("subnet-3",))
    assert acl_of((first, second), "subnet-3") is second
    assert acl_of((first, second), "subnet-9") is None
