"""What strangers say must not open what we do: stated ranges, other people's route tables, staff without a reason."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connections
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from networking.actions.balancers import access_of
from networking.actions.peering_work import add_inbound_rule, newest_work
from networking.endpoints import private_name
from networking.forms.peering_start import PeeringForm
from networking.models import Peering, PrivateAccess, ReachProof
from networking.pages.peering_list import PeeringList
from networking.pages.private_access import PrivateAccessPage
from networking.peering.changes import changes_for
from networking.peering.plan import PeeringPlan
from networking.peering.shapes import PeeringSide
from networking.peering.standing import standing_of
from networking.states import PeeringState, PeeringStep
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

HOST = "h5ju65kv87.mhp0y4dmph.us-west-2.aws.byoc.clickhouse.cloud"
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


def test_a_file_about_the_target_side_breaks_nothing_and_mends_nothing(people: People) -> None:
    """Our role no longer opens there; a link's holder says that the routes back are gone."""
    peering = peered(people)
    assert record(peering).state == PeeringState.CONNECTED
    record(
        peering,
        PeeringSide(),
        unrouted(replace(accepter(peering, peerings=None), evidence=blind().evidence)),
        stated=True,
    )
    unseen = record(peering, requester(peering), PeeringSide())
    assert not unseen.standing.is_done(PeeringStep.RETURN_ROUTES)
    assert (unseen.state, unseen.began) == (PeeringState.CONNECTED, ())
    broken = record(peering, requester(peering), unrouted(accepter(peering)))
    assert broken.state == PeeringState.BROKEN
    record(peering, PeeringSide(), replace(accepter(peering, peerings=None), evidence=blind().evidence), stated=True)
    assert record(peering, requester(peering), PeeringSide()).mended == ()


@pytest.mark.parametrize(
    "word",
    ["::/0", "2000::/3", "fe80::/64", "ff00::/8", "::1/128", "::ffff:10.0.0.0/112", "2600:1f14::", "fe80::1%eth0/64"],
)
def test_a_typed_ipv6_range_is_one_that_a_vpc_can_have(word: str) -> None:
    said = [
        PeeringForm(QueryDict(urlencode({"ranges": one}))).errors for one in (word, "2600:1F14:0:1::/64 fd00:10::/56")
    ]
    assert "is no IPv6 range" in str(said[0]["ranges"])
    assert "ranges" not in said[1]


def test_the_list_reads_one_look_of_each_peering_however_many_there_were(people: People) -> None:
    peering = peered(people)
    for side in (unrouted(requester(peering)), requester(peering), requester(peering, load_balancers=())):
        record(peering, side)
    with CaptureQueriesContext(connections["default"]) as asked:
        (line,) = PeeringList.of(peering.deployment).lines
    assert line.step is not None
    assert line.step.key is PeeringStep.BALANCER
    (read,) = [one["sql"] for one in asked if "findings_observation" in one["sql"]]
    with connections["default"].cursor() as cursor:
        cursor.execute(read)
        assert len(cursor.fetchall()) == 1


def test_the_page_of_private_access_asks_how_few_peerings_stand(people: People) -> None:
    """Looking for a proof that counts, what our own record shows as connected needs no judging."""
    peering = peered(people)
    record(peering)
    rows = [peering, *(replica(peering, number) for number in range(6))]
    access_of(peering.deployment)
    PrivateAccess.objects.update(public_host=HOST)
    for row in rows:
        ReachProof.objects.create(
            organisation=people.organisation,
            peering=row,
            host=private_name(HOST),
            proven=True,
            by="net@customer.example",
        )
    with CaptureQueriesContext(connections["default"]) as asked:
        assert PrivateAccessPage.of(peering.deployment).removal_lacks == ""
    assert len(asked) <= 6


def replica(peering: Peering, number: int) -> Peering:
    """Another peering of the deployment, which nobody has begun."""
    found = Peering.objects.get(pk=peering.pk)
    found.pk, found.vpc_id, found.state = uuid4(), f"vpc-{number:017x}", PeeringState.SETTING_UP
    found.save(force_insert=True)
    return found
