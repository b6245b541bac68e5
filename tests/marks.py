"""Finds the processes that a test started, grandchildren in their own sessions too, by a mark in their environment."""

import os
import signal
from pathlib import Path


def marked(name: str, value: str) -> dict[int, str]:
    """Process id → command line of every living process with `name=value` in its environment; none where not Linux."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"{name}={value}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it ended meanwhile, or belongs to somebody else
    found.pop(os.getpid(), None)
    return found


def kill_marked(name: str, value: str) -> None:
    """SIGKILL to all of them, until none is left: one may have been starting another."""
    while processes := marked(name, value):
        for pid in processes:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
