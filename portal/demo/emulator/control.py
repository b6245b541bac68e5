"""The client of the emulator's own interface, for tests, seeds and the demo. Standard library only."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Mapping
from typing import Any


class ControlError(Exception):
    """The emulator did not understand a control, or is not there; the text says which."""


class Control:
    """Speaks to the emulator at `endpoint`, for example `http://127.0.0.1:4566`."""

    def __init__(self, endpoint: str, timeout: float = 10) -> None:
        self._base = f"{endpoint.rstrip('/')}/_emulator"
        self._timeout = timeout

    def health(self) -> Mapping[str, Any]:
        """`status`, `endpoint`, `time` and `ahead`. Raises ControlError when nobody answers."""
        return dict(self._call("GET", "health"))

    def wait_ready(self, seconds: float = 20) -> None:
        """Returns once the emulator answers. Raises ControlError after so many seconds."""
        end = time.monotonic() + seconds
        while True:
            try:
                self.health()
                return
            except ControlError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def order(self, kind: str, **facts: Any) -> str:
        """Orders a fault and returns its id.

        `kind`: throttle, 500, 503, timeout, delay, cut-before, cut-after, 500-after, 503-after, timeout-after,
        hold-before, hold-after, stale, delayed-visibility. `facts`: account, region, service, operation (each may hold
        `*`), times (1 unless given; None until withdrawn, as a delay is by itself), probability, seconds, skip (calls
        let through first), code.
        """
        return str(self._call("POST", "faults", {"kind": kind, **facts})["id"])

    def faults(self) -> list[Mapping[str, Any]]:
        """The faults still in force."""
        return list(self._call("GET", "faults")["faults"])

    def waiting(self) -> list[Mapping[str, str]]:
        """The calls that are held: id, fault, point, account, region, service, operation, request_id."""
        return list(self._call("GET", "faults")["waiting"])

    def wait_held(self, seconds: float = 10) -> Mapping[str, str]:
        """Returns the first held call. Raises ControlError when none is held after so many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            held = self.waiting()
            if held:
                return held[0]
            time.sleep(0.02)
        raise ControlError(f"No call was held within {seconds} seconds.")

    def withdraw(self, fault: str | None = None) -> int:
        """Removes one fault, or all, and releases what they hold. Returns how many were removed."""
        query = f"?{urllib.parse.urlencode({'id': fault})}" if fault else ""
        return int(self._call("DELETE", f"faults{query}")["removed"])

    def release(self, held: str | None = None, *, proceed: bool = True) -> int:
        """Lets a held call (by its id or its fault's), or all, go on; `proceed=False` cuts the connection."""
        return int(self._call("POST", "release", {"id": held, "proceed": proceed})["released"])

    def advance(self, seconds: float) -> None:
        """Moves the emulator's clock ahead."""
        self._call("POST", "clock", {"advance": seconds})

    def journal(self, since: int = 0, **wanted: Any) -> list[Mapping[str, Any]]:
        """Entries numbered above `since`; `wanted` narrows by fields, such as `operation="CreateVpc"`."""
        entries = self._call("GET", f"journal?since={since}")
        return [entry for entry in entries if all(entry.get(key) == value for key, value in wanted.items())]

    def quotas(self, changes: Iterable[Mapping[str, Any]]) -> None:
        """Applies quotas: `[{account, region, quota: "vpc/L-F678F1CE", value}]`."""
        self._call("POST", "quotas", list(changes))

    def configure(self, **change: Any) -> None:
        """Changes settings: `durations`, `zones`, `opted_in` (see settings.py)."""
        self._call("POST", "config", change)

    def reset(self) -> None:
        """Forgets every resource, key, fault and journal entry."""
        self._call("POST", "reset", {})

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._base}/{path}", data=data, method=method)  # noqa: S310 - our own http URL
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as reply:  # noqa: S310
                return json.load(reply)
        except urllib.error.HTTPError as error:
            raise ControlError(error.read().decode()) from error
        except (urllib.error.URLError, OSError) as error:
            raise ControlError(f"No emulator at {self._base}: {error}") from error
