"""Keeps the emulated AWS between two runs of the demo: one file, written at the end, read at the start.

What is kept: moto's backends, the facts beside them, CloudFormation's stacks, how far the clock was moved. Sessions are
not: they would expire anyway, and whoever had one assumes the role again.
"""

import logging
import os
import pickle
from dataclasses import dataclass, field, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from moto import backends
from moto.core.base_backend import BackendDict
from moto.s3.models import s3_backends

from portal.demo.emulator.cloudformation.app import CloudFormation
from portal.demo.emulator.cloudformation.stacks import Stack
from portal.demo.emulator.timeline import Timeline
from portal.demo.emulator.world import World

logger = logging.getLogger(__name__)
EDITION = f"1 moto {version('moto')}"
"""Raised when the form changes: another edition's file is not read."""
STOPPED = "The emulator was stopped while it worked on this stack."
_UNKEPT = ("lock", "turn_lock", "now")


@dataclass(frozen=True)
class Kept:
    """Everything in one object, so that what refers to the same thing still does so afterwards."""

    edition: str
    ahead: float
    backends: dict[str, dict[str, dict[str, Any]]]
    buckets: dict[str, Any]
    memory: dict[str, dict[Any, Any]]
    stacks: list[dict[str, Any]] = field(default_factory=list)


def save(world: World, engine: CloudFormation, path: Path) -> None:
    """Writes the world to `path`, whole or not at all. What was about to happen happens first."""
    with world.moto.lock:
        happen(world.timeline)
        kept = Kept(
            edition=EDITION,
            ahead=world.clock.ahead,
            backends=_backends(),
            buckets=dict(_bucket_accounts()),
            memory=world.memory,
            stacks=[_kept_stack(stack) for stack in engine.stacks._stacks],
        )
        draft = path.with_suffix(".new")
        draft.write_bytes(pickle.dumps(kept))
        os.replace(draft, path)


def restore(world: World, engine: CloudFormation, path: Path) -> bool:
    """Reads the world back; returns False, and leaves the world empty, when there is no file that fits."""
    try:
        kept = pickle.loads(path.read_bytes())  # noqa: S301 - written by the demo itself, in its own directory
    except FileNotFoundError:
        return False
    except (pickle.UnpicklingError, AttributeError, ImportError, EOFError, TypeError) as error:
        logger.warning("The emulated AWS of the last run cannot be read (%s); it starts empty.", error)
        return False
    if kept.edition != EDITION:
        logger.warning("The emulated AWS was kept by another edition (%s); it starts empty.", kept.edition)
        return False
    with world.moto.lock:
        _put_back(kept.backends)
        _bucket_accounts().update(kept.buckets)
        world.memory.update(kept.memory)
        world.clock.advance(kept.ahead)
        for values in kept.stacks:
            engine.stacks._stacks.append(Stack(**values, now=world.clock.now))
    return True


def go_on(engine: CloudFormation) -> None:
    """Takes up stacks whose work was cut off: a deletion goes on, a creation is rolled back with the reason."""
    for stack in engine.stacks._stacks:
        if stack.status in {"DELETE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"}:
            engine.engine.delete(stack, frozenset())
        elif stack.status == "CREATE_IN_PROGRESS":
            engine.engine._start(stack, lambda stack=stack: _roll_back(engine, stack))  # type: ignore[misc]
        elif stack.busy:
            stack.turn("UPDATE_ROLLBACK_FAILED", STOPPED)


def _roll_back(engine: CloudFormation, stack: Stack) -> None:
    run = engine.engine._run(stack, lambda: None) if stack.resources else None
    engine.engine._failed_create(stack, run, STOPPED)


def happen(timeline: Timeline) -> None:
    """Lets everything happen that was due later, in its order: functions cannot be kept."""
    while timeline._due:
        _at, _number, change = sorted(timeline._due)[0]
        timeline._due.remove((_at, _number, change))
        change()


def _backends() -> dict[str, dict[str, dict[str, Any]]]:
    instances: Any = BackendDict._instances  # type: ignore[misc]
    return {
        str(found.service_name): {account: dict(regions) for account, regions in dict(found).items()}
        for found in instances
    }


def _put_back(kept: dict[str, dict[str, dict[str, Any]]]) -> None:
    for service, accounts in kept.items():
        found = backends.get_backend(service)  # type: ignore[call-overload]
        for account, regions in accounts.items():
            found[account].update(regions)


def _bucket_accounts() -> dict[str, Any]:
    # Bucket names are global, so moto keeps their owners beside the accounts.
    return s3_backends.bucket_accounts


def _kept_stack(stack: Stack) -> dict[str, Any]:
    return {each.name: getattr(stack, each.name) for each in fields(stack) if each.name not in _UNKEPT}
