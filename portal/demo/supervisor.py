"""Starts the demo's processes, watches them and stops them all. Standard library only.

Every process leads a session of its own, so that Ctrl-C reaches the supervisor alone and each main process gets one
SIGTERM (a process group that gets it as a whole hangs django-q2). Should the supervisor be killed, the kernel sends
the same SIGTERM to each of them.
"""

import fcntl
import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from subprocess import TimeoutExpired
from types import FrameType
from typing import NoReturn, TextIO

from portal.demo.banner import farewell, welcome
from portal.demo.children import Child, start
from portal.demo.environment import PREPARED, BadSettingError, Demo, child_environment, from_environment, manage
from portal.demo.seeds.zones import write_config

PATIENCE = 60.0
"""Seconds after which a start that is not ready is given up."""

#: What RESET=1 removes; anything else in the directory is not the demo's.
OWNED = ("portal.sqlite3", "portal.sqlite3-wal", "portal.sqlite3-shm", "emulator", "emulator.json", "logs", "static")


class CannotStartError(Exception):
    """The demo cannot run; the message is one line that says why and what to do."""


@dataclass
class Supervisor:
    """One run of the demo."""

    demo: Demo
    environ: Mapping[str, str]
    children: list[Child] = field(default_factory=list)

    def run(self) -> int:
        """Brings everything up and waits; returns the exit status. Raises CannotStartError, KeyboardInterrupt."""
        began = time.monotonic()
        with ExitStack() as stack:
            stack.enter_context(self._lock())
            self._check_ports()
            self._clear()
            stack.callback(self._stop)
            self._bring_up()
            print(welcome(self.demo, time.monotonic() - began, self._notice()), flush=True)
            return self._watch()

    def _lock(self) -> TextIO:
        """The open lock file: one demo per directory, for as long as this process lives."""
        self.demo.directory.mkdir(parents=True, exist_ok=True)
        lock = (self.demo.directory / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise CannotStartError(
                f"A demo already runs from {self.demo.directory}. Stop it first, or set DEMO_DIR to another directory."
            ) from None
        return lock

    def _check_ports(self) -> None:
        for name, port in (("PORT", self.demo.port), ("EMULATOR_PORT", self.demo.emulator_port)):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError as error:
                    reason = os.strerror(error.errno or 0)
                    raise CannotStartError(
                        f"Port {port} of 127.0.0.1 cannot be used: {reason}. Try {name}={port + 1} make demo"
                    ) from None

    def _clear(self) -> None:
        (self.demo.directory / PREPARED).unlink(missing_ok=True)
        for name in OWNED if self.demo.reset else ():
            path = self.demo.directory / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        self.demo.logs.mkdir(exist_ok=True)

    def _bring_up(self) -> None:
        write_config(self.demo)
        emulator = [sys.executable, "-m", "portal.demo.lasting", "--port", str(self.demo.emulator_port)]
        emulator += ["--state", str(self.demo.emulator_state), "--config", str(self.demo.emulator_config)]
        self._start("emulator", emulator)
        setup = self._start("setup", manage("demo_setup"))
        self._until("the database", setup, (self.demo.directory / PREPARED).exists)
        web = self._start("web", web_command(self.demo))
        self._start("worker", manage("worker"))
        self._until("the setup", setup, lambda: setup.process.poll() == 0)
        self.children.remove(setup)
        self._until("the portal", web, lambda: answers(f"{self.demo.base_url}/demo/"))

    def _start(self, name: str, command: list[str]) -> Child:
        child = start(name, command, self.demo.logs / f"{name}.log", child_environment(self.demo, self.environ))
        self.children.append(child)
        return child

    def _until(self, what: str, child: Child, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            self._check_children()
            if time.monotonic() > deadline:
                raise CannotStartError(f"After {PATIENCE:.0f} s {what} is not ready. See {child.log}")
            time.sleep(0.05)

    def _check_children(self) -> None:
        for child in self.children:
            status = child.process.poll()
            if status is not None and not (status == 0 and child.name == "setup"):
                raise CannotStartError(
                    f"The {child.name} process ended with status {status}: {child.last_words()} See {child.log}"
                )

    def _notice(self) -> str:
        notice = self.demo.logs / "notice.txt"
        return notice.read_text().strip() if notice.exists() else ""

    def _watch(self) -> NoReturn:
        while True:
            self._check_children()
            time.sleep(0.5)

    def _stop(self) -> None:
        """SIGTERM to each main process, worker first; after ten seconds SIGKILL to whatever is left of a session."""
        print(farewell(), flush=True)
        running = [child for child in reversed(self.children) if child.process.poll() is None]
        # The emulator goes last: a worker that finishes its step must still find it.
        for group in ([c for c in running if c.name != "emulator"], [c for c in running if c.name == "emulator"]):
            for child in group:
                child.process.terminate()
            deadline = time.monotonic() + 10
            for child in group:
                try:
                    child.process.wait(max(0.1, deadline - time.monotonic()))
                except TimeoutExpired:
                    print(f"The {child.name} process did not stop within 10 s; it is killed.", flush=True)
        for child in self.children:
            child.kill_session()


def web_command(demo: Demo) -> list[str]:
    """gunicorn: one process, eight threads. No access log: the portal logs each request itself, without tokens."""
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--bind", f"127.0.0.1:{demo.port}"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", "8", "--graceful-timeout", "3"]
    return [*command, "--no-control-socket"]


def answers(url: str) -> bool:
    """Whether `url` answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - the demo's own http address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main() -> int:
    """The command: 0 after Ctrl-C or SIGTERM, 1 with one line on stderr when the demo cannot run."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        # Once is enough: a second Ctrl-C must not break off the stopping.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        return Supervisor(from_environment(os.environ), os.environ).run()
    except KeyboardInterrupt:
        return 0
    except (CannotStartError, BadSettingError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
