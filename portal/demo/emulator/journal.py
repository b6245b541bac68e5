"""The emulator's own account of what it did: one JSON line for each call that could change something.

It is written by this process, not by the portal's worker, so it still tells the truth after the worker was killed.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

READS = ("Describe", "Get", "List", "Head", "Simulate", "Lookup", "Search", "Validate", "Estimate", "Detect", "Receive")


def mutates(operation: str) -> bool:
    """True when an operation by its name may change something."""
    return not operation.startswith(READS) and not operation.startswith("AssumeRole")


@dataclass(frozen=True)
class Entry:
    """One call. `outcome` is `ok` or the error code; `delivered` is False when a fault kept the reply back.

    `time` is the emulator's (ISO 8601, UTC). `mutates` is False only for AssumeRole, kept here because it opens
    doors.
    """

    number: int
    time: str
    account: str
    region: str
    service: str
    operation: str
    parameters: Mapping[str, Any]
    outcome: str
    request_id: str
    principal: str
    delivered: bool
    mutates: bool
    result: Mapping[str, Any]


class Journal:
    """Append-only, flushed to disk before the reply leaves. Thread-safe."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._lock = threading.Lock()
        self._count = sum(1 for _ in path.open()) if path.exists() else 0

    def append(self, **facts: Any) -> Entry:
        """Writes one entry (fields of Entry but its number) and returns it."""
        with self._lock:
            entry = Entry(number=self._count + 1, **facts)
            with self._path.open("a") as file:
                file.write(json.dumps(asdict(entry), default=_plain) + "\n")
            self._count += 1
        return entry

    def since(self, number: int) -> list[dict[str, Any]]:
        """Entries numbered above `number`, oldest first."""
        with self._lock:
            lines = self._path.read_text().splitlines() if self._path.exists() else []
        return [json.loads(line) for line in lines[number:]]

    def clear(self) -> None:
        """Forgets everything; for a reset of the whole emulator."""
        with self._lock:
            self._path.unlink(missing_ok=True)
            self._count = 0


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    return str(value)
