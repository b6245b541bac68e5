"""Everything one emulator consists of, handed to the modules that answer calls."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from moto.core.base_backend import BackendDict

from portal.demo.emulator.backends import Moto
from portal.demo.emulator.clock import Clock
from portal.demo.emulator.faults import Faults
from portal.demo.emulator.identities import Identities
from portal.demo.emulator.journal import Journal
from portal.demo.emulator.quotas import Quotas
from portal.demo.emulator.settings import Settings
from portal.demo.emulator.timeline import Timeline
from portal.demo.emulator.visibility import Visibility


class World:
    """One emulated AWS. `endpoint` is where it serves (`http://127.0.0.1:4566`), `directory` where it writes.

    `age` counts the resets: whoever keeps facts of its own throws them away when it has changed.
    """

    def __init__(self, endpoint: str, directory: Path, config: Mapping[str, Any] | None = None) -> None:
        self.endpoint = endpoint
        self.clock = Clock()
        self.journal = Journal(directory / "journal.jsonl")
        self.faults = Faults()
        self.moto = Moto()
        self._config = dict(config or {})
        self._lock = threading.Lock()
        self.age = 0
        self._begin()

    def _begin(self) -> None:
        self.settings = Settings().merged(self._config)
        self.quotas = Quotas(self._config.get("quotas", []))
        self.identities = Identities(self.moto, self.clock)
        self.timeline = Timeline(self.clock)
        self.visibility = Visibility(self.clock)
        self.memory: dict[str, dict[Any, Any]] = {}

    @property
    def durations(self) -> Mapping[str, float]:
        """Seconds that things take, always the latest setting."""
        return Durations(self)

    def configure(self, change: Mapping[str, Any]) -> None:
        """Lays a change over the settings. Raises ValueError for a name that is not a setting."""
        with self._lock:
            self.settings = self.settings.merged(change)

    def shelf(self, name: str) -> dict[Any, Any]:
        """A dictionary of that name for facts that moto does not keep; emptied by `reset`."""
        return self.memory.setdefault(name, {})

    def reset(self) -> None:
        """Back to an empty world: no resources, keys, faults or journal, the machine's time."""
        self.faults.withdraw()
        with self.moto.lock:
            # moto's own reset also forgets which backends there are; emptying each keeps them findable.
            for service in list(BackendDict._instances):  # type: ignore[misc]
                for regions in list(service.values()):
                    regions.reset()
            self.clock.reset()
            self.journal.clear()
            self._begin()
            self.age += 1


class Durations(Mapping[str, float]):
    """The durations in force, read at every look."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getitem__(self, name: str) -> float:
        return self._world.settings.durations[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._world.settings.durations)

    def __len__(self) -> int:
        return len(self._world.settings.durations)
