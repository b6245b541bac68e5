"""The emulator's own HTTP interface under `/_emulator/`, for tests, seeds and the demo."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from portal.demo.emulator.messages import Message, Reply
from portal.demo.emulator.pictures import take
from portal.demo.emulator.world import World

PREFIX = "/_emulator/"


class Controls:
    """Answers JSON with JSON; 400 with `error` for what it does not understand."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._table: Mapping[tuple[str, str], Callable[[Any, Mapping[str, str]], Any]] = {
            ("GET", "health"): self._health,
            ("POST", "faults"): lambda body, _: asdict(self._order(body)),
            ("GET", "faults"): self._faults,
            ("DELETE", "faults"): lambda _, query: {"removed": world.faults.withdraw(query.get("id"))},
            ("POST", "release"): self._release,
            ("GET", "clock"): lambda _, __: self._time(),
            ("POST", "clock"): self._advance,
            ("GET", "journal"): lambda _, query: world.journal.since(int(query.get("since", "0"))),
            ("POST", "quotas"): self._quotas,
            ("GET", "config"): lambda _, __: asdict(world.settings),
            ("POST", "config"): self._configure,
            ("POST", "reset"): self._reset,
        }

    def serve(self, message: Message) -> Reply:
        """Answers one request of the control interface."""
        action = self._table.get((message.method, message.path.removeprefix(PREFIX).strip("/")))
        if action is None:
            return _json(404, {"error": f"{message.method} {message.path} is not a control."})
        try:
            body = json.loads(message.body) if message.body else {}
            return _json(200, action(body, message.arguments()))
        except (ValueError, TypeError, KeyError) as error:
            return _json(400, {"error": f"{type(error).__name__}: {error}"})

    def _health(self, _: Any, __: Mapping[str, str]) -> Any:
        return {"status": "ok", "endpoint": self._world.endpoint, **self._time()}

    def _time(self) -> dict[str, Any]:
        clock = self._world.clock
        return {"time": clock.now().isoformat(), "ahead": clock.ahead}

    def _order(self, body: Mapping[str, Any]) -> Any:
        order = self._world.faults.order(body)
        take(self._world, order)
        return order

    def _faults(self, _: Any, __: Mapping[str, str]) -> Any:
        faults = self._world.faults
        return {"faults": [asdict(order) for order in faults.orders()], "waiting": faults.waiting()}

    def _release(self, body: Mapping[str, Any], _: Mapping[str, str]) -> Any:
        released = self._world.faults.release(body.get("id"), proceed=bool(body.get("proceed", True)))
        return {"released": released}

    def _advance(self, body: Mapping[str, Any], _: Mapping[str, str]) -> Any:
        self._world.clock.advance(float(body["advance"]))
        with self._world.moto.lock:
            self._world.timeline.settle()
        return self._time()

    def _quotas(self, body: Any, _: Mapping[str, str]) -> Any:
        changes = body if isinstance(body, list) else [body]
        self._world.quotas.apply(changes)
        return {"applied": len(changes)}

    def _configure(self, body: Mapping[str, Any], _: Mapping[str, str]) -> Any:
        self._world.configure(body)
        return asdict(self._world.settings)

    def _reset(self, _: Any, __: Mapping[str, str]) -> Any:
        self._world.reset()
        return {"status": "reset"}


def _json(status: int, body: Any) -> Reply:
    return Reply(status, (("Content-Type", "application/json"),), json.dumps(body, default=str).encode())
