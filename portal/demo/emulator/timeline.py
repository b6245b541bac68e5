"""What happens later: changes of state that wait for the emulator's clock."""

import heapq
import itertools
import threading
from collections.abc import Callable

from portal.demo.emulator.clock import Clock


class Timeline:
    """Changes due at a moment of the emulator's clock. They happen when `settle` is next called. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._order = itertools.count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    def after(self, seconds: float, change: Callable[[], None]) -> None:
        """Lets `change` happen after so many seconds; at once when there are none to wait."""
        if seconds <= 0:
            change()
            return
        with self._lock:
            heapq.heappush(self._due, (self._clock.time() + seconds, next(self._order), change))

    def settle(self) -> None:
        """Makes every change happen whose time has come, oldest first."""
        while (change := self._pop()) is not None:
            change()

    def _pop(self) -> Callable[[], None] | None:
        with self._lock:
            if self._due and self._due[0][0] <= self._clock.time():
                return heapq.heappop(self._due)[2]
        return None

    def clear(self) -> None:
        """Forgets what was to come."""
        with self._lock:
            self._due.clear()
