"""Real processes beside a test: a worker on the test's own database, and the portal with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0
"""Seconds a process may take to show that it works, and to end."""

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
    """A started command in a session of its own; `log` holds what it wrote."""

    running: "subprocess.Popen[bytes]"
    log: Path

    @property
    def pid(self) -> int:
        return self.running.pid

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self) -> None:
        """SIGTERM to the main process; SIGKILL to the whole group when it does not end in time."""
        self.running.send_signal(signal.SIGCONT)
        self.running.terminate()
        try:
            self.running.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
        self._sweep()

    def kill(self) -> None:
        """SIGKILL to the main process and all its children at once, as a machine that dies would."""
        self._sweep()
        self.running.wait(PATIENCE)

    def _sweep(self) -> None:
        try:
            os.killpg(self.running.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def start(command: list[str], log: Path, more: Mapping[str, str]) -> Process:
    """Starts a command from the project's root with the test's environment and `more`."""
    with log.open("ab") as output:
        running = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **more}, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    return Process(running, log)


@dataclass
class Workers:
    """Starts `manage.py worker` (queue, sweeper, watchdog) on the test's database, and ends them all."""

    directory: Path
    environ: dict[str, str] = field(default_factory=dict)
    started: list[Process] = field(default_factory=list)

    def start(self, **more: str) -> Process:
        """One more worker. `more` goes into its environment: `start(WORKFLOW_LEASE="2")`."""
        log = self.directory / f"worker-{len(self.started)}.log"
        environ = {**QUICK, **self.environ, **more, "DATABASE_URL": database_url(), "PORTAL_MODE": "test"}
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
