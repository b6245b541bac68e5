"""The emulator's own time: the machine's clock plus whatever the tests have advanced it by."""

import threading
import time as machine
from datetime import UTC, datetime


class Clock:
    """A clock that only moves forward. Thread-safe.

    Everything in the emulator that depends on time (states of resources, expiry of credentials and of
    peering requests, propagation of roles) asks this clock, so a test moves seven days in one call.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ahead = 0.0

    def time(self) -> float:
        """Seconds since the epoch, UTC."""
        with self._lock:
            ahead = self._ahead
        return machine.time() + ahead

    def now(self) -> datetime:
        """The same moment as an aware UTC datetime."""
        return datetime.fromtimestamp(self.time(), tz=UTC)

    @property
    def ahead(self) -> float:
        """Seconds by which this clock runs ahead of the machine's."""
        with self._lock:
            return self._ahead

    def advance(self, seconds: float) -> None:
        """Moves the clock ahead. Raises ValueError for a negative number: time does not run backwards."""
        if seconds < 0:
            raise ValueError(f"A clock cannot be advanced by {seconds} seconds.")
        with self._lock:
            self._ahead += seconds

    def reset(self) -> None:
        """Back to the machine's time; for a fresh emulator only, never while resources exist."""
        with self._lock:
            self._ahead = 0.0
