"""What is found before there is a connection, and where the target VPC asked instead of the BYOC VPC."""

from dataclasses import replace

import pytest

from networking.models import PeeringConnection
from networking.peering.standing import Standing
from networking.states import PeeringStep
from portal.aws.facts.networks import RefusedRead
from portal.aws.facts.peerings import PeeringSideFact
from portal.findings.shapes import Evidence, Level
from portal.workflows.models import Event
from tests.networking import peered as scene
from tests.people import People

pytestmark = pytest.mark.django_db
TURNED = "pcx-0fedcba9876543210"


def sentence(standing: Standing, step: PeeringStep) -> str:
    return standing.of_step(step)[0].message


def turned(peering, status="active", **more):
    fact = scene.connection(peering, status, id=TURNED)
    return replace(fact, requester=fact.accepter, accepter=fact.requester, **more)


def shown(peering, *facts):
    """A look whose routes lead to the connection that is shown last."""
    target = facts[-1].id
    here, there = scene.requester(peering, peerings=facts), scene.accepter(peering, peerings=facts)
    return scene.record(peering, scene.led(here, target), scene.led(there, target))


def test_before_there_is_a_connection_every_sentence_names_the_two_vpcs(people: People) -> None:
    standing = scene.record_nothing_yet(scene.peered(people)).standing
    assert standing.registered.id == ""
    assert sentence(standing, PeeringStep.CONNECTION).startswith(
        f"There is no peering connection from {scene.BYOC_VPC} to {scene.TARGET_VPC} yet. Create one in account"
    )
    assert f"waits to be accepted in account {scene.TARGET_ACCOUNT}" in sentence(standing, PeeringStep.ACCEPTANCE)
    assert "lacks 10.20.0.0/16 → pcx-…, 10.21.0.0/16 → pcx-…" in sentence(standing, PeeringStep.ROUTES)
    assert "lacks 10.0.0.0/16 → pcx-…" in sentence(standing, PeeringStep.RETURN_ROUTES)
    assert "has none yet. Enable that first." in sentence(standing, PeeringStep.SECURITY_GROUP)
    assert all("  " not in one.message and all(one.resources) for one in standing.findings)


def test_a_connection_of_the_pair_that_somebody_made_is_adopted(people: People) -> None:
    peering = scene.peered(people)
    standing = scene.record(peering).standing
    assert standing.connection is not None
    assert (standing.connection.pcx_id, standing.connection.adopted) == (scene.PCX, True)
    assert standing.registered.id == scene.PCX


def test_one_of_another_vpc_or_account_is_not(people: People) -> None:
    peering = scene.peered(people)
    stranger = PeeringSideFact(vpc=scene.TARGET_VPC, owner="444444444444", region=scene.REGION)
    changed = shown(peering, scene.connection(peering, accepter=stranger))
    assert changed.standing.connection is None
    assert changed.standing.current is PeeringStep.CONNECTION
    assert not PeeringConnection.objects.exists()


def test_a_request_from_somebody_else_is_told_once_and_never_followed(people: People) -> None:
    peering = scene.peered(people)
    ours = scene.connection(peering, "pending-acceptance")
    stranger = PeeringSideFact(vpc="vpc-09999999999999999", owner="444444444444", region=scene.REGION)
    asking = replace(ours, id="pcx-09999999999999999", requester=stranger, accepter=ours.requester)
    for status in ("pending-acceptance", "active"):
        changed = shown(peering, asking, scene.connection(peering, status))
        assert changed.standing.registered.id == scene.PCX
    told = Event.objects.get(code="peering.stranger")
    assert "444444444444" in told.sentence["en"]
    assert "we do not accept it" in told.sentence["en"]


def test_a_connection_that_the_target_asked_for_counts_once_it_is_active(people: People) -> None:
    peering = scene.peered(people)
    standing = shown(peering, turned(peering, "pending-acceptance")).standing
    assert standing.connection is None
    assert f"asks {scene.BYOC_VPC} for a peering connection, {TURNED}. Accept it" in sentence(
        standing, PeeringStep.CONNECTION
    )
    standing = shown(peering, turned(peering)).standing
    assert standing.registered.asked_by_target
    assert standing.current is None
    standing = shown(peering, turned(peering, "deleted")).standing
    assert "was deleted by one of its sides" in sentence(standing, PeeringStep.CONNECTION)


def test_why_an_earlier_try_ended_is_said(people: People) -> None:
    peering = scene.peered(people)
    failed = scene.connection(peering, "failed", message="Overlapping CIDR range")
    standing = shown(peering, failed).standing
    assert standing.connection is None
    assert "failed: AWS could not set it up" in sentence(standing, PeeringStep.CONNECTION)
    assert "'Overlapping CIDR range'" in sentence(standing, PeeringStep.CONNECTION)


@pytest.mark.parametrize(
    ("state", "level"),
    [("active", Level.PASSED), ("active_impaired", Level.WARNING), ("provisioning", Level.FAILED),
     ("failed", Level.FAILED), ("odd", Level.UNKNOWN)],
)  # fmt: skip
def test_the_private_load_balancer_is_what_was_seen(people: People, state: str, level: Level) -> None:
    peering = scene.peered(people)
    here = scene.requester(peering, load_balancers=(scene.balancer(peering, state=state),))
    (found,) = scene.record(peering, here).standing.of_step(PeeringStep.BALANCER)
    assert (found.level, found.evidence) == (level, Evidence.OBSERVED)


def test_support_s_word_is_a_word_and_makes_no_load_balancer(people: People) -> None:
    peering = scene.peered(people, access=True)
    here = scene.requester(peering, load_balancers=())
    (found,) = scene.record(peering, here).standing.of_step(PeeringStep.BALANCER)
    assert found.level is Level.UNKNOWN
    assert "none was seen" in found.message
    here = scene.requester(peering, load_balancers=None)
    (found,) = scene.record(peering, here).standing.of_step(PeeringStep.BALANCER)
    assert (found.level, found.evidence) == (Level.PASSED, Evidence.DECLARED)


def test_another_cluster_s_load_balancer_is_not_ours(people: People) -> None:
    peering = scene.peered(people)
    foreign = replace(scene.group(peering), tags=())
    here = scene.requester(peering, security_groups=(foreign,))
    standing = scene.record(peering, here).standing
    assert standing.registered.security_group_ids == ()
    assert standing.current is PeeringStep.BALANCER


def test_ranges_that_somebody_typed_are_declared(people: People) -> None:
    peering = scene.peered(people, stated_ranges=list(scene.TARGET_RANGES))
    here = scene.unrouted(scene.requester(peering, peerings=()))
    standing = scene.record(peering, here, scene.blind()).standing
    (first, *_rest) = standing.of_step(PeeringStep.ROUTES)
    assert "lacks 10.20.0.0/16 → pcx-…, 10.21.0.0/16" in first.message
    assert first.evidence is Evidence.DECLARED
    assert standing.of_step(PeeringStep.RETURN_ROUTES)[0].level is Level.UNKNOWN


def test_a_refused_read_names_the_role_that_needs_the_permission(people: People) -> None:
    peering = scene.peered(people)
    sides = []
    for side in (scene.requester(peering), scene.accepter(peering)):
        assert side.network is not None
        refused = RefusedRead(action="ec2:DescribeRouteTables", code="UnauthorizedOperation")
        sides.append(replace(side, network=replace(side.network, route_tables=None, refused=(refused,))))
    standing = scene.record(peering, *sides).standing
    assert "Allow ec2:DescribeRouteTables to ClickHouseVerifierRole" in sentence(standing, PeeringStep.ROUTES)
    assert "Allow ec2:DescribeRouteTables to ClickHousePeeringRole" in sentence(standing, PeeringStep.RETURN_ROUTES)
