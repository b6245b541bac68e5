"""What strangers say must not open what we do: stated ranges, other people's route tables, staff without a reason."""

from dataclasses import replace
from typing import Any

import pytest

from networking.actions.peering_work import add_inbound_rule, newest_work
from networking.models import Peering
from networking.peering.changes import changes_for
from networking.peering.plan import PeeringPlan
from networking.peering.shapes import PeeringSide
from networking.peering.standing import standing_of
from networking.states import PeeringStep
from networking.tasks.peering_link import unfit
from portal.aws.facts.vpcs import CidrFact
from portal.aws.models import Connection
from portal.workflows.actions import NotAllowed
from tests.networking.peered import (
    TARGET_RANGES,
    accepter,
    blind,
    connection,
    group,
    peered,
    record,
    requester,
    unrouted,
)  # fmt: skip
from tests.people import People, make_staff

pytestmark = pytest.mark.django_db

#: Not of the target VPC; whoever holds a link, or types, may say it.
FOREIGN = ("52.0.0.0/16", "2600:1f14::/56")


def stated(peering: Peering, *ranges: str) -> PeeringSide:
    """What a facts file says of the target VPC: these ranges besides its own."""
    side = accepter(peering, peerings=None)
    assert side.network is not None
    (vpc,) = side.network.vpcs or ()
    four, six = ([CidrFact(cidr=one) for one in ranges if (":" in one) is is_six] for is_six in (False, True))
    vpc = replace(vpc, cidrs=(*vpc.cidrs, *four), ipv6_cidrs=tuple(six))
    return replace(side, network=replace(side.network, vpcs=(vpc,)), evidence=blind().evidence)


def told(people: People, status: str, *ranges: str) -> Any:
    """A peering whose connection stands so, of which a facts file speaks for the target side."""
    peering = peered(people)
    here = unrouted(requester(peering, peerings=(connection(peering, status),), security_groups=(group(peering, ()),)))
    record(peering, here, PeeringSide())
    record(peering, PeeringSide(), stated(peering, *ranges), stated=True)
    return standing_of(peering)


def test_an_active_connection_tells_the_ranges_and_no_file_adds_to_them(people: People) -> None:
    standing = told(people, "active", *FOREIGN)
    for step in (PeeringStep.ROUTES, PeeringStep.SECURITY_GROUP):
        named = {text for change in changes_for(step, standing) for text in change.ranges}
        assert named == set(TARGET_RANGES), step


def test_a_rule_for_a_range_that_the_connection_does_not_list_stops_the_work(people: People) -> None:
    standing = told(people, "pending-acceptance", *FOREIGN)
    plan = PeeringPlan.of(standing, [PeeringStep.SECURITY_GROUP])
    assert set(FOREIGN) < {text for change in plan.changes for text in change.ranges}  # shown before it is confirmed
    assert set(unfit(standing.peering, plan, connection(standing.peering))) == set(FOREIGN)


def test_support_adds_no_rule_for_ranges_that_are_somebodys_word(people: People) -> None:
    peering = told(people, "pending-acceptance", *FOREIGN).peering
    Connection.objects.filter(pk=peering.deployment.connection_id).update(template_version=3)
    with pytest.raises(NotAllowed, match="are stated"):
        add_inbound_rule(peering=peering, by=make_staff("desk@vendor.example"), reason="Ticket 4711.")
    assert newest_work(peering) is None
