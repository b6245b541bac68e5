"""Time passes while the portal works on a peering. The emulator is these tests' own, because its clock runs ahead."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.urls import reverse

from networking.actions.peerings import renew_peering
from networking.models import PeeringConnection
from portal.aws.models import CallRecord
from portal.workflows.actions import NotAllowed
from portal.workflows.models import Intent
from portal.workflows.states import IntentState, WorkflowState
from tests.emulators import Emulator, JournalReader, served
from tests.journeys import Walk
from tests.networking.peering_scenes import ALL, effects, open_scene
from tests.networking.test_peering_faults import Beside, looks_at_will
from tests.people import People

__all__ = ["looks_at_will"]
pytestmark = pytest.mark.django_db
CONNECTION, ACCEPTANCE, ROUTES, RETURN, _RULE = ALL
WEEK = 7 * 24 * 3600


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    yield from served(tmp_path_factory.mktemp("ahead"))


def test_sessions_that_end_and_requests_that_expire(
    walk: Walk, people: People, aws_env: Emulator, journal: JournalReader
) -> None:
    scene = open_scene(walk, balancer=False)
    peering = scene.ground.peering
    # F-44: nobody accepts for seven days; the acceptance that was confirmed at last comes too late.
    scene.done((CONNECTION,))
    first = scene.standing().registered.id
    scene.start((ACCEPTANCE,))
    aws_env.control.advance(WEEK + 60)
    ended = scene.work()
    assert ended.state == WorkflowState.REFUSED
    assert f"{first} is expired" in ended.message["en"]
    assert effects(journal, scene) == Counter(CreateVpcPeeringConnection=1)
    assert PeeringConnection.objects.get().ended_at is not None
    here = reverse("networking:peering", args=[peering.deployment_id, peering.pk])
    assert "expired" in people.owner.get(here).content.decode()
    with pytest.raises(NotAllowed, match="expired"):
        scene.start((CONNECTION,))
    # Only a person begins anew, and the next connection is another one.
    renew_peering(peering=peering, version=peering.version, by=walk.by)
    scene.look()
    # F-26: the session's fifteen minutes end in the middle of the routes, on either side.
    beside = Beside(aws_env)
    for account in (scene.ground.here.account_id, scene.ground.there.account_id):
        beside.when(account, "CreateRoute", lambda: aws_env.control.advance(901))
    scene.done((CONNECTION, ACCEPTANCE, ROUTES, RETURN))
    beside.end()
    assert effects(journal, scene) == Counter(CreateVpcPeeringConnection=2, AcceptVpcPeeringConnection=1, CreateRoute=8)
    assert scene.standing().registered.id != first
    assert sorted(PeeringConnection.objects.values_list("generation", "status")) == [(1, "expired"), (2, "active")]
    expired = CallRecord.objects.filter(operation="CreateRoute", error_code="RequestExpired")
    assert {record.role for record in expired} == {"management", "peering"}
    done = Intent.objects.filter(workflow__state=WorkflowState.DONE)
    assert set(done.values_list("state", flat=True)) == {IntentState.DONE}
