"""The pieces of the work on a peering, each alone: what a read means, what a session may, which ranges fit."""

import json
from dataclasses import replace
from types import SimpleNamespace

from networking.peering.change import ACCEPT, CREATE, DELETE, REQUESTER, ROUTE, RULE, PeeringChange
from networking.peering.plan import PeeringPlan
from networking.tasks.peering_effects import batches_of
from networking.tasks.peering_link import unfit
from networking.tasks.peering_seen import Seen, Stand
from networking.tasks.peering_sessions import changing_policy
from portal.aws.facts.peerings import PeeringFact
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.security_groups import SecurityGroupFact
from portal.aws.peering_writes import Admission
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
    group,
    route,
    rule,
    table,
)

REGISTERED = SimpleNamespace(
    requester_vpc=HERE, requester_region="eu-central-1", vpc_id=THERE, account_id=TARGET, region="eu-west-1",
    deployment=SimpleNamespace(connection=SimpleNamespace(account_id=BYOC)),
)  # fmt: skip


def change(kind: str, resource: str = HERE, **more: object) -> PeeringChange:
    values = {"side": REQUESTER, "account": BYOC, "region": "eu-central-1", "connection": PCX, **more}
    return PeeringChange(kind=kind, resource=resource, **values)  # type: ignore[arg-type]


def seen(**parts: object) -> Seen:
    return Seen(REGISTERED, PCX, **parts)  # type: ignore[arg-type]


def link(status: str, **more: object) -> PeeringFact:
    return PeeringFact.from_aws(connection(status, **more))


def test_a_request_is_accepted_only_while_it_waits_between_the_registered_sides():
    accept = change(ACCEPT)
    stands = {
        status: seen(links=(link(status),)).stands(accept)
        for status in ("initiating-request", "pending-acceptance", "provisioning", "active")
    }
    assert list(stands.values()) == [Stand.LATER, Stand.OPEN, Stand.DONE, Stand.DONE]
    assert seen().stands(accept) is Stand.LATER
    assert "rejected" in seen(links=(link("rejected"),)).stands(accept)["en"]
    stranger = {"VpcId": HERE, "OwnerId": "999999999999", "Region": "eu-central-1"}
    said = seen(links=(link("pending-acceptance", RequesterVpcInfo=stranger),)).stands(accept)
    assert "neither accept nor delete" in said["en"]


def test_a_request_is_made_only_where_the_pair_has_none():
    create = change(CREATE, peer_vpc=THERE)
    assert seen(links=(link("deleted"),)).stands(create) is Stand.OPEN
    assert seen(links=(link("pending-acceptance"),)).stands(create) is Stand.DONE
    assert seen(links=(link("deleting"),)).stands(change(DELETE)) is Stand.DONE


def test_a_route_is_written_only_where_its_place_is_free():
    write = change(ROUTE, "rtb-1", ranges=(THEIRS,))

    def stands(*routes: dict[str, object]) -> object:
        return seen(tables=(RouteTableFact.from_aws(table("rtb-1", HERE, (), *routes)),)).stands(write)

    assert stands(route(MINE, "local")) is Stand.OPEN
    assert stands(route(THEIRS)) is Stand.DONE
    said = stands(route(THEIRS, "tgw-1"))
    assert isinstance(said, dict)
    assert f"{THEIRS} → tgw-1" in said["en"]
    assert f"{THEIRS} → {PCX}" in said["en"]


def test_a_rule_asks_only_for_what_lacks_because_aws_refuses_all_for_one():
    admit = change(RULE, "sg-1", ranges=(THEIRS, THEIR_SIX), ports=(443, 8443))
    facts = SecurityGroupFact.from_aws(
        group(rule(THEIRS, THEIR_SIX, ports=(443, 443)), rule(THEIRS, ports=(8443, 8443)))
    )
    found = seen(groups=(facts,))
    assert found.stands(admit) is Stand.OPEN
    assert found.missing(admit) == (Admission(port=8443, ranges=(THEIR_SIX,)),)
    assert found.present(admit) == (
        Admission(port=443, ranges=(THEIRS, THEIR_SIX)), Admission(port=8443, ranges=(THEIRS,))
    )  # fmt: skip


def test_ranges_that_aws_lists_must_be_those_of_the_plan():
    routes = (change(ROUTE, "rtb-1", ranges=(THEIRS,)),)
    plan = PeeringPlan(generation=1, changes=routes, ranges=(MINE, SECOND, SIX))
    assert unfit(REGISTERED, plan, link("active")) == ()  # type: ignore[arg-type]
    assert unfit(REGISTERED, plan, link("pending-acceptance")) == ()  # type: ignore[arg-type]
    narrower = replace(plan, ranges=(MINE, SIX))
    assert unfit(REGISTERED, narrower, link("active")) == (SECOND,)  # type: ignore[arg-type]
    elsewhere = replace(plan, changes=(change(ROUTE, "rtb-1", ranges=("10.9.0.0/16",)),))
    assert unfit(REGISTERED, elsewhere, link("active")) == ("10.9.0.0/16",)  # type: ignore[arg-type]


def test_a_session_names_what_it_may_change_and_its_policy_fits():
    many = [change(ROUTE, f"rtb-{number:017x}", ranges=(THEIRS,)) for number in range(15)]
    policy = changing_policy(many, PCX)
    assert len(policy) <= 2048
    (statement,) = json.loads(policy)["Statement"]
    assert statement["Action"] == "ec2:CreateRoute"
    assert len(statement["Resource"]) == 15
    created = json.loads(
        changing_policy([change(CREATE, peer_vpc=THERE, peer_account=TARGET, peer_region="eu-west-1")], "")
    )
    assert created["Statement"][0]["Resource"] == [f"arn:aws:ec2:eu-central-1:{BYOC}:vpc/{HERE}"]
    assert created["Statement"][1]["Condition"]["ArnEquals"] == {
        "ec2:AccepterVpc": f"arn:aws:ec2:eu-west-1:{TARGET}:vpc/{THERE}",
        "ec2:RequesterVpc": f"arn:aws:ec2:eu-central-1:{BYOC}:vpc/{HERE}",
    }


def test_neighbours_of_one_kind_share_a_session():
    kinds = [CREATE, ROUTE, ROUTE, RULE, ROUTE]
    changes = [change(kind, f"rtb-{place}") for place, kind in enumerate(kinds)]
    assert [len(batch) for batch in batches_of(changes)] == [1, 2, 1, 1]
