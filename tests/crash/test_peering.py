"""Every mutating call of a peering and of its removal, in both accounts, killed at every moment: nothing twice, nothing
lost, nothing out of order.

The worker kills itself at the call (peering_worker.py) and is started again; the emulator's journal is the judge.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from networking.actions.peering_work import newest_work
from networking.models import PeeringConnection
from networking.states import PeeringState
from portal.workflows.models import Intent, Workflow
from portal.workflows.states import IntentState, WorkflowState
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.networking.peering_scenes import CALLS, Scene, open_scene
from tests.people import People
from tests.processes import QUICK, Process, database_url, start, wait_for

pytestmark = pytest.mark.crash

#: A call that dies before it is sent is sent again, and dies then with its effect; an answer that was read is another
#: run's death. What is the same on every database is judged on SQLite alone.
MOMENTS = ["before,effect", "reply"] if "sqlite" in settings.DATABASES["default"]["ENGINE"] else ["before,effect"]
#: Operation → on which sides it is called.
SIDES = {
    "CreateVpcPeeringConnection": ("here",), "AcceptVpcPeeringConnection": ("there",),
    "CreateRoute": ("here", "there"), "AuthorizeSecurityGroupIngress": ("here",),
    "RevokeSecurityGroupIngress": ("here",), "DeleteRoute": ("there", "here"), "DeleteVpcPeeringConnection": ("here",),
}  # fmt: skip
FORTH = [
    ("here", "CreateVpcPeeringConnection"), ("there", "AcceptVpcPeeringConnection"), *[("here", "CreateRoute")] * 6,
    *[("there", "CreateRoute")] * 2, ("here", "AuthorizeSecurityGroupIngress"),
]  # fmt: skip
BACK = [
    ("here", "RevokeSecurityGroupIngress"), *[("there", "DeleteRoute")] * 2, *[("here", "DeleteRoute")] * 6,
    ("here", "DeleteVpcPeeringConnection"),
]  # fmt: skip


@pytest.fixture
def scene(transactional_db: None, walk: Walk) -> Scene:
    return open_scene(walk)


@pytest.fixture
def mined_worker(scene: Scene, aws_env: Emulator, tmp_path: Path, moments: str) -> Iterator[Process]:
    """A worker that dies at each of the calls; started once both VPCs stand and have been looked at."""
    environment = {
        **QUICK,
        "WORKFLOW_LEASE": "30",
        "WORKFLOW_WINDOW": "1.5",
        "WORKFLOW_WINDOW_FIRST": "0.1",
        "DATABASE_URL": database_url(),
        "PORTAL_MODE": "test",
        "CRASH_MOMENT": moments,
        "CRASH_DIR": str(tmp_path),
    }
    script = Path(__file__).with_name("peering_worker.py")
    process = start([sys.executable, str(script)], tmp_path / "worker.log", environment)
    yield process
    process.kill()
    aws_env.control.withdraw()


@pytest.mark.timeout(200)
@pytest.mark.parametrize("moments", MOMENTS)
def test_no_call_of_a_peering_and_its_removal_is_lost_or_done_twice(
    moments: str, scene: Scene, mined_worker: Process, people: People, journal: JournalReader, tmp_path: Path
) -> None:
    scene.start()
    ended = wait_for(lambda: settled(scene), within=80, every=0.1, what="the work ends")
    assert ended.state == WorkflowState.DONE, (ended.message, mined_worker.output()[-3000:])
    assert done(journal, scene) == FORTH
    standing = scene.standing()
    assert standing.current is None, standing.findings
    assert (scene.ground.peering.state, standing.connection.status) == (PeeringState.CONNECTED, "active")
    (link,) = scene.links()
    assert link["VpcPeeringConnectionId"] == standing.registered.id
    assert page(people, scene).count("Connected") > 0

    scene.remove()
    ended = wait_for(lambda: settled(scene), within=80, every=0.1, what="the removal ends")
    assert ended.state == WorkflowState.DONE, (ended.message, mined_worker.output()[-3000:])
    assert done(journal, scene) == FORTH + BACK
    assert [one["Status"]["Code"] for one in scene.links()] == ["deleted"]
    assert scene.standing().peering.state == PeeringState.REMOVED
    assert PeeringConnection.objects.get().status == "deleted"
    assert "Removed" in page(people, scene)
    assert {mark.name for mark in tmp_path.iterdir() if mark.name != "worker.log"} == deaths(scene, moments)
    assert set(Intent.objects.values_list("state", flat=True)) == {IntentState.DONE}
    assert Intent.objects.count() == len(FORTH + BACK)


def settled(scene: Scene) -> Workflow | None:
    """The work once it is over, or stopped."""
    row = newest_work(scene.ground.peering)
    return row if row is not None and row.state != WorkflowState.ACTIVE else None


def done(journal: JournalReader, scene: Scene) -> list[tuple[str, str]]:
    """What our roles did in both accounts, in AWS's own order: side and operation."""
    sides = {scene.ground.here.account_id: "here", scene.ground.there.account_id: "there"}
    return [
        (sides[entry.account], entry.operation)
        for entry in journal.emulator.entries()[journal.skipped :]
        if entry.account in sides and entry.operation in CALLS and entry.outcome == "ok"
        and ":assumed-role/ClickHouse" in entry.principal
    ]  # fmt: skip


def deaths(scene: Scene, moments: str) -> set[str]:
    """The marks of all deaths: each call in each account at each moment."""
    accounts = {"here": scene.ground.here.account_id, "there": scene.ground.there.account_id}
    return {
        f"{operation}-{accounts[side]}-{moment}"
        for operation, sides in SIDES.items() for side in sides for moment in moments.split(",")
    }  # fmt: skip


def page(people: People, scene: Scene) -> str:
    """The peering's page as the owner sees it."""
    peering = scene.ground.peering
    answer = people.owner.client.get(reverse("networking:peering", args=[peering.deployment_id, peering.pk]))
    assert answer.status_code == 200
    return answer.content.decode()
