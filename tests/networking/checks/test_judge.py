"""All checks together: what holds for every VPC and every choice."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from networking.checks.judge import judge_subnet, judge_subnets, judge_vpc
from networking.checks.subnets import usable
from onboarding.rules.profiles import profile, profile_names
from portal.aws.facts.networks import VpcNetwork
from portal.findings.shapes import SEVERITY, Evidence, Level, verdict
from tests.networking.checks.answers import (
    CHOSEN,
    ELB,
    ELB_PUBLIC,
    OTHER_ACCOUNT,
    OTHER_VPC,
    VPC,
    changed,
    endpoint,
    fit,
    nat,
    network,
    put,
    route,
    subnet,
    table,
    tags,
    zone,
)

CASES = []
bounded = settings(max_examples=120, deadline=None)

GOOD = "subnet-5good"
TAGS = [tags(**{ELB: "1", "clickhouse-byoc": "true"}), tags(**{ELB: ""}), tags(**{ELB: "1", ELB_PUBLIC: "1"}), []]
LOCAL = ("-bos-1a", "use1-bos1-az1")
PARTS = ("zones", "vpcs", "subnets", "route_tables", "endpoints", "nat_gateways", "dns_support", "dns_hostnames")
DEFAULTS = [
    [],
    [route("0.0.0.0/0", NatGatewayId="nat-0a")],
    [route("0.0.0.0/0", NatGatewayId="nat-0b")],
    [route("0.0.0.0/0", GatewayId="igw-0")],
    [route("::/0", GatewayId="igw-0"), route("0.0.0.0/0", TransitGatewayId="tgw-0")],
    [route("0.0.0.0/0", VpcPeeringConnectionId="pcx-0")],
    [route("0.0.0.0/1", NatGatewayId="nat-0a"), route("128.0.0.0/1", NatGatewayId="nat-0b")],
]
NATS = [{}, {"State": "failed"}, {"ConnectivityType": "private"}, {"AvailabilityMode": "regional"}, {"State": ""}]
ENDPOINTS = [
    {},
    {"State": "Pending"},
    {"VpcEndpointType": "Interface"},
    {"ServiceName": "com.amazonaws.eu-west-1.s3"},
    {"PolicyDocument": '{"Statement":[]}'},
]
NAMES = tuple(f"subnet-0{number}" for number in range(5))


@st.composite
def subnets(draw, name):
    letter = draw(st.sampled_from("aabbccde"))
    more = {"Tags": draw(st.sampled_from(TAGS)), "AvailableIpAddressCount": draw(st.sampled_from([507, 100, 7, 3]))}
    if draw(st.integers(0, 9)) == 0:
        more |= {"VpcId": OTHER_VPC}
    if draw(st.integers(0, 9)) == 0:
        more |= {"OwnerId": OTHER_ACCOUNT}
    if draw(st.integers(0, 9)) == 0:
        more |= {"AvailabilityZone": f"us-east-1{LOCAL[0]}", "AvailabilityZoneId": LOCAL[1]}
    if draw(st.integers(0, 4)) == 0:
        more |= {"AvailabilityZoneId": ""}
    return subnet(name, letter, draw(st.sampled_from(["10.0.0.0/22", "10.0.0.0/23", "10.0.0.0/24"])), **more)


@st.composite
def networks(draw) -> VpcNetwork:
    """A VPC with up to five subnets of every kind, and one more that keeps all rules where the VPC lets it."""
    answers = fit()
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=5))
    answers["AvailabilityZones"].append(zone(LOCAL[0], LOCAL[1], "local-zone"))
    tables = [table("rtb-main", *draw(st.sampled_from(DEFAULTS)), main=True)]
    for name in names:
        state = draw(st.sampled_from(["associated", "associated", "disassociated", "associating"]))
        own = table(f"rtb-{name}", *draw(st.sampled_from(DEFAULTS)), subnets=[name])
        own["Associations"][0]["AssociationState"] = {"State": state}
        tables += [own] if draw(st.booleans()) else []
    ids = [one["RouteTableId"] for one in tables]
    good = table("rtb-good", route("0.0.0.0/0", NatGatewayId="nat-5"), subnets=[GOOD])
    answers["VpcEndpoints"] = [
        endpoint(f"vpce-{number}", *draw(st.lists(st.sampled_from(ids))), "rtb-good", **kind)
        for number, kind in enumerate(draw(st.lists(st.sampled_from(ENDPOINTS), max_size=2)))
    ]
    answers["RouteTables"] = [*tables, good]
    answers["Subnets"] = [draw(subnets(name)) for name in names] + [subnet(GOOD, "d", "10.0.64.0/23")]
    answers["Subnets"] += [subnet(f"subnet-9{x}", x, "10.0.200.0/24") for x in "abd"]
    answers["NatGateways"] = [
        nat("nat-0a", "subnet-9a", **draw(st.sampled_from(NATS))),
        nat("nat-0b", "subnet-9b", **draw(st.sampled_from(NATS))),
        nat("nat-5", "subnet-9d"),
    ]
    answers["EnableDnsHostnames"] = {"Value": draw(st.booleans())}
    answers["Vpcs"][0]["OwnerId"] = draw(st.sampled_from(["222222222222", "222222222222", OTHER_ACCOUNT]))
    return network(answers)


choices = st.lists(st.sampled_from([*NAMES, "subnet-0missing"]), max_size=6)
editions = st.sampled_from([profile(name) for name in profile_names()])


def without(look: VpcNetwork, part: str) -> VpcNetwork:
    """The look without one part, as if AWS had not shown it."""
    if part.startswith("dns_"):
        return replace(look, vpcs=tuple(replace(vpc, **{part: None}) for vpc in look.vpcs or ()) or look.vpcs)
    return replace(look, **{part: None})


def passes(findings) -> set[str]:
    """The codes of which nothing but passed is said."""
    return {one.code for one in findings} - {one.code for one in findings if one.level is not Level.PASSED}


@bounded
@given(look=networks(), chosen=choices, edition=editions, data=st.data())
def test_the_order_of_subnets_does_not_matter(look, chosen, edition, data):
    shuffled = data.draw(st.permutations(chosen))
    assert judge_vpc(look, chosen, profile=edition) == judge_vpc(look, shuffled, profile=edition)


@bounded
@given(look=networks(), chosen=choices, edition=editions, data=st.data())
def test_the_order_of_aws_answers_does_not_matter(look, chosen, edition, data):
    parts = ("subnets", "route_tables", "nat_gateways", "zones")
    shuffled = replace(look, **{part: tuple(data.draw(st.permutations(getattr(look, part)))) for part in parts})
    assert set(judge_vpc(look, chosen, profile=edition)) == set(judge_vpc(shuffled, chosen, profile=edition))


@bounded
@given(look=networks(), chosen=choices, edition=editions)
def test_adding_a_good_subnet_never_worsens_the_verdict(look, chosen, edition):
    assume(verdict(judge_subnet(look, GOOD, profile=edition)) is Level.PASSED)
    before = verdict(judge_vpc(look, chosen, profile=edition))
    after = verdict(judge_vpc(look, [*chosen, GOOD], profile=edition))
    assert SEVERITY.index(after) >= SEVERITY.index(before)


@bounded
@given(look=networks(), chosen=choices, edition=editions, parts=st.sets(st.sampled_from(PARTS), min_size=1))
def test_what_is_not_seen_never_turns_into_passed(look, chosen, edition, parts):
    blind = look
    for part in sorted(parts):
        blind = without(blind, part)
    assert passes(judge_vpc(blind, chosen, profile=edition)) <= passes(judge_vpc(look, chosen, profile=edition))


@bounded
@given(look=networks(), edition=editions, parts=st.sets(st.sampled_from(PARTS), min_size=1))
def test_what_is_not_seen_of_one_subnet_never_turns_into_passed(look, edition, parts):
    blind = look
    for part in sorted(parts):
        blind = without(blind, part)
    for name in (*NAMES, GOOD):
        seen = passes(judge_subnet(look, name, profile=edition))
        assert passes(judge_subnet(blind, name, profile=edition)) <= seen


@bounded
@given(look=networks(), chosen=choices, edition=editions)
def test_judging_twice_says_the_same(look, chosen, edition):
    assert judge_vpc(look, chosen, profile=edition) == judge_vpc(look, chosen, profile=edition)


@bounded
@given(look=networks(), chosen=choices, edition=editions)
def test_each_code_is_either_fine_or_says_what_is_not(look, chosen, edition):
    findings = judge_vpc(look, chosen, profile=edition)
    for code in {finding.code for finding in findings}:
        levels = [finding.level for finding in findings if finding.code == code]
        assert levels == [Level.PASSED] or Level.PASSED not in levels
    assert len(set(findings)) == len(findings)


@bounded
@given(look=networks(), chosen=choices, edition=editions)
def test_a_subnet_is_judged_alike_alone_and_among_others(look, chosen, edition):
    own = {"subnets.membership", "subnets.size", "subnets.free-addresses", "subnets.private", "subnets.tags"}
    together = judge_vpc(look, chosen, profile=edition)
    for name in set(chosen):
        alone = judge_subnet(look, name, profile=edition)
        troubles = {one for one in alone if one.code in own and one.level is not Level.PASSED}
        assert troubles == {one for one in together if one.code in own and one.resources[0] == name} - {
            one for one in together if one.level is Level.PASSED
        }


@bounded
@given(look=networks(), edition=editions)
def test_a_look_read_back_from_storage_is_judged_alike(look, edition):
    stored = VpcNetwork.from_json(look.to_json())
    assert judge_vpc(stored, NAMES, profile=edition) == judge_vpc(look, NAMES, profile=edition)


def test_the_fit_vpc_is_fine_in_every_profile():
    for name in profile_names():
        assert verdict(judge_vpc(network(changed()), CHOSEN, profile=profile(name))) is Level.PASSED


def absent(answers):
    """The VPC is not there, hence nothing is in it; the chosen subnets are found elsewhere."""
    answers.update({"Vpcs": [], "RouteTables": [], "VpcEndpoints": [], "NatGateways": []})


def test_one_fault_is_one_failing_code():
    faults = {
        "subnets.size": put("Subnets", "subnet-0a", CidrBlock="10.0.0.0/24", AvailableIpAddressCount=251),
        "subnets.tags": put("Subnets", "subnet-0a", Tags=tags(**{"clickhouse-byoc": "true"})),
        "subnets.private": put("RouteTables", "rtb-0a", Routes=[route("0.0.0.0/0", GatewayId="igw-0")]),
        "s3-endpoint.routes": put("VpcEndpoints", "vpce-0", RouteTableIds=["rtb-0a", "rtb-0b"]),
        "subnets.membership": put("Subnets", "subnet-0a", VpcId=OTHER_VPC),
        "vpc.exists": absent,
        "vpc.owner": put("Vpcs", VPC, OwnerId=OTHER_ACCOUNT),
        "subnets.free-addresses": put("Subnets", "subnet-0a", AvailableIpAddressCount=2),
        "subnets.zones": put("Subnets", "subnet-0a", AvailabilityZoneId="use1-az1"),
    }
    for code, fault in faults.items():
        findings = judge_vpc(network(changed(fault)), CHOSEN, profile=profile())
        assert {one.code for one in findings if one.level is Level.FAILED} == {code}


def test_findings_rest_on_what_the_look_rests_on():
    look = network(changed())
    for kind in (Evidence.OBSERVED, Evidence.DECLARED):
        assert {one.evidence for one in judge_vpc(look, CHOSEN, profile=profile(), evidence=kind)} == {kind}
        assert {one.evidence for one in judge_subnet(look, CHOSEN[0], profile=profile(), evidence=kind)} == {kind}


def test_every_subnet_of_the_look_is_judged_beside_its_name():
    look = network(changed())
    states = judge_subnets(look, profile=profile())
    assert set(states) == {one.id for one in look.subnets}
    assert verdict(states["subnet-0a"]) is Level.PASSED
    public = {one.code for one in states["subnet-9a"] if one.level is Level.FAILED}
    assert public == {"subnets.size", "subnets.private", "subnets.tags", "s3-endpoint.routes"}


def test_only_named_subnets_are_judged_when_some_are_named():
    states = judge_subnets(network(changed()), ["subnet-0b", "subnet-0x"], profile=profile())
    assert list(states) == ["subnet-0b", "subnet-0x"]
    assert verdict(states["subnet-0x"]) is Level.FAILED


@pytest.mark.parametrize("edition", profile_names())
def test_each_of_two_hundred_subnets_gets_its_own_findings(edition):
    """How long that takes is measured by `python -m tests.benchmarks vpc`."""
    answers = fit()
    names = [f"subnet-{number:03}" for number in range(200)]
    answers["Subnets"] = [
        subnet(name, "abc"[i % 3], f"10.{i}.0.0/24", Tags=[], AvailableIpAddressCount=7) for i, name in enumerate(names)
    ]
    answers["RouteTables"] = [
        table(f"rtb-{name}", route("0.0.0.0/0", GatewayId="igw-0"), subnets=[name]) for name in names
    ]
    findings = judge_vpc(network(answers), names, profile=profile(edition))
    for code in ("subnets.size", "subnets.private", "subnets.tags"):
        assert {one.resources[0] for one in findings if one.code == code} == set(names)


def test_what_a_subnet_can_hand_out_leaves_five_addresses_to_aws():
    look = network(changed(put("Subnets", "subnet-0a", CidrBlock="10.0.0.0/28")))
    assert usable(look.subnet("subnet-0a")) == 11
    assert usable(look.subnet("subnet-0b")) == 507
