"""Resident memory of the demo: emulator, web and worker with all their children, after a few pages."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.servers import running
from tests.marks import marked
from tests.processes import wait_for
from tests.smoke import PAGES, free_ports, status

LIMIT = 600.0


def megabytes(pid: int, word: str) -> float:
    """A field of /proc/PID/smaps_rollup, `Rss` or `Pss`, in MB; 0 for a process that has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in text.splitlines() if line.startswith(f"{word}:")), 0.0)


def measure(home: Path) -> Iterator[Figure]:
    """Sum of resident sizes; the proportional size, which counts shared pages once, in the note."""
    if not sys.platform.startswith("linux"):
        yield Figure("demo's memory", None, note="Linux only")
        return
    port, emulator_port = free_ports(2)
    place = home / "demo"
    more = {"PORT": str(port), "EMULATOR_PORT": str(emulator_port), "DEMO_DIR": str(place)}
    kept = {name: os.environ.pop(name) for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE") if name in os.environ}
    with running(["-m", "portal.demo"], home / "demo.log", more):
        os.environ |= kept
        wait_for(lambda: status(f"http://127.0.0.1:{port}/demo/") == 200, within=120, what="the demo is ready")
        for page in PAGES * 5:
            status(f"http://127.0.0.1:{port}{page}")
        processes = marked("DEMO_DIR", str(place))
        resident = sum(megabytes(pid, "Rss") for pid in processes)
        shared = sum(megabytes(pid, "Pss") for pid in processes)
    note = f"{len(processes)} processes, proportional {shared:.0f} MB"
    yield Figure("demo's resident memory", resident, " MB", LIMIT, note=note)
