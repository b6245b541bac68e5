"""What the portal would change for a peering, from the facts of both sides: no more than lacks, nothing of others'."""

import json
from copy import deepcopy
from dataclasses import replace
from types import SimpleNamespace

import pytest

from networking.peering.changes import (
    changes_for,
    changes_from_json,
    is_covered,
    obstacles_for,
    plan_hash,
    removal_of,
    sentence,
)  # fmt: skip
from networking.peering.plan import PeeringPlan
from networking.peering.rule_changes import mark_of
from networking.states import PeeringStep
from portal.findings.shapes import Evidence
from tests.networking.peering.files import (
    BYOC,
    HERE,
    MINE,
    PCX,
    SECOND,
    SIX,
    TARGET,
    THEIR_SIX,
    THEIRS,
    THERE,
    connection,
    fit,
    route,
    rule,
    table,
    vpc,
)  # fmt: skip
from tests.networking.peering.planned import CONSENT, MADE, PEERING, bare, ours, shown, standing, unborn


def routes(document, step=PeeringStep.ROUTES, **more):
    found = changes_for(step, standing(document, **more))
    return [(one.kind, one.resource, *one.ranges, one.connection) for one in found]


def tables(document, side="requester"):
    return {one["RouteTableId"]: one for one in document[side]["DescribeRouteTables"]["RouteTables"]}


def test_nothing_is_left_where_all_is_fine():
    assert [changes_for(step, standing(ours(fit()))) for step in PeeringStep] == [()] * 6
    assert [obstacles_for(step, standing(ours(fit()))) for step in PeeringStep] == [()] * 6


def test_each_followed_table_gets_each_range_once_and_the_main_table_counts():
    assert routes(bare()) == [
        ("route", name, one, PCX) for name in ("rtb-1a", "rtb-1b", "rtb-1m") for one in (THEIRS, THEIR_SIX)
    ]
    document = bare()
    tables(document)["rtb-1a"]["Associations"].append(
        {"SubnetId": "subnet-1b", "AssociationState": {"State": "associated"}}
    )
    tables(document)["rtb-1b"]["Associations"] = []
    assert {one[1] for one in routes(document)} == {"rtb-1a", "rtb-1m"}


def test_every_range_of_the_byoc_vpc_goes_back_the_second_one_and_ipv6_too():
    assert routes(bare(), PeeringStep.RETURN_ROUTES) == [("route", "rtb-2a", one, PCX) for one in (MINE, SECOND, SIX)]


@pytest.mark.parametrize("covering", [(route("10.0.0.0/15"),), (route("10.1.0.0/17"), route("10.1.128.0/17"))])
def test_what_is_covered_already_needs_nothing(covering):
    document = bare()
    tables(document)["rtb-1a"]["Routes"] += [*covering, route(THEIR_SIX)]
    assert {one[1] for one in routes(document)} == {"rtb-1b", "rtb-1m"}


def test_a_wider_route_elsewhere_stays_beside_ours():
    document = bare()
    tables(document)["rtb-1a"]["Routes"].append(route("10.0.0.0/8", "tgw-1"))
    assert ("route", "rtb-1a", THEIRS, PCX) in routes(document)
    assert obstacles_for(PeeringStep.ROUTES, standing(document)) == ()


@pytest.mark.parametrize("thief", [THEIRS, "10.1.3.0/24"])
def test_a_route_to_another_target_is_told_and_never_replaced(thief):
    document = bare()
    tables(document)["rtb-1a"]["Routes"].append(route(thief, "tgw-1"))
    changes = routes(document)
    assert ("route", "rtb-1a", THEIR_SIX, PCX) in changes
    assert (("route", "rtb-1a", THEIRS, PCX) in changes) is (thief != THEIRS)
    (said,) = obstacles_for(PeeringStep.ROUTES, standing(document))
    assert f"{thief} → tgw-1" in said
    assert PCX in said


def test_a_blackhole_to_a_former_connection_of_ours_goes_first():
    document = bare()
    tables(document)["rtb-1a"]["Routes"].append(route(THEIRS, "pcx-0", "blackhole"))
    assert routes(document, former=("pcx-0",))[:2] == [
        ("delete-route", "rtb-1a", THEIRS, "pcx-0"), ("route", "rtb-1a", THEIRS, PCX)
    ]  # fmt: skip
    assert obstacles_for(PeeringStep.ROUTES, standing(document, former=("pcx-0",))) == ()
    assert ("route", "rtb-1a", THEIRS, PCX) not in routes(document)
    assert "pcx-0 (blackhole)" in obstacles_for(PeeringStep.ROUTES, standing(document))[0]


def test_tables_that_are_the_customers_need_their_consent():
    document = bare()
    for one in tables(document).values():
        del one["Tags"]
    assert routes(document) == []
    assert len(obstacles_for(PeeringStep.ROUTES, standing(document))) == 3
    tables(document)["rtb-1b"]["Tags"] = CONSENT
    assert {one[1] for one in routes(document)} == {"rtb-1b"}
    assert "clickhouse-byoc-peering = allowed" in obstacles_for(PeeringStep.ROUTES, standing(document))[0]


def test_what_nobody_of_ours_saw_is_left_alone():
    document = bare()
    found = standing(document)
    found.accepter = replace(found.accepter, evidence=Evidence.DECLARED)
    assert changes_for(PeeringStep.RETURN_ROUTES, found) == ()
    del document["accepter"]
    assert changes_for(PeeringStep.RETURN_ROUTES, standing(document)) == ()


def test_before_the_connection_all_steps_can_be_planned_towards_it():
    found = standing(unborn(), born=False)
    kinds = [[one.kind for one in changes_for(step, found)] for step in PeeringStep]
    assert kinds == [[], ["create"], ["accept"], ["route"] * 6, ["route"] * 3, ["rule"]]
    (create,), (accept,) = (changes_for(step, found) for step in (PeeringStep.CONNECTION, PeeringStep.ACCEPTANCE))
    assert (create.account, create.resource, create.peer_account, create.peer_vpc) == (BYOC, HERE, TARGET, THERE)
    assert (accept.account, accept.resource, accept.connection) == (TARGET, THERE, "")
    assert "the new connection" in sentence(changes_for(PeeringStep.ROUTES, found)[0])


def test_a_request_that_waits_is_accepted_and_an_ended_one_never_used_again():
    pending = standing(shown(bare(), status="pending-acceptance"))
    assert [one.connection for one in changes_for(PeeringStep.ACCEPTANCE, pending)] == [PCX]
    assert changes_for(PeeringStep.CONNECTION, pending) == ()
    for status in ("failed", "expired", "rejected", "deleting", "deleted"):
        over = standing(shown(bare(), status=status))
        assert [changes_for(step, over) for step in list(PeeringStep)[1:5]] == [()] * 4
        assert status in obstacles_for(PeeringStep.ACCEPTANCE, over)[0]
    unlisted = standing(unborn())
    assert obstacles_for(PeeringStep.CONNECTION, unlisted) == ()  # AWS's lists lag behind
    assert [changes_for(step, unlisted) for step in list(PeeringStep)[1:3]] == [()] * 2
    unlisted.connection = SimpleNamespace(ended_at=1)
    assert "gone" in obstacles_for(PeeringStep.CONNECTION, unlisted)[0]


def test_a_foreign_connection_is_neither_accepted_nor_deleted():
    info = {"VpcId": "vpc-9", "OwnerId": TARGET, "Region": "eu-west-1"}
    foreign = standing(shown(bare(), status="pending-acceptance", AccepterVpcInfo=info))
    assert changes_for(PeeringStep.ACCEPTANCE, foreign) == ()
    assert "vpc-9" in obstacles_for(PeeringStep.ACCEPTANCE, foreign)[0]
    assert "delete" not in [one.kind for one in removal_of(foreign, named=frozenset({PCX})).changes]


def test_overlapping_ranges_forbid_the_request_and_are_named():
    document = unborn()
    document["accepter"]["DescribeVpcs"]["Vpcs"] = [vpc(THERE, TARGET, "10.0.128.0/17")]
    found = standing(document, born=False)
    assert changes_for(PeeringStep.CONNECTION, found) == ()
    assert "10.0.128.0/17" in obstacles_for(PeeringStep.CONNECTION, found)[0]


def test_a_request_from_the_other_side_forbids_ours():
    document, turned = unborn(), connection("pending-acceptance")
    turned["RequesterVpcInfo"], turned["AccepterVpcInfo"] = turned["AccepterVpcInfo"], turned["RequesterVpcInfo"]
    document["requester"]["DescribeVpcPeeringConnections"]["VpcPeeringConnections"] = [turned]
    found = standing(document, born=False)
    assert changes_for(PeeringStep.CONNECTION, found) == ()
    assert "from the other side" in obstacles_for(PeeringStep.CONNECTION, found)[0]


def test_a_rule_admits_only_what_lacks_on_the_ports_that_lack_it():
    (change,) = changes_for(PeeringStep.SECURITY_GROUP, standing(bare()))
    assert (change.resource, change.ranges, change.ports) == ("sg-1", (THEIRS, THEIR_SIX), (443, 8443, 9440))
    document = bare()
    document["requester"]["DescribeSecurityGroups"]["SecurityGroups"][0]["IpPermissions"] = [
        rule(THEIRS, THEIR_SIX, ports=(443, 443)), rule(THEIRS, ports=(8443, 8443)),
    ]  # fmt: skip
    found = changes_for(PeeringStep.SECURITY_GROUP, standing(document))
    assert [(one.ranges, one.ports) for one in found] == [((THEIR_SIX,), (8443,)), ((THEIRS, THEIR_SIX), (9440,))]
    assert len({one.key for one in found}) == 2


def marked(document):
    """The rules are ours, by their description."""
    group = document["requester"]["DescribeSecurityGroups"]["SecurityGroups"][0]
    for one in group["IpPermissions"]:
        for entry in (*one["IpRanges"], *one["Ipv6Ranges"]):
            entry["Description"] = mark_of(PEERING)
    return document


def test_a_removal_takes_back_in_reverse_what_is_ours():
    removal = removal_of(standing(marked(shown(ours(fit()), status="active", Tags=MADE))))
    kinds = [(one.kind, one.side) for one in removal.changes]
    assert kinds == [
        ("revoke", "requester"), *[("delete-route", "accepter")] * 3, *[("delete-route", "requester")] * 6,
        ("delete", "requester"),
    ]  # fmt: skip
    assert removal.changes[0].ports == (443, 8443, 9440)
    assert [stay.id for stay in removal.stays] == [""]  # the private load balancer


def test_what_others_made_goes_only_when_it_is_named():
    document = ours(fit())
    removal = removal_of(standing(document))
    assert {one.kind for one in removal.changes} == {"delete-route"}
    names = frozenset(stay.id for stay in removal.stays if stay.id)
    assert names == {PCX, *(f"sg-1:{one}:{port}" for one in (THEIRS, THEIR_SIX) for port in (443, 8443, 9440))}
    named = removal_of(standing(document), named=names)
    assert [(one.kind, one.side) for one in named.changes][:1] == [("revoke", "requester")]
    assert [(one.kind, one.side) for one in named.changes][-1:] == [("delete", "accepter")]
    assert [stay.id for stay in named.stays] == [""]
    waits = removal_of(standing(shown(bare(), status="pending-acceptance")), named=frozenset({PCX}))
    assert waits.changes == ()
    assert "waits to be accepted" in str(waits.stays[-2])


def test_blackholes_of_ended_connections_are_offered_and_others_stay():
    document = bare()
    document["requester"]["DescribeRouteTables"]["RouteTables"].append(
        table("rtb-1z", HERE, (), route("10.9.0.0/16", "pcx-0", "blackhole"), route("10.8.0.0/16", "pcx-9"))
    )
    found = removal_of(standing(shown(document, status="deleted"), former=("pcx-0",))).changes
    assert [(one.kind, one.resource, *one.ranges) for one in found] == [("delete-route", "rtb-1z", "10.9.0.0/16")]


def test_a_side_that_nobody_saw_is_said_to_stay():
    document = marked(shown(ours(fit()), status="active", Tags=MADE))
    del document["accepter"]
    removal = removal_of(standing(document))
    assert {one.side for one in removal.changes} == {"requester"}
    assert any(TARGET in str(stay) and "blackholes" in str(stay) for stay in removal.stays)


def test_a_plan_survives_storage_and_its_hash_says_whether_it_is_the_same():
    found = standing(unborn(), born=False)
    plan = tuple(one for step in PeeringStep for one in changes_for(step, found))
    stored = changes_from_json(json.loads(json.dumps([one.to_json() for one in plan])))
    assert (stored, plan_hash(stored)) == (plan, plan_hash(plan))
    assert plan_hash(plan[1:]) != plan_hash(plan)
    assert len({one.key for one in plan}) == len(plan)
    assert max(len(one.key) for one in plan) <= 120
    assert all(sentence(one) for one in plan)


def test_only_what_was_confirmed_is_covered():
    planned = tuple(
        one for step in PeeringStep for one in changes_for(step, standing(unborn(), born=False))
    )  # fmt: skip
    born = standing(bare())
    later = tuple(one for step in PeeringStep for one in changes_for(step, born))
    assert later
    assert is_covered(planned, later)  # the connection is there by now
    assert is_covered(later, later[2:])
    assert not is_covered(later[2:], later)
    other = tuple(replace(one, connection="pcx-2") for one in later)
    assert not is_covered(later, other)
    wider = deepcopy(bare())
    wider["accepter"]["DescribeVpcs"]["Vpcs"] = [vpc(THERE, TARGET, THEIRS, "10.2.0.0/16", THEIR_SIX)]
    assert not is_covered(later, changes_for(PeeringStep.ROUTES, standing(wider)))


def test_what_leads_to_a_connection_is_planned_with_its_creation_only():
    found = standing(unborn(), born=False)
    later = [PeeringStep.ACCEPTANCE, PeeringStep.ROUTES, PeeringStep.SECURITY_GROUP]
    assert PeeringPlan.of(found, later).steps == (PeeringStep.SECURITY_GROUP,)
    assert PeeringPlan.of(found, [*later, PeeringStep.CONNECTION]).steps == (PeeringStep.CONNECTION, *later)
    plan = PeeringPlan.of(standing(bare()), later)
    assert plan.steps == tuple(later[1:])
    assert PeeringPlan.from_data(json.loads(json.dumps(plan.to_data()))) == plan
    assert plan.matches(plan_hash(plan.changes))
