"""What a look changes: the connection's record, how far the peering is, and what is no longer fine."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from networking.kinds import PEERING_SEEN
from networking.models import Peering, PeeringConnection, PeeringFault
from networking.peering.checks.connection import ENDED
from networking.peering.looks import newest_look
from networking.peering.standing import standing_of
from networking.states import PeeringState, PeeringStatus, PeeringStep
from onboarding.models import Deployment
from portal.aws.facts.networks import RefusedRead
from portal.aws.facts.shapes import Tag
from portal.findings.models import Observation
from portal.findings.shapes import Level
from portal.workflows.models import Event
from tests.networking import peered as scene
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def peering(people: People) -> Peering:
    return scene.peered(people)


def row(peering: Peering) -> PeeringConnection:
    found: PeeringConnection = PeeringConnection.objects.get(peering=peering)
    return found


def seen(peering: Peering, *facts, there=True):
    """A look at both sides in which these connections are shown."""
    other = scene.accepter(peering, peerings=facts) if there else scene.blind()
    return scene.record(peering, scene.requester(peering, peerings=facts), other)


def forget(peering: Peering, minutes: int = 10) -> None:
    """The connection was seen some time ago."""
    at = timezone.now() - timedelta(minutes=minutes)
    PeeringConnection.objects.filter(peering=peering).update(first_seen_at=at, seen_at=at)


def test_a_connection_goes_forward_and_never_back(peering: Peering) -> None:
    for status in ("initiating-request", "pending-acceptance", "provisioning", "active"):
        seen(peering, scene.connection(peering, status))
        assert row(peering).status == status
    for older in ("pending-acceptance", "provisioning", "initiating-request"):
        changed = seen(peering, scene.connection(peering, older))
        assert row(peering).status == PeeringStatus.ACTIVE
        assert changed.standing.current is None
        assert changed.state == PeeringState.CONNECTED


def test_a_deleted_connection_was_being_deleted_since(peering: Peering) -> None:
    seen(peering, scene.connection(peering))
    seen(peering, scene.connection(peering, "deleting"))
    began = row(peering).ended_at
    assert began is not None
    for status, kept in (("active", "deleting"), ("deleted", "deleted"), ("deleting", "deleted")):
        seen(peering, scene.connection(peering, status))
        assert (row(peering).status, row(peering).ended_at) == (kept, began)


def test_an_older_state_does_not_hide_the_ranges_of_a_side_that_nobody_looks_at(peering: Peering) -> None:
    seen(peering, scene.connection(peering), there=False)
    changed = seen(peering, scene.connection(peering, "pending-acceptance"), there=False)
    assert changed.standing.is_done(PeeringStep.ROUTES)
    assert changed.standing.is_done(PeeringStep.SECURITY_GROUP)


@pytest.mark.parametrize("status", sorted(ENDED - {"deleting"}))
def test_a_connection_that_ended_stays_ended_and_is_shown_when_aws_forgot_it(peering: Peering, status: str) -> None:
    seen(peering, scene.connection(peering, "pending-acceptance"))
    seen(peering, scene.connection(peering, status, message="Because"))
    ended_at = row(peering).ended_at
    assert ended_at is not None
    for shown in ((), (scene.connection(peering),), (scene.connection(peering, "pending-acceptance"),)):
        forget(peering)
        standing = seen(peering, *shown).standing
        assert (row(peering).status, row(peering).message, row(peering).ended_at) == (status, "Because", ended_at)
        (found,) = standing.of_step(PeeringStep.CONNECTION)
        assert found.level is Level.FAILED
        assert "Because" in found.message
        assert "Create a new connection" in found.message


def test_what_other_work_wrote_of_the_connection_counts_before_the_next_look(peering: Peering) -> None:
    scene.record_requested(peering)
    PeeringConnection.objects.update(status=PeeringStatus.ACTIVE)
    standing = standing_of(peering)
    assert standing.is_done(PeeringStep.ACCEPTANCE)
    assert standing.current is PeeringStep.ROUTES


def test_until_when_a_request_waits_is_kept(peering: Peering) -> None:
    standing = scene.record_requested(peering).standing
    assert row(peering).expires_at == datetime.fromisoformat("2026-11-30T03:00:00+00:00")
    assert "until 2026-11-30 03:00" in standing.of_step(PeeringStep.ACCEPTANCE)[0].message


def test_a_new_generation_follows_a_new_connection(peering: Peering) -> None:
    seen(peering, scene.connection(peering, "pending-acceptance"))
    seen(peering, scene.connection(peering, "rejected"))
    again = scene.connection(peering, id="pcx-0aaaaaaaaaaaaaaaa")
    old = seen(peering, scene.connection(peering, "rejected"), again).standing
    assert "pcx-0aaaaaaaaaaaaaaaa joins the two VPCs now" in old.of_step(PeeringStep.CONNECTION)[0].message
    Peering.objects.filter(pk=peering.pk).update(generation=2)
    standing = seen(peering, scene.connection(peering, "rejected"), again).standing
    assert standing.registered.id == "pcx-0aaaaaaaaaaaaaaaa"
    rows = PeeringConnection.objects.filter(peering=peering).values_list("generation", "pcx_id", "status")
    assert list(rows) == [(1, scene.PCX, "rejected"), (2, "pcx-0aaaaaaaaaaaaaaaa", "active")]


def test_one_that_is_not_shown_for_a_moment_is_there_still(peering: Peering) -> None:
    seen(peering, scene.connection(peering))
    assert seen(peering, there=False).standing.registered.id == scene.PCX
    assert row(peering).ended_at is None
    assert standing_of(peering).is_done(PeeringStep.CONNECTION)


def test_one_that_is_gone_for_longer_is_gone_until_it_is_shown_again(peering: Peering) -> None:
    seen(peering, scene.connection(peering))
    forget(peering)
    changed = seen(peering)
    assert row(peering).ended_at is not None
    assert row(peering).status == PeeringStatus.ACTIVE  # AWS never said that it was deleted
    assert changed.state == PeeringState.BROKEN
    assert "was not found" in changed.standing.of_step(PeeringStep.CONNECTION)[0].message
    assert seen(peering, scene.connection(peering)).state == PeeringState.CONNECTED
    assert row(peering).ended_at is None


def test_a_list_that_aws_refused_says_nothing_of_the_connection(peering: Peering) -> None:
    seen(peering, scene.connection(peering))
    forget(peering)
    here = scene.requester(peering, peerings=None)
    assert here.network is not None
    refused = RefusedRead(action="ec2:DescribeVpcPeeringConnections", code="UnauthorizedOperation")
    here = replace(here, network=replace(here.network, refused=(refused,)))
    changed = scene.record(peering, here, scene.blind())
    assert row(peering).ended_at is None
    assert changed.state == PeeringState.CONNECTED  # what is unknown breaks nothing
    (found,) = changed.standing.of_step(PeeringStep.CONNECTION)
    assert found.level is Level.UNKNOWN
    assert "AWS refuses ec2:DescribeVpcPeeringConnections" in found.message


def test_a_connection_that_carries_our_tag_was_made_by_us(peering: Peering) -> None:
    tag = Tag(key="clickhouse-byoc-deployment", value=peering.deployment.slug)
    seen(peering, scene.connection(peering, tags=(tag,)))
    assert not row(peering).adopted


def test_what_a_removed_peering_left_behind_belongs_to_the_next(people: People, peering: Peering) -> None:
    scene.record(peering)
    Peering.objects.filter(pk=peering.pk).update(state=PeeringState.REMOVED)
    peering.refresh_from_db()
    changed = scene.record(peering)
    assert changed.state == PeeringState.REMOVED
    columns = Peering.objects.values().get(pk=peering.pk)
    fresh = Peering.objects.create(**{**columns, "id": uuid4(), "state": PeeringState.SETTING_UP})
    assert scene.record(fresh).standing.registered.id == scene.PCX
    assert row(fresh).generation == 1


def test_a_fault_begins_once_and_ends_when_the_code_is_fine_again(peering: Peering) -> None:
    scene.record_nothing_yet(peering)
    assert not PeeringFault.objects.exists()  # what never worked cannot break
    assert scene.record(peering).state == PeeringState.CONNECTED
    lost = scene.unrouted(scene.requester(peering), scene.BYOC_TABLES[1])
    broken = scene.record(peering, lost)
    assert (broken.was, broken.state) == (PeeringState.CONNECTED, PeeringState.BROKEN)
    (fault,) = broken.began
    assert fault.code == "peering.requester-routes"
    assert f"{scene.BYOC_TABLES[1]} lacks 10.20.0.0/16" in fault.sentence["en"]
    assert set(fault.sentence) == {"en", "ja"}
    again = scene.record(peering, lost)
    assert (again.began, again.mended) == ((), ())
    mended = scene.record(peering)
    assert mended.state == PeeringState.CONNECTED
    assert [one.pk for one in mended.mended] == [fault.pk]
    assert PeeringFault.objects.get().mended_at is not None
    (anew,) = scene.record(peering, lost).began
    assert anew.pk != fault.pk
    codes = Event.objects.filter(subject_id=peering.deployment_id).order_by("at").values_list("code", flat=True)
    assert list(codes) == ["peering.connected", "peering.broken", "peering.connected", "peering.broken"]


def test_the_same_look_is_kept_once_and_the_page_is_told(peering: Peering) -> None:
    shown = Deployment.objects.get(pk=peering.deployment_id).shown
    scene.record(peering)
    first = newest_look(peering)
    scene.record(peering)
    second = newest_look(peering)
    assert first is not None
    assert second is not None
    assert (first.observation.pk, Observation.objects.filter(kind=PEERING_SEEN).count()) == (second.observation.pk, 1)
    assert second.at > first.at
    assert Deployment.objects.get(pk=peering.deployment_id).shown > shown


def test_the_stored_findings_are_those_of_the_standing(peering: Peering) -> None:
    changed = scene.record_requested(peering)
    stored = changed.observation.heard_findings()
    assert [one.message for one in stored] == [one.message for one in changed.standing.findings]
    assert set(changed.observation.findings) == {"en", "ja"}


def test_a_facts_file_of_the_target_side_counts_where_we_cannot_look(peering: Peering) -> None:
    scene.record(peering, there=scene.blind())
    stated = replace(scene.accepter(peering), evidence=scene.Evidence.DECLARED)
    changed = scene.record(peering, scene.blind(), stated, stated=True)
    assert changed.standing.current is None
    assert not changed.standing.is_observed
    assert changed.standing.stated_at is not None
    assert changed.standing.is_whole
    assert changed.state == PeeringState.SETTING_UP, "connected means that we saw it"
    # As soon as we see it ourselves, nobody's word counts.
    seen = scene.record(peering, there=scene.unrouted(scene.accepter(peering)))
    assert not seen.standing.is_whole
    assert scene.record(peering).state == PeeringState.CONNECTED
