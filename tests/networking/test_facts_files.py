"""What is read from a facts file, and what is refused with one sentence for people."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from networking.checks.judge import judge_vpc
from networking.facts.files import FactsFile, UnreadableFacts, parse_facts
from networking.facts.shapes import MOST_ENTRIES
from networking.facts.strict_json import DEEPEST, LARGEST
from onboarding.rules.profiles import profile
from portal.aws.facts.networks import VpcNetwork

#: The example of the contract, letter for letter.
EXAMPLE = """
{"format": 1, "account_id": "111122223333", "region": "us-east-1", "collected_at": "2026-11-23T03:00:00Z",
 "vpc_id": "vpc-0abc", "subnet_ids": ["subnet-1", "subnet-2", "subnet-3"],
 "DescribeAvailabilityZones": {"AvailabilityZones": []}, "DescribeVpcs": {"Vpcs": []}, "DescribeSubnets": {"Subnets": []},
 "DescribeRouteTables": {"RouteTables": []}, "DescribeVpcEndpoints": {"VpcEndpoints": []}, "DescribeNatGateways": {"NatGateways": []},
 "DescribeVpcAttribute": {"EnableDnsSupport": {"Value": true}, "EnableDnsHostnames": {"Value": true}}}
"""  # noqa: E501 — as the contract prints it
POLICY = '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}'
LIST_OF = {
    "DescribeAvailabilityZones": "AvailabilityZones", "DescribeVpcs": "Vpcs", "DescribeSubnets": "Subnets",
    "DescribeRouteTables": "RouteTables", "DescribeVpcEndpoints": "VpcEndpoints", "DescribeNatGateways": "NatGateways",
}  # fmt: skip


def facts(**changes: Any) -> dict[str, Any]:
    """A file with one of everything, as AWS spells it; `changes` replace its keys."""
    document: dict[str, Any] = json.loads(EXAMPLE)
    document["DescribeAvailabilityZones"]["AvailabilityZones"] = [
        {"State": "available", "OptInStatus": "opt-in-not-required", "Messages": [], "RegionName": "us-east-1",
         "ZoneName": "us-east-1a", "ZoneId": "use1-az4", "GroupName": "us-east-1-zg-1", "ZoneType": "availability-zone"}
    ]  # fmt: skip
    document["DescribeVpcs"]["Vpcs"] = [
        {"CidrBlock": "10.0.0.0/16", "DhcpOptionsId": "dopt-1", "State": "available", "VpcId": "vpc-0abc",
         "OwnerId": "111122223333", "InstanceTenancy": "default", "IsDefault": False,
         "CidrBlockAssociationSet": [{"AssociationId": "vpc-cidr-assoc-1", "CidrBlock": "10.0.0.0/16",
                                      "CidrBlockState": {"State": "associated"}}],
         "Tags": [{"Key": "Name", "Value": "本番"}]}
    ]  # fmt: skip
    document["DescribeSubnets"]["Subnets"] = [
        {"SubnetId": "subnet-1", "VpcId": "vpc-0abc", "CidrBlock": "10.0.0.0/20", "AvailabilityZone": "us-east-1a",
         "AvailabilityZoneId": "use1-az4", "AvailableIpAddressCount": 4091, "OwnerId": "111122223333",
         "State": "available", "MapPublicIpOnLaunch": False,
         "Ipv6CidrBlockAssociationSet": [{"AssociationId": "subnet-cidr-assoc-1", "Ipv6CidrBlock": "2600:1f18::/64",
                                          "Ipv6CidrBlockState": {"State": "associated"}}],
         "Tags": [{"Key": "kubernetes.io/role/internal-elb", "Value": "1"}]}
    ]  # fmt: skip
    document["DescribeRouteTables"]["RouteTables"] = [
        {"RouteTableId": "rtb-main", "VpcId": "vpc-0abc", "OwnerId": "111122223333", "PropagatingVgws": [], "Tags": [],
         "Associations": [{"Main": True, "RouteTableAssociationId": "rtbassoc-1", "RouteTableId": "rtb-main",
                           "AssociationState": {"State": "associated"}}],
         "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active",
                     "Origin": "CreateRouteTable"},
                    {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1", "State": "active"},
                    {"DestinationPrefixListId": "pl-63a5400a", "GatewayId": "vpce-s3", "State": "active"}]}
    ]  # fmt: skip
    document["DescribeVpcEndpoints"]["VpcEndpoints"] = [
        {"VpcEndpointId": "vpce-s3", "VpcEndpointType": "Gateway", "VpcId": "vpc-0abc", "State": "available",
         "ServiceName": "com.amazonaws.us-east-1.s3", "PolicyDocument": POLICY, "RouteTableIds": ["rtb-main"],
         "SubnetIds": [], "Tags": []}
    ]  # fmt: skip
    document["DescribeNatGateways"]["NatGateways"] = [
        {"NatGatewayId": "nat-1", "VpcId": "vpc-0abc", "SubnetId": "subnet-9", "State": "available",
         "ConnectivityType": "public", "NatGatewayAddresses": [{"PublicIp": "203.0.113.9", "AllocationId": "eip-1"}]}
    ]  # fmt: skip
    return document | changes


def parsed(document: Any) -> FactsFile:
    return parse_facts(json.dumps(document).encode())


def refusal(data: bytes | str | dict[str, Any], **wanted: str) -> str:
    """The one line that says why `data` is no facts file."""
    if isinstance(data, dict):
        data = json.dumps(data)
    with pytest.raises(UnreadableFacts) as refused:
        parse_facts(data.encode() if isinstance(data, str) else data, **wanted)
    sentence = str(refused.value)
    assert sentence.endswith((".", "}"))
    assert sentence.isprintable()
    assert len(sentence) < 400
    return sentence


def test_the_example_of_the_contract_is_read() -> None:
    found = parse_facts(EXAMPLE.encode())
    assert found.subnet_ids == ("subnet-1", "subnet-2", "subnet-3")
    assert found.collected_at == datetime(2026, 11, 23, 3, tzinfo=UTC)
    assert found.network == VpcNetwork(
        account="111122223333", region="us-east-1", vpc_id="vpc-0abc", zones=(), vpcs=(), subnets=(), route_tables=(),
        endpoints=(), nat_gateways=(),
    )  # fmt: skip


def test_one_of_everything_is_read_as_aws_spells_it() -> None:
    network = parsed(facts()).network
    assert network.vpc is not None
    assert (network.vpc.owner, network.vpc.associated_cidrs) == ("111122223333", ("10.0.0.0/16",))
    assert (network.vpc.dns_support, network.vpc.dns_hostnames) == (True, True)
    assert network.vpc.tags[0].value == "本番"
    subnet = network.subnet("subnet-1")
    assert subnet is not None
    assert (subnet.cidr, subnet.zone_id, subnet.free) == ("10.0.0.0/20", "use1-az4", 4091)
    assert [zone.id for zone in network.zones or ()] == ["use1-az4"]
    (table,) = network.route_tables or ()
    assert table.is_main
    assert [route.target for route in table.routes] == ["local", "eigw-1", "vpce-s3"]
    (endpoint,) = network.endpoints or ()
    assert (endpoint.route_tables, endpoint.policy) == (("rtb-main",), json.loads(POLICY))
    assert [nat.public_ips for nat in network.nat_gateways or ()] == [("203.0.113.9",)]


def test_what_was_read_survives_storage() -> None:
    network = parsed(facts()).network
    assert VpcNetwork.from_json(json.loads(json.dumps(network.to_json()))) == network


@pytest.mark.parametrize(
    ("operation", "field"),
    [
        ("DescribeAvailabilityZones", "zones"), ("DescribeVpcs", "vpcs"), ("DescribeSubnets", "subnets"),
        ("DescribeRouteTables", "route_tables"), ("DescribeVpcEndpoints", "endpoints"),
        ("DescribeNatGateways", "nat_gateways"),
    ],
)  # fmt: skip
def test_an_absent_operation_was_not_looked_at_and_an_empty_one_found_nothing(operation: str, field: str) -> None:
    document = facts()
    document[operation] = {LIST_OF[operation]: []}
    assert getattr(parsed(document).network, field) == ()
    del document[operation]
    assert getattr(parsed(document).network, field) is None


def test_dns_attributes_that_are_absent_or_half_there_are_unsaid() -> None:
    document = facts(DescribeVpcAttribute={"VpcId": "vpc-0abc", "EnableDnsSupport": {"Value": False}})
    vpc = parsed(document).network.vpc
    assert vpc is not None
    assert (vpc.dns_support, vpc.dns_hostnames) == (False, None)
    del document["DescribeVpcAttribute"]
    vpc = parsed(document).network.vpc
    assert vpc is not None
    assert (vpc.dns_support, vpc.dns_hostnames) == (None, None)


def test_keys_nobody_reads_may_hold_anything() -> None:
    document = facts(DescribeSecurityGroups={"SecurityGroups": 7}, note=None)
    document["DescribeSubnets"]["Subnets"][0]["PrivateDnsNameOptionsOnLaunch"] = {"HostnameType": ["ip-name", 3.5]}
    assert parsed(document) == parsed(facts())


def test_subnet_ids_keep_their_order_and_their_doubles() -> None:
    assert parsed(facts(subnet_ids=["subnet-2", "subnet-1", "subnet-2"])).subnet_ids == (
        "subnet-2", "subnet-1", "subnet-2",
    )  # fmt: skip
    document = facts()
    del document["subnet_ids"], document["collected_at"]
    assert (parsed(document).subnet_ids, parsed(document).collected_at) == ((), None)


def test_a_time_with_another_zone_is_the_same_moment() -> None:
    assert parsed(facts(collected_at="2026-11-23T12:00:00.5+09:00")).collected_at == datetime(
        2026, 11, 23, 3, 0, 0, 500_000, tzinfo=UTC
    )


def test_the_same_entry_on_two_pages_counts_once_and_a_contradiction_is_refused() -> None:
    document = facts()
    subnets = document["DescribeSubnets"]["Subnets"]
    subnets.append(deepcopy(subnets[0]))
    assert parsed(document) == parsed(facts())
    subnets[1]["CidrBlock"] = "10.0.0.0/24"
    assert "DescribeSubnets in the file lists subnet-1 twice" in refusal(document)


def test_a_file_of_another_account_or_region_is_refused_by_both_names() -> None:
    right = {"account": "111122223333", "region": "us-east-1"}
    assert parse_facts(EXAMPLE.encode(), **right).network.account == "111122223333"
    sentence = refusal(EXAMPLE, account="444455556666", region="us-east-1")
    assert "111122223333" in sentence
    assert "444455556666" in sentence
    sentence = refusal(EXAMPLE, account="111122223333", region="eu-central-1")
    assert "us-east-1" in sentence
    assert "eu-central-1" in sentence


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"), (b" \n", "empty"), (b"[]", "one object"), (b"7", "one object"), (b"null", "one object"),
        (b"{", "no JSON"), (b'{"format": 1,}', "no JSON"), (b"{'format': 1}", "no JSON"), (b"{} {}", "no JSON"),
        (b'{"format": 01}', "no JSON"), (b'{"format": 1 // one\n}', "no JSON"), (b"aws: command not found", "no JSON"),
        (b"{}", "format"), (b'{"format": 2}', "format"), (b'{"format": "1"}', "format"),
        (b'{"format": true}', "format"), (b'{"format": 1.0}', "format"), (b'{"format": null}', "format"),
        (b'{"format": 1, "peering": {}}', "peering"),
        (b'\xef\xbb\xbf{"format": 1}', "byte order mark"), ('{"format": 1}'.encode("utf-16"), "byte order mark"),
        (b'{"format": 1, "x": "\xff"}', "UTF-8"), (b'{"format": 1, "x": "\xed\xa0\x80"}', "UTF-8"),
        (b'{"format": 1, "format": 1}', "'format' twice"), (b'{"a": [{"b": 1, "b": 2}]}', "'b' twice"),
        (b'{"a": NaN}', "NaN"), (b'{"a": Infinity}', "Infinity"), (b'{"a": -Infinity}', "-Infinity"),
        (b'{"a": 1e999}', "1e999"), (b'{"a": -1e999}', "-1e999"), (b'{"a": ' + b"9" * 40 + b"}", "18 digits"),
        (b'{"a": ' + b"9" * 9000 + b"}", "18 digits"),
        (b'{"a": "\\u0000"}', "control characters"), (b'{"a": ["\\ud800"]}', "control characters"),
        (b'{"\\u001b[2J": 1}', "control characters"), (b'{"a": "\\u202e"}', "control characters"),
        (b'{"a": "\n"}', "no JSON"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "levels"), (b"[" * 100_000, "levels"),
        (b'{"a": "' + b'\\"' * 500_000, "no JSON"), (b'"' * 100_001, "no JSON"),
        (b" " * (LARGEST + 1), "4 MiB"),
    ],
)  # fmt: skip
def test_what_is_no_strict_json_object_is_refused(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_brackets_within_texts_nest_nothing() -> None:
    document = facts(note="[{" * 1000 + '\\"[')
    assert parsed(document) == parsed(facts())
    nested: Any = 1
    for _ in range(DEEPEST - 1):
        nested = [nested]
    assert parsed(facts(note=nested)) == parsed(facts())
    assert "levels" in refusal(facts(note=[nested]))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("account_id", None), ("account_id", 111122223333), ("account_id", "11112222333"), ("account_id", ""),
        ("account_id", "１１１１２２２２３３３３"), ("account_id", "111122223333\n"), ("account_id", ["111122223333"]),
        ("region", None), ("region", "US-EAST-1"), ("region", "attacker"), ("region", "us-east-1/../"), ("region", 1),
        ("vpc_id", None), ("vpc_id", "vpc-"), ("vpc_id", "VPC-0abc"), ("vpc_id", "subnet-1"), ("vpc_id", "vpc-1; rm"),
        ("vpc_id", "vpc-" + "0" * 70), ("vpc_id", "vpc-0abc\n"), ("vpc_id", {}),
        ("subnet_ids", None), ("subnet_ids", "subnet-1"), ("subnet_ids", [1]), ("subnet_ids", ["vpc-1"]),
        ("subnet_ids", ["subnet-$(id)"]), ("subnet_ids", {"subnet-1": 1}), ("subnet_ids", ["subnet-1"] * 1001),
        ("collected_at", None), ("collected_at", 1), ("collected_at", "yesterday"), ("collected_at", "2026-11-23"),
        ("collected_at", "2026-11-23T03:00:00"), ("collected_at", "2026-02-30T03:00:00Z"),
        ("collected_at", "0001-01-01T00:00:00+14:00"), ("collected_at", "9999-12-31T23:59:59-14:00"),
    ],
)  # fmt: skip
def test_a_wrong_value_at_the_top_is_refused_by_its_key(key: str, value: Any) -> None:
    assert key in refusal(facts(**{key: value}))


@pytest.mark.parametrize("key", ["account_id", "region", "vpc_id"])
def test_a_key_that_is_needed_and_absent_is_named(key: str) -> None:
    document = facts()
    del document[key]
    assert key in refusal(document)


@pytest.mark.parametrize("operation", [*LIST_OF, "DescribeVpcAttribute"])
@pytest.mark.parametrize("value", [None, [], "", 1, True, "{}"])
def test_an_operation_of_the_wrong_type_is_refused_by_its_name(operation: str, value: Any) -> None:
    assert operation in refusal(facts(**{operation: value}))


@pytest.mark.parametrize("operation", LIST_OF)
@pytest.mark.parametrize("value", [None, {}, "", 1, ["x"], [None], [[]], [{}]])
def test_a_list_of_the_wrong_type_is_refused_by_its_place(operation: str, value: Any) -> None:
    assert f"{operation}.{LIST_OF[operation]}" in refusal(facts(**{operation: {LIST_OF[operation]: value}}))
    assert "lacks" in refusal(facts(**{operation: {}}))


@pytest.mark.parametrize("operation", LIST_OF)
def test_a_single_page_is_not_the_answer(operation: str) -> None:
    document = facts()
    document[operation]["NextToken"] = "eyJ2IjoiMiJ9"
    assert f"{operation} in the file holds some pages" in refusal(document)
    document[operation]["NextToken"] = ""
    assert parsed(document) == parsed(facts())


def test_a_list_without_end_is_refused() -> None:
    gateways = [{"NatGatewayId": f"nat-{number}"} for number in range(MOST_ENTRIES + 1)]
    assert "at most 1000 entries" in refusal(facts(DescribeNatGateways={"NatGateways": gateways}))
    found = parsed(facts(DescribeNatGateways={"NatGateways": gateways[:-1]})).network.nat_gateways
    assert len(found or ()) == MOST_ENTRIES


@pytest.mark.parametrize(
    ("operation", "key", "value"),
    [
        ("DescribeVpcs", "OwnerId", 11112222333), ("DescribeVpcs", "Tags", None), ("DescribeVpcs", "Tags", [{}]),
        ("DescribeVpcs", "Tags", [{"Key": 1}]), ("DescribeVpcs", "Tags", {"Name": "x"}),
        ("DescribeVpcs", "IsDefault", "no"),
        ("DescribeVpcs", "CidrBlock", "10.0.0.5/16"), ("DescribeVpcs", "CidrBlock", "10.0.0.0/255.255.0.0"),
        ("DescribeVpcs", "CidrBlockAssociationSet", [{"CidrBlock": "all"}]),
        ("DescribeSubnets", "AvailableIpAddressCount", "4091"), ("DescribeSubnets", "AvailableIpAddressCount", True),
        ("DescribeSubnets", "AvailableIpAddressCount", -1), ("DescribeSubnets", "AvailableIpAddressCount", 1.5),
        ("DescribeSubnets", "CidrBlock", "10.0.0.0"), ("DescribeSubnets", "CidrBlock", "010.0.0.0/8"),
        ("DescribeSubnets", "CidrBlock", ["10.0.0.0/8"]), ("DescribeSubnets", "VpcId", "rtb-1"),
        ("DescribeSubnets", "State", "x" * 2000), ("DescribeSubnets", "SubnetId", "subnet-1`id`"),
        ("DescribeSubnets", "Ipv6CidrBlockAssociationSet", [{"Ipv6CidrBlock": "10.0.0.0/8"}]),
        ("DescribeRouteTables", "Associations", [{"Main": "true"}]), ("DescribeRouteTables", "Associations", [[]]),
        ("DescribeRouteTables", "Associations", [{"AssociationState": "associated"}]),
        ("DescribeRouteTables", "Routes", [{"DestinationCidrBlock": "0/0"}]), ("DescribeRouteTables", "Routes", {}),
        ("DescribeRouteTables", "Routes", [{"GatewayId": ["igw-1"]}]),
        ("DescribeRouteTables", "PropagatingVgws", ["vgw-1"]),
        ("DescribeVpcEndpoints", "RouteTableIds", "rtb-1"), ("DescribeVpcEndpoints", "RouteTableIds", [None]),
        ("DescribeVpcEndpoints", "PolicyDocument", ["Allow"]), ("DescribeVpcEndpoints", "PolicyDocument", "allow all"),
        ("DescribeVpcEndpoints", "PolicyDocument", '{"a":' * 5000 + "1" + "}" * 5000),
        ("DescribeVpcEndpoints", "PolicyDocument", '{"a": "\\ud800"}'),
        ("DescribeNatGateways", "NatGatewayAddresses", [{"PublicIp": 3405803781}]),
        ("DescribeAvailabilityZones", "ZoneType", None),
    ],
)  # fmt: skip
def test_an_inner_value_of_the_wrong_type_is_refused_by_its_place(operation: str, key: str, value: Any) -> None:
    document = facts()
    document[operation][LIST_OF[operation]][0][key] = value
    assert f"{operation}.{LIST_OF[operation]}[0].{key}" in refusal(document)


def test_dns_attributes_of_another_vpc_are_refused() -> None:
    said = {"VpcId": "vpc-other", "EnableDnsSupport": {"Value": True}}
    assert "DescribeVpcAttribute.VpcId" in refusal(facts(DescribeVpcAttribute=said))
    assert "EnableDnsSupport.Value" in refusal(facts(DescribeVpcAttribute={"EnableDnsSupport": {"Value": "true"}}))


def test_an_entry_without_its_name_is_refused() -> None:
    document = facts()
    document["DescribeVpcs"]["Vpcs"][0]["Tags"][0]["Key"] = ""
    assert "lacks Key" in refusal(document)


PLACES: list[tuple[Any, ...]] = []


def _collect(value: Any, path: tuple[Any, ...] = ()) -> None:
    PLACES.append(path)
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        _collect(inner, (*path, key))


_collect(facts())
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.sampled_from(["subnet-1", "vpc-0abc", "10.0.0.0/16", "local", "{}", "[]", "%7B%7D"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=3))
def test_junk_at_any_place_is_read_or_refused_and_never_a_traceback(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    document: Any = facts()
    for path, junk in changes:
        document = replaced(document, path, junk)
    try:
        found = parsed(document)
    except UnreadableFacts:
        refusal(json.dumps(document))
    else:
        judge_vpc(found.network, found.subnet_ids, profile=profile("2026-08"))
        assert VpcNetwork.from_json(json.loads(json.dumps(found.network.to_json()))) == found.network


def replaced(document: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """`document` with `junk` at `path`; as it was where an earlier change took the path away."""
    if not path:
        return junk
    try:
        return {**document, path[0]: replaced(document[path[0]], path[1:], junk)} if isinstance(document, dict) else [
            replaced(entry, path[1:], junk) if index == path[0] else entry for index, entry in enumerate(document)
        ]  # fmt: skip
    except (KeyError, TypeError):
        return document


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,\\ 01eE+-.ntu', max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFacts):
        parse_facts(data)
