"""Real processes beside a test: a worker on the test's own database, and the portal with it."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from tests.marks import kill_marked, marked

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0
"""Seconds a process may take to show that it works."""
GRACE = 20.0
"""Seconds a process may take to end after SIGTERM."""
MARK = "PORTAL_TEST_PROCESS"

#: Seconds, as `settings.WORKFLOW` names them, for workers in tests.
QUICK = {
    "WORKFLOW_LEASE": "5",
    "WORKFLOW_SWEEP_EVERY": "0.5",
    "WORKFLOW_WINDOW": "6",
    "WORKFLOW_WINDOW_FIRST": "0.2",
    "WORKFLOW_POLL": "0.2",
    "WORKFLOW_TRUST_PATIENCE": "4",
    "WORKERS": "1",
}


def database_url() -> str:
    """The test database as DATABASE_URL names it, for a process of its own."""
    now = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{now['NAME']}"
    user = quote(now["USER"] or "", safe="")
    secret = f":{quote(now['PASSWORD'], safe='')}" if now["PASSWORD"] else ""
    if str(now["HOST"]).startswith("/"):
        return f"postgres://{user}{secret}@/{now['HOST']}/{now['NAME']}"
    return f"postgres://{user}{secret}@{now['HOST'] or '127.0.0.1'}:{now['PORT'] or 5432}/{now['NAME']}"


def wait_for[T](look: Callable[[], T], *, within: float = PATIENCE, every: float = 0.05, what: str = "") -> T:
    """What `look` answers once it is true. Raises AssertionError after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        answer = look()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"Not within {within:.0f} s: {what or look}; last answer {answer!r}")
        time.sleep(every)


@dataclass
class Process:
    """A started command; `log` holds what it wrote. `mark` is in its environment and in that of all it starts."""

    running: "subprocess.Popen[bytes]"
    log: Path
    mark: str

    @property
    def pid(self) -> int:
        return self.running.pid

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def family(self) -> dict[int, str]:
        """Process id → command line of the process and everything it started, directly or not."""
        return marked(MARK, self.mark)

    def stop(self) -> None:
        """SIGTERM to the main process alone; SIGKILL to all that is left of its family after `GRACE` seconds."""
        self.running.terminate()
        try:
            self.running.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.running.kill()
        self.kill()

    def kill(self) -> None:
        """SIGKILL to the whole family at once, as when the machine dies."""
        kill_marked(MARK, self.mark)
        self.running.kill()  # where the family cannot be found
        self.running.wait(PATIENCE)


def start(command: list[str], log: Path, more: Mapping[str, str]) -> Process:
    """Starts a command from the project's root with the test's environment and `more`, in a session of its own.

    It uses `portal.settings` itself: the tests' settings cut AWS off, and the environment has the test's endpoint.
    """
    mark = uuid.uuid4().hex
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", **more, MARK: mark}
    with log.open("ab") as output:
        running = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    return Process(running, log, mark)


@dataclass
class Workers:
    """Starts `manage.py worker` (queue, sweeper, watchdog) on the test's database, and ends them all."""

    directory: Path
    environ: dict[str, str] = field(default_factory=dict)
    started: list[Process] = field(default_factory=list)

    def start(self, **more: str) -> Process:
        """One more worker. `more` goes into its environment: `start(WORKFLOW_LEASE="2")`."""
        log = self.directory / f"worker-{len(self.started)}.log"
        environ = {**QUICK, "PORTAL_MODE": "test", **self.environ, **more, "DATABASE_URL": database_url()}
        process = start([sys.executable, "manage.py", "worker"], log, environ)
        self.started.append(process)
        return process

    def stop(self) -> None:
        for process in self.started:
            process.stop()


@pytest.fixture
def workers(transactional_db: None, tmp_path: Path) -> Iterator[Workers]:
    """Starts real workers on this test's database: `workers.start()`; all end with the test."""
    crew = Workers(tmp_path)
    yield crew
    crew.stop()


@dataclass(frozen=True)
class LivePortal:
    """The portal as a person meets it: web at `url`, a worker, and the emulated AWS behind both."""

    url: str
    worker: Process
    workers: Workers


@pytest.fixture
def live_portal(
    aws_env: Any, live_server: Any, workers: Workers, settings: Any, request: pytest.FixtureRequest
) -> Iterator[LivePortal]:
    """Web, worker and emulator over real HTTP on the test's database; a failed test shows the worker's log."""
    settings.PORTAL_BASE_URL = live_server.url
    workers.environ["PORTAL_BASE_URL"] = live_server.url
    yield LivePortal(live_server.url, workers.start(), workers)
    for process in workers.started:
        request.node.add_report_section("teardown", process.log.name, process.output()[-8000:])
