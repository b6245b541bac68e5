"""Every mutating call of launch and tear-down, killed at every moment: nothing twice, nothing lost.

A real cluster of django-q2 works on the test's database and kills itself at the call (tests/crash/cluster.py); the test
is the sweeper. The judge is the emulator's journal, which AWS's side keeps by itself.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from onboarding import actions
from onboarding.models import Stack
from onboarding.states import DeploymentState
from portal.workflows.models import Intent, Workflow
from portal.workflows.states import IntentState, WorkflowState
from portal.workflows.sweeper import sweep
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.processes import QUICK, Process, database_url, start, wait_for

pytestmark = pytest.mark.crash

MOMENTS = ("before", "effect", "reply")
STACKS = ("network", "storage", "roles", "cluster")
#: Made once by a launch, whatever happens to the worker.
SINGLE = ("CreateVpc", "CreateCluster", "CreateNodegroup", "CreateInternetGateway", "CreateVpcEndpoint")


@pytest.fixture
def mined_cluster(
    transactional_db: None, walk: Walk, aws_env: Emulator, tmp_path: Path, moment: str
) -> Iterator[Process]:
    """A cluster that dies at each mutating call; started once the deployment is ready to be launched."""
    walk.prove().choose()
    if moment == "effect":
        for operation in ("CreateStack", "DeleteStack"):
            aws_env.control.order(
                "hold-after", account=walk.account, service="cloudformation", operation=operation, times=None
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
        [sys.executable, str(Path(__file__).with_name("cluster.py"))], tmp_path / "cluster.log", environment
    )
    yield process
    process.kill()
    aws_env.control.withdraw()


def settled(walk: Walk, kind: str) -> Workflow | None:
    """Sweeps, as the worker's sweeper would, and answers the workflow once it is over."""
    sweep()
    workflow: Workflow = Workflow.objects.filter(connection=walk.connection, kind=kind).latest("started_at")
    return None if workflow.state == WorkflowState.ACTIVE else workflow


@pytest.mark.timeout(300)
@pytest.mark.parametrize("moment", MOMENTS)
def test_no_call_of_a_launch_and_its_tear_down_is_lost_or_done_twice(
    moment: str, mined_cluster: Process, walk: Walk, journal: JournalReader, tmp_path: Path
) -> None:
    walk.confirm()
    launch = wait_for(lambda: settled(walk, "onboarding.launch"), within=120, every=0.3, what="the launch ends")
    assert launch.state == WorkflowState.DONE, (launch.message, mined_cluster.output()[-3000:])
    assert walk.fresh().deployment.state == DeploymentState.READY

    actions.tear_down(deployment=walk.deployment, version=walk.deployment.version, by=walk.by)
    removal = wait_for(lambda: settled(walk, "onboarding.teardown"), within=120, every=0.3, what="the removal ends")
    assert removal.state == WorkflowState.DONE, (removal.message, mined_cluster.output()[-3000:])

    assert len([mark for mark in tmp_path.iterdir() if mark.name.startswith(("create-", "delete-"))]) == 8
    assert_exactly_once(walk, journal)


def assert_exactly_once(walk: Walk, journal: JournalReader) -> None:
    """Each stack was created and deleted once, by the management role, and nothing else was changed by it."""
    ours = [entry for entry in journal.effects(walk.account) if "ClickHouseManagementRole" in entry.principal]
    done = Counter((entry.operation, entry.parameters["StackName"].split("/")[-2:][0]) for entry in ours)
    names = [f"clickhouse-cloud-{walk.deployment.slug}-{stack}" for stack in STACKS]
    assert done == Counter([(operation, name) for operation in ("CreateStack", "DeleteStack") for name in names])
    effects = Counter(journal.operations(walk.account))
    assert {operation: effects[operation] for operation in SINGLE} == dict.fromkeys(SINGLE, 1)
    assert set(Stack.objects.values_list("status", flat=True)) == {"DELETE_COMPLETE"}
    assert set(Intent.objects.values_list("state", flat=True)) == {IntentState.DONE}
