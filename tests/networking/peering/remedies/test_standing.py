"""The remedies of a peering as it stands in rows, and what support is asked for."""

from networking.models import Peering
from networking.peering.remedies.asking import removal_requests, support_requests
from networking.peering.remedies.remedies import everything, of_account, remedies_for
from networking.peering.remedies.removal import removal_remedies
from networking.peering.standing import standing_of
from networking.states import PeeringStep
from tests.networking import peered as scenes
from tests.people import People

#: Steps that somebody does in AWS by hand.
BY_HAND = {PeeringStep.CONNECTION, PeeringStep.ACCEPTANCE, PeeringStep.ROUTES, PeeringStep.RETURN_ROUTES}


def begun(people: People) -> Peering:
    """Looked at once; nothing is done yet."""
    peering = scenes.peered(people, access=False)
    scenes.record_nothing_yet(peering)
    return peering


def test_what_is_not_done_has_its_remedies_and_support_its_requests(people: People) -> None:
    peering = begun(people)
    standing = standing_of(peering)
    found = remedies_for(standing)
    assert list(found) == list(PeeringStep)
    assert {step for step, made in found.items() if made} == BY_HAND
    mine = of_account(found, standing.registered.requester_account)
    assert [one.key for one in mine] == ["peering-connection", "peering-requester-routes"]
    assert everything(mine).startswith("#!/bin/sh")
    asked = support_requests(standing)
    assert list(asked) == [PeeringStep.BALANCER, PeeringStep.SECURITY_GROUP]
    rule = asked[PeeringStep.SECURITY_GROUP].text
    assert "Ranges: 10.20.0.0/16, 10.21.0.0/16" in rule
    assert "TCP ports: 443, 8443, 9440" in rule or "TCP ports: 8443, 9440" in rule
    assert scenes.TARGET_VPC in rule
    assert scenes.TARGET_ACCOUNT in rule
    assert peering.deployment.name in asked[PeeringStep.BALANCER].subject


def test_where_all_is_done_only_the_way_back_is_left(people: People) -> None:
    peering = scenes.peered(people, access=True)
    scenes.record(peering)
    standing = standing_of(peering)
    assert remedies_for(standing) == {}
    assert support_requests(standing) == {}
    assert [one.key for one in removal_remedies(standing)] == [
        "peering-accepter-routes-removal", "peering-requester-routes-removal", "peering-connection-removal",
    ]  # fmt: skip
    (request,) = removal_requests(standing)
    assert scenes.PCX in request.text
    assert scenes.GROUP in request.text


def test_a_target_that_nobody_looked_at_has_its_routes_by_subnet(people: People) -> None:
    peering = scenes.peered(people, access=True)
    scenes.record(peering, scenes.requester(peering), scenes.blind())
    standing = standing_of(peering)
    (back,) = remedies_for(standing)[PeeringStep.RETURN_ROUTES]
    assert back.resources == scenes.TARGET_SUBNETS
    assert [item.link for item in back.console[:3]] == list(scenes.TARGET_SUBNETS)
    assert removal_remedies(standing)[0].resources == (scenes.TARGET_VPC, scenes.PCX)
