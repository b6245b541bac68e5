"""What may be changed for the customer: from AWS-shaped answers to a plan, its words and its hash."""

import json
import subprocess
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networking.facts.files import parse_facts
from networking.mends.mending import (
    ATTACH,
    CREATE,
    TAG,
    Change,
    Mend,
    in_order,
    is_covered,
    mends_for,
    mends_from_json,
    plan_hash,
)
from networking.mends.words import MendWords, sentence, undo
from networking.tasks.mend_effects import departs
from networking.tasks.mend_sessions import MOST_NAMED, mend_policy
from onboarding.rules.profiles import profile
from onboarding.stacks.sessions import SESSION_POLICY_LIMIT
from portal.aws.facts.networks import VpcNetwork
from tests.networking.brought import REGION, SUBNETS, TABLE, VPC, facts_bytes, facts_document

ACCOUNT = "222222222222"
SEED, LATER = profile("seed"), profile("2026-08")
ELB, BYOC = "kubernetes.io/role/internal-elb", "clickhouse-byoc"
ENDPOINT = "vpce-0a1b2c3d4e5f60718"
OWN_TABLE = "rtb-0b1b2c3d4e5f60718"
S3 = f"com.amazonaws.{REGION}.s3"


def answers() -> dict[str, Any]:
    """A VPC in which everything is in order by the seed rules."""
    return deepcopy(facts_document(ACCOUNT))


def network(document: dict[str, Any]) -> VpcNetwork:
    return parse_facts(facts_bytes(document)).network


def tagged(document: dict[str, Any], number: int, tags: Mapping[str, str]) -> dict[str, Any]:
    document["DescribeSubnets"]["Subnets"][number]["Tags"] = [{"Key": k, "Value": v} for k, v in tags.items()]
    return document


def with_own_table(document: dict[str, Any], *subnets: str) -> dict[str, Any]:
    """A second table, which these subnets follow explicitly."""
    document["DescribeRouteTables"]["RouteTables"].append(
        {"RouteTableId": OWN_TABLE, "VpcId": VPC, "Routes": [], "Associations": [
            {"SubnetId": subnet, "RouteTableId": OWN_TABLE, "AssociationState": {"State": "associated"}}
            for subnet in subnets]}
    )  # fmt: skip
    return document


def without_endpoint(document: dict[str, Any]) -> dict[str, Any]:
    document["DescribeVpcEndpoints"]["VpcEndpoints"] = []
    return document


def endpoint_of(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["DescribeVpcEndpoints"]["VpcEndpoints"][0]
    return found


def plan(document: dict[str, Any], *, rules: Any = SEED, subnets: tuple[str, ...] = SUBNETS) -> tuple[Mend, ...]:
    return mends_for(network(document), subnets, profile=rules)


def test_a_vpc_in_order_has_no_plan() -> None:
    assert plan(answers()) == ()


def test_missing_wrong_and_empty_tags_are_one_change_that_shows_what_was_there() -> None:
    document = tagged(tagged(tagged(answers(), 0, {}), 1, {ELB: "0", "Name": "b"}), 2, {ELB: ""})
    (mend,) = plan(document)
    assert (mend.kind, mend.key, mend.call) == (TAG, f"tag:subnet:{ELB}", "ec2:CreateTags")
    assert mend.changes == (
        Change(resource=SUBNETS[0], before=None, after="1"),
        Change(resource=SUBNETS[1], before="0", after="1"),
        Change(resource=SUBNETS[2], before="", after="1"),
    )
    assert [change.resource for change in mend.overwritten] == [SUBNETS[1], SUBNETS[2]]
    assert sentence(mend) == f"Put the tag {ELB} = 1 on 3 subnets."


def test_the_later_rules_mark_the_vpc_first_and_each_tag_is_a_change_of_its_own() -> None:
    mends = plan(tagged(answers(), 0, {}), rules=LATER)
    assert [(mend.key, len(mend.changes)) for mend in mends] == [
        (f"tag:vpc:{BYOC}", 1),
        (f"tag:subnet:{BYOC}", 3),
        (f"tag:subnet:{ELB}", 1),
    ]
    assert sentence(mends[0]) == f"Put the tag {BYOC} = true on {VPC}."


def test_a_vpc_without_an_endpoint_gets_one_on_the_effective_table_of_each_subnet() -> None:
    document = without_endpoint(with_own_table(answers(), SUBNETS[0]))
    (mend,) = plan(document)
    assert (mend.kind, mend.key, mend.call) == (CREATE, "s3-endpoint:create", "ec2:CreateVpcEndpoint")
    assert mend.changes == (Change(resource=OWN_TABLE, after=S3), Change(resource=TABLE, after=S3))


def test_a_table_that_is_not_attached_is_attached_to_the_endpoint_that_stands() -> None:
    (mend,) = plan(with_own_table(answers(), SUBNETS[1]))
    assert (mend.kind, mend.key, mend.call) == (ATTACH, f"s3-endpoint:{ENDPOINT}:attach", "ec2:ModifyVpcEndpoint")
    assert mend.changes == (Change(resource=OWN_TABLE, after=ENDPOINT),)


def test_of_two_endpoints_the_one_that_shuts_nobody_out_is_taken() -> None:
    document = with_own_table(answers(), SUBNETS[1])
    narrow = deepcopy(endpoint_of(document)) | {"VpcEndpointId": "vpce-00000000000000000", "RouteTableIds": []}
    narrow["PolicyDocument"] = json.dumps(
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}
    )
    document["DescribeVpcEndpoints"]["VpcEndpoints"].insert(0, narrow)
    (mend,) = plan(document)
    assert mend.endpoint_id == ENDPOINT


@pytest.mark.parametrize(
    "other",
    [
        {"VpcEndpointType": "Interface"},
        {"ServiceName": "com.amazonaws.eu-west-1.s3"},
        {"ServiceName": f"com.amazonaws.{REGION}.dynamodb"},
        {"VpcId": "vpc-0ffffffffffffffff"},
        {"State": "deleted"},
        {"State": "failed"},
    ],
)
def test_what_is_no_s3_gateway_of_this_vpc_and_region_does_not_count(other: dict[str, str]) -> None:
    document = answers()
    endpoint_of(document).update(other)
    (mend,) = plan(document)
    assert mend.kind == CREATE


@pytest.mark.parametrize("state", ["pending", "Pending", "deleting", "pendingAcceptance"])
def test_while_an_endpoint_comes_or_goes_none_is_planned(state: str) -> None:
    document = with_own_table(answers(), SUBNETS[1])
    endpoint_of(document)["State"] = state
    assert plan(document) == ()


def test_subnets_nobody_chose_that_follow_a_changed_table_are_named() -> None:
    document = without_endpoint(with_own_table(answers(), SUBNETS[0]))
    (mend,) = plan(document, subnets=SUBNETS[:2])
    assert mend.also == (SUBNETS[2],)
    assert "break off" in MendWords.of(mend).disturbs


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("shared subnets", lambda d: [s.update(OwnerId="999999999999") for s in d["DescribeSubnets"]["Subnets"]]),
        ("subnets elsewhere", lambda d: [s.update(VpcId="vpc-0ffff") for s in d["DescribeSubnets"]["Subnets"]]),
        ("unread subnets", lambda d: d.pop("DescribeSubnets")),
    ],
)
def test_subnets_that_are_not_the_accounts_own_or_not_read_are_left_alone(name: str, change: Any) -> None:
    document = without_endpoint(tagged(answers(), 0, {}))
    change(document)
    assert plan(document) == (), name


@pytest.mark.parametrize("operation", ["DescribeVpcs", "DescribeRouteTables", "DescribeVpcEndpoints"])
def test_what_was_not_read_is_not_planned(operation: str) -> None:
    document = without_endpoint(answers())
    assert plan(document) != ()
    document.pop(operation)
    assert plan(document) == ()


def test_a_vpc_of_another_account_gets_no_endpoint_and_no_mark() -> None:
    document = without_endpoint(answers())
    document["DescribeVpcs"]["Vpcs"][0]["OwnerId"] = "999999999999"
    assert [mend.tagged for mend in plan(document, rules=LATER)] == ["subnet"]


def test_a_table_in_change_is_left_alone() -> None:
    document = without_endpoint(with_own_table(answers(), SUBNETS[0]))
    table = document["DescribeRouteTables"]["RouteTables"][-1]
    table["Associations"][0]["AssociationState"]["State"] = "associating"
    (mend,) = plan(document)
    assert mend.resources == (TABLE,)


def test_a_plan_survives_storage_with_its_hash() -> None:
    mends = plan(without_endpoint(tagged(answers(), 0, {ELB: "x,y 'z'"})), rules=LATER)
    stored = json.loads(json.dumps([mend.to_json() for mend in mends]))
    assert mends_from_json(stored) == mends
    assert plan_hash(mends_from_json(stored)) == plan_hash(mends)
    assert len(plan_hash(mends)) == 64


@pytest.mark.parametrize(
    "other",
    [
        lambda d: tagged(d, 1, {ELB: "0"}),
        lambda d: with_own_table(d, SUBNETS[2]),
        lambda d: d["DescribeVpcEndpoints"].update(VpcEndpoints=[]),
    ],
)
def test_any_other_plan_has_another_hash(other: Any) -> None:
    document = tagged(answers(), 0, {})
    first = plan_hash(plan(document))
    other(document)
    assert plan_hash(plan(document)) != first


@given(order=st.permutations(SUBNETS), repeated=st.sampled_from(SUBNETS))
def test_the_plan_names_each_resource_once_whatever_the_order(order: list[str], repeated: str) -> None:
    document = without_endpoint(with_own_table(tagged(tagged(answers(), 0, {}), 1, {}), SUBNETS[0]))
    mends = plan(document, subnets=(*order, repeated))
    assert {(mend.key, change) for mend in mends for change in mend.changes} == {
        (mend.key, change) for mend in plan(document) for change in mend.changes
    }
    assert all(len(set(mend.resources)) == len(mend.resources) for mend in mends)
    assert len({mend.key for mend in mends}) == len(mends)


def test_the_same_facts_are_covered_and_so_are_facts_in_which_others_did_a_part() -> None:
    before = without_endpoint(tagged(tagged(answers(), 0, {}), 1, {}))
    confirmed = plan(before)
    assert is_covered(confirmed, confirmed, network(before))
    half = tagged(deepcopy(before), 0, {ELB: "1"})
    assert is_covered(confirmed, plan(half), network(half))
    done = answers()
    assert is_covered(confirmed, plan(done), network(done))


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda d: tagged(d, 1, {}),  # one more to do
        lambda d: tagged(d, 0, {ELB: "theirs"}),  # another value would be overwritten
        lambda d: with_own_table(d, SUBNETS[2]),  # another table
        lambda d: d["DescribeSubnets"]["Subnets"].pop(0),  # a subnet is gone, its tag was not set
        lambda d: d["DescribeVpcEndpoints"].update(  # somebody's own endpoint, on another table
            VpcEndpoints=[{"VpcEndpointId": "vpce-1", "VpcEndpointType": "Gateway", "VpcId": VPC, "State": "available",
                           "ServiceName": S3, "RouteTableIds": ["rtb-other"]}]),
        lambda d: d["DescribeSubnets"]["Subnets"].append(  # somebody else would feel it
            {"SubnetId": "subnet-new", "VpcId": VPC, "OwnerId": ACCOUNT}),
    ],
)  # fmt: skip
def test_facts_that_ask_for_anything_else_are_not_covered(meanwhile: Any) -> None:
    before = without_endpoint(tagged(answers(), 0, {}))
    confirmed = plan(before)
    after = deepcopy(before)
    meanwhile(after)
    assert not is_covered(confirmed, plan(after), network(after))


def test_an_endpoint_on_its_way_puts_its_tables_in_order() -> None:
    (mend,) = plan(without_endpoint(answers()))
    coming = answers()
    endpoint_of(coming)["State"] = "pending"
    assert in_order(mend, mend.changes[0], network(coming))
    endpoint_of(coming)["State"] = "failed"
    assert not in_order(mend, mend.changes[0], network(coming))


def test_right_before_the_call_only_what_was_seen_or_wanted_may_be_there() -> None:
    (tag,) = plan(tagged(answers(), 0, {ELB: "0"}))
    for value, departing in (("0", False), ("1", False), ("theirs", True)):
        assert departs(tag, network(tagged(answers(), 0, {ELB: value})), None) is departing
    gone = answers()
    gone["DescribeSubnets"]["Subnets"].pop(0)
    assert departs(tag, network(gone), None)
    (create,) = plan(without_endpoint(answers()))
    assert departs(create, network(answers()), None)
    assert not departs(create, network(without_endpoint(answers())), None)
    (attach,) = plan(with_own_table(answers(), SUBNETS[1]))
    assert not departs(attach, network(with_own_table(answers(), SUBNETS[1])), None)
    assert departs(attach, network(without_endpoint(with_own_table(answers(), SUBNETS[1]))), None)


def test_the_session_of_each_change_may_make_that_call_on_those_resources_only() -> None:
    document = without_endpoint(tagged(answers(), 0, {}))
    tag, create = plan(document)
    (attach,) = plan(with_own_table(answers(), SUBNETS[1]))
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}"
    assert json.loads(mend_policy(tag))["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "ec2:CreateTags",
            "Resource": [f"{arn}:subnet/{SUBNETS[0]}"],
            "Condition": {
                "StringEquals": {f"aws:RequestTag/{ELB}": "1"},
                "ForAllValues:StringEquals": {"aws:TagKeys": [ELB]},
            },
        }
    ]
    made, tags = json.loads(mend_policy(create))["Statement"]
    assert (made["Action"], made["Resource"]) == (
        "ec2:CreateVpcEndpoint",
        [f"{arn}:vpc-endpoint/*", f"{arn}:vpc/{VPC}", f"{arn}:route-table/{TABLE}"],
    )
    assert tags["Condition"] == {"StringEquals": {"ec2:CreateAction": "CreateVpcEndpoint"}}
    (modified,) = json.loads(mend_policy(attach))["Statement"]
    assert modified["Resource"] == [f"{arn}:vpc-endpoint/{ENDPOINT}", f"{arn}:route-table/{OWN_TABLE}"]


@pytest.mark.parametrize("count", [1, MOST_NAMED, MOST_NAMED + 1, 200])
@pytest.mark.parametrize("kind", [TAG, CREATE, ATTACH])
def test_the_session_policy_fits_its_limit_however_many_resources(kind: str, count: int) -> None:
    word = "subnet" if kind == TAG else "rtb"
    changes = tuple(Change(resource=f"{word}-{number:017x}", after="1") for number in range(count))
    mend = Mend(
        kind=kind, account=ACCOUNT, region="ap-northeast-1", vpc_id=VPC, changes=changes,
        tag_key=ELB if kind == TAG else "", endpoint_id=ENDPOINT if kind == ATTACH else "",
    )  # fmt: skip
    assert len(mend_policy(mend)) <= SESSION_POLICY_LIMIT
    assert len(mend.key) <= 120


def test_how_to_take_it_back_is_shell_that_names_old_values_whole(tmp_path: Any) -> None:
    """Whatever stands in a value, the shell hands it on as one word: tried with a stand-in that prints its words."""
    value = """it's, "x" $HOME `id`"""
    (mend,) = plan(tagged(tagged(answers(), 0, {}), 1, {ELB: value}))
    script = "aws() { printf '%s\\n' \"$@\" --; }\n" + undo(mend)
    printed = subprocess.run(["sh", "-eu", "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    first, second = (call.strip("\n").split("\n") for call in printed.stdout.split("--\n")[:-1])
    assert first[:2] == ["ec2", "delete-tags"]
    assert json.loads(first[-1]) == [{"Key": ELB, "Value": "1"}]
    assert second[:2] == ["ec2", "create-tags"]
    assert json.loads(second[-1]) == [{"Key": ELB, "Value": value}]
    assert SUBNETS[1] in second


def test_nothing_is_planned_twice_after_it_was_done() -> None:
    """Facts with every planned change in them have no plan left."""
    before = without_endpoint(tagged(tagged(answers(), 0, {}), 1, {ELB: "0"}))
    seen = network(before)
    subnets = tuple(
        replace(one, tags=network(answers()).subnets[0].tags)
        for one in seen.subnets or ()  # type: ignore[index]
    )
    after = replace(seen, subnets=subnets, endpoints=network(answers()).endpoints)
    assert mends_for(after, SUBNETS, profile=SEED) == ()
