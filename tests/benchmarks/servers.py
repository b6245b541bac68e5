"""The portal under gunicorn and its worker and emulator, for what has to be measured through sockets."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import Process, start, wait_for
from tests.smoke import free_ports, status


@contextmanager
def running(command: list[str], log: Path, more: dict[str, str]) -> Iterator[Process]:
    """A process, ended in the end."""
    process = start([sys.executable, *command], log, more)
    try:
        yield process
    finally:
        process.stop()


@contextmanager
def web(home: Path) -> Iterator[str]:
    """gunicorn as in production, 2 × 8 threads; its base URL."""
    (port,) = free_ports(1)
    command = ["-m", "gunicorn", "portal.wsgi:application", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--graceful-timeout", "2"]
    base = f"http://127.0.0.1:{port}"
    with running(command, home / "web.log", {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}):
        wait_for(lambda: status(f"{base}/bench/empty/") == 200, what=f"the web answers; see {home / 'web.log'}")
        yield base


@contextmanager
def emulator(home: Path) -> Iterator[Path]:
    """The emulator, to which this process's AWS_ENDPOINT_URL points meanwhile; the path of its journal."""
    (port,) = free_ports(1)
    command = ["-m", "portal.demo.emulator", "--port", str(port), "--state", str(home / "emulator")]
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "111111111111",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with running(command, home / "emulator.log", {}) as process:
        wait_for(lambda: "ready" in process.output(), what="the emulator is ready")
        yield home / "emulator" / "journal.jsonl"


@contextmanager
def worker(home: Path) -> Iterator[None]:
    """`manage.py worker` with the portal's own settings, on the benchmark's database."""
    with running(["manage.py", "worker"], home / "worker.log", {"DJANGO_SETTINGS_MODULE": "portal.settings"}):
        yield
