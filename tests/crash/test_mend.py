"""Every call that mends a brought VPC, killed at every moment: nothing twice, nothing lost, nothing else.

As in test_launch.py: a cluster kills itself at the call, the test is the sweeper, the emulator's journal the judge.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.workflows.models import Intent, Workflow
from portal.workflows.states import IntentState, WorkflowState
from portal.workflows.sweeper import sweep
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.networking.mended import Faulty, changes_of, faulty
from tests.processes import QUICK, Process, database_url, start, wait_for

pytestmark = pytest.mark.crash

MOMENTS = ("before", "effect", "reply")
#: What is there before → the calls that mend it.
ENDPOINTS = {False: "CreateVpcEndpoint", True: "ModifyVpcEndpoint"}


@pytest.fixture
def scene(transactional_db: None, walk: Walk, endpoint: bool) -> Faulty:
    return faulty(walk, endpoint=endpoint)


@pytest.fixture
def mined_cluster(scene: Faulty, aws_env: Emulator, tmp_path: Path, moment: str) -> Iterator[Process]:
    """A cluster that dies at each of the calls; started once the VPC is brought."""
    if moment == "effect":
        for operation in ("CreateTags", *ENDPOINTS.values()):
            aws_env.control.order(
                "hold-after", account=scene.walk.account, service="ec2", operation=operation, times=None
            )
    environment = {
        **QUICK,
        "WORKFLOW_LEASE": "2",
        "DATABASE_URL": database_url(),
        "PORTAL_MODE": "test",
        "CRASH_MOMENT": moment,
        "CRASH_DIR": str(tmp_path),
    }
    process = start(
        [sys.executable, str(Path(__file__).with_name("mend_cluster.py"))], tmp_path / "cluster.log", environment
    )
    yield process
    process.kill()
    aws_env.control.withdraw()


def settled(scene: Faulty) -> Workflow | None:
    """Sweeps, as the worker's sweeper would, and answers the workflow once it is over."""
    sweep()
    workflow: Workflow = Workflow.objects.filter(connection=scene.walk.connection).latest("started_at")
    return None if workflow.state == WorkflowState.ACTIVE else workflow


@pytest.mark.timeout(300)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_no_change_is_lost_or_made_twice(
    moment: str, endpoint: bool, scene: Faulty, mined_cluster: Process, journal: JournalReader, tmp_path: Path
) -> None:
    scene.start()
    ended = wait_for(lambda: settled(scene), within=120, every=0.3, what="the mending ends")
    assert ended.state == WorkflowState.DONE, (ended.message, mined_cluster.output()[-3000:])

    called = {"CreateTags", ENDPOINTS[endpoint]}
    assert {mark.name for mark in tmp_path.iterdir() if mark.name.startswith("mend-")} == {
        f"mend-{operation}" for operation in called
    }
    assert changes_of(journal, scene.walk.account) == Counter(dict.fromkeys(called, 1))
    assert set(Intent.objects.filter(workflow=ended).values_list("state", flat=True)) == {IntentState.DONE}
    assert scene.is_mended()
    assert len(scene.endpoints()) == 1
