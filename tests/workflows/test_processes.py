"""Real workers that are stopped, killed and put to sleep: the work goes on, and nothing is left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.workflows.models import Heartbeat, Intent, Workflow
from portal.workflows.states import IntentState, WorkflowState
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.processes import QUICK, Process, Workers, database_url, start, wait_for
from tests.workflows.conftest import fresh

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def beats() -> bool:
    return Heartbeat.objects.filter(name="cluster").exists()


def beat_after(moment: object) -> bool:
    return Heartbeat.objects.filter(name="cluster", at__gt=moment).exists()


def last_beat() -> object:
    return Heartbeat.objects.values_list("at", flat=True).get(name="cluster")


def alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def children_of(pid: int, worker: Process) -> list[int]:
    """The worker's processes that `pid` started, oldest first."""
    return sorted(child for child in worker.family() if alive(child) and parent_of(child) == pid)


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[Process]:
    """A worker whose watchdog loses patience after five seconds; it gives signs of life."""
    environment = {**QUICK, "DATABASE_URL": database_url(), "PORTAL_MODE": "test"}
    command = [sys.executable, "manage.py", "worker", "--silence", "5"]
    process = start(command, tmp_path / "worker.log", environment)
    wait_for(beats, within=60, what="the cluster gives a sign of life")
    yield process
    process.stop()


def sentinel_of(worker: Process) -> tuple[int, int]:
    """The cluster's main process and the sentinel that it started."""
    [cluster] = wait_for(lambda: children_of(worker.pid, worker), what="the cluster runs")
    [sentinel] = wait_for(lambda: children_of(cluster, worker), what="its sentinel runs")
    return cluster, sentinel


@pytest.mark.parametrize("victim", ["worker", "monitor", "cluster"])
def test_work_goes_on_after_a_part_of_the_cluster_was_killed(worker: Process, victim: str) -> None:
    cluster, sentinel = sentinel_of(worker)
    wait_for(lambda: len(children_of(sentinel, worker)) == 3, what="the sentinel has started its three")
    parts = children_of(sentinel, worker)
    pid = dict(zip(("worker", "monitor", "pusher"), parts, strict=True)) | {"cluster": cluster}
    before = last_beat()
    os.kill(pid[victim], signal.SIGKILL)
    wait_for(lambda: not alive(pid[victim]), what="the victim is dead")
    moment = last_beat()
    assert moment >= before  # type: ignore[operator]
    wait_for(lambda: beat_after(moment), within=60, what="a task is done again")
    wait_for(lambda: len(worker.family()) == 6, within=60, what="one cluster is there, and nothing else")


def test_sigterm_ends_all_and_leaves_no_process(worker: Process) -> None:
    worker.running.send_signal(signal.SIGTERM)
    assert worker.running.wait(20) == 0
    assert worker.family() == {}


def test_a_watchdog_that_is_killed_leaves_no_cluster_behind(worker: Process) -> None:
    cluster, _sentinel = sentinel_of(worker)
    assert alive(cluster)
    os.kill(worker.pid, signal.SIGKILL)
    worker.running.wait(5)
    wait_for(lambda: worker.family() == {}, within=60, what="nothing of the worker is left")


def test_a_hung_cluster_does_not_outlive_its_watchdog(worker: Process) -> None:
    """The sentinel that would end the others is asleep: the cluster's main process ends them all the same."""
    _cluster, sentinel = sentinel_of(worker)
    os.kill(sentinel, signal.SIGSTOP)
    os.kill(worker.pid, signal.SIGKILL)
    worker.running.wait(5)
    wait_for(lambda: worker.family() == {}, within=60, what="nothing of the worker is left")


def test_a_step_that_kills_its_process_runs_five_times_and_then_stops_for_a_human(
    workflow: Workflow, tmp_path: Path
) -> None:
    """F-6: the queue would deliver it again for ever."""
    environment = {**os.environ, **QUICK, "DATABASE_URL": database_url(), "PORTAL_MODE": "test"}
    command = [sys.executable, str(HERE / "poisoned.py"), str(workflow.pk), "7"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    assert [int(line) for line in done.stdout.split()] == [-signal.SIGKILL] * 5 + [0, 0]
    assert fresh(workflow).state == WorkflowState.NEEDS_HUMAN


def test_a_worker_that_slept_through_its_lease_makes_nothing_twice(
    workers: Workers, walk: Walk, aws_env: Emulator, journal: JournalReader
) -> None:
    """F-7: it is stopped with its call under way; a second worker goes on; then the first wakes."""
    walk.prove().choose()
    aws_env.control.order("hold-before", account=walk.account, service="cloudformation", operation="CreateStack")
    sleeper = workers.start(WORKFLOW_LEASE="2", WORKFLOW_WINDOW_FIRST="0.1")
    walk.confirm()
    held = aws_env.control.wait_held(60)
    for pid in sleeper.family():
        os.kill(pid, signal.SIGSTOP)
    workers.start(WORKFLOW_LEASE="2", WORKFLOW_WINDOW_FIRST="0.1")
    launch = Workflow.objects.get(kind="onboarding.launch")
    wait_for(
        lambda: Intent.objects.filter(key__startswith="stack:network:create", state=IntentState.DONE).exists(),
        what="the second worker has made the first stack",
    )
    aws_env.control.release(held["id"])
    for pid in sleeper.family():
        os.kill(pid, signal.SIGCONT)
    wait_for(lambda: "lease_lost" in sleeper.output(), what="the sleeper notices that it lost its lease")
    wait_for(lambda: "CreateVpc" in journal.operations(walk.account), what="the stack makes its VPC")
    stacks = {entry.result["StackId"] for entry in journal.effects(walk.account, "CreateStack")}
    assert len([stack for stack in stacks if f"{walk.deployment.slug}-network" in stack]) == 1
    assert journal.operations(walk.account).count("CreateVpc") == 1
    intent = Intent.objects.get(key__startswith="stack:network:create")
    assert (intent.state, intent.fence > 1) == (IntentState.DONE, True)
    assert fresh(launch).state == WorkflowState.ACTIVE
