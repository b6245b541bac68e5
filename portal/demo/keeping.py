"""Keeps the emulated AWS between two runs of the demo: one file, written at the end, read at the start.

What is kept: moto's backends, the facts beside them, CloudFormation's stacks, how far the clock was moved. Sessions are
not: they would expire anyway, and whoever had one assumes the role again. Nor is what the timeline holds for a distant
moment, save that peering requests expire at their time: an ended connection that was kept stays visible.
"""

import logging
import os
import pickle
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from moto import backends
from moto.core.base_backend import BackendDict
from moto.s3.models import s3_backends

from portal.demo.emulator.cloudformation.app import CloudFormation
from portal.demo.emulator.cloudformation.stacks import Stack
from portal.demo.emulator.services import ec2_peerings
from portal.demo.emulator.timeline import Timeline
from portal.demo.emulator.world import World
from portal.demo.pickling import pickled

logger = logging.getLogger(__name__)
EDITION = f"1 moto {version('moto')}"
"""Raised when the form changes: another edition's file is not read."""
HORIZON = 600.0
"""Seconds: states that are this near come at once, for what was to happen later cannot be kept."""
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
    """Writes the world to `path`, whole or not at all; what was about to happen happens first.

    Raises TypeError, AttributeError or pickle.PicklingError for something that cannot be written; then no file is left.
    """
    with world.moto.lock:
        settle(world.timeline, HORIZON)
        kept = Kept(
            edition=EDITION,
            ahead=world.clock.ahead,
            backends=_backends(),
            buckets=dict(_bucket_accounts()),
            memory=world.memory,
            stacks=[_kept_stack(stack) for stack in engine.stacks._stacks],
        )
        try:
            content = pickled(kept)
        except (TypeError, AttributeError, pickle.PicklingError):
            # An older picture would contradict what the portal has seen since; an empty world is at least announced.
            path.unlink(missing_ok=True)
            raise
        draft = path.with_suffix(".new")
        draft.write_bytes(content)
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
        ec2_peerings.resume(world)
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


def settle(timeline: Timeline, horizon: float) -> None:
    """Lets what is due within `horizon` seconds happen now, in its order. What is due later is forgotten."""
    limit = timeline._clock.time() + horizon
    while timeline._due and min(timeline._due)[0] <= limit:
        entry = min(timeline._due)
        timeline._due.remove(entry)
        entry[2]()


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
            if service == "ec2":
                _introduce(regions.values())


def _introduce(regions: Iterable[Any]) -> None:
    # moto's EC2 finds VPCs and peerings of other accounts through registers that its constructor fills.
    for backend in regions:
        own = weakref.ref(backend)
        for register in (backend.vpc_refs, backend.vpc_pcx_refs, backend.backend_refs):
            register[type(backend)].add(own)


def _bucket_accounts() -> dict[str, Any]:
    # Bucket names are global, so moto keeps their owners beside the accounts.
    return s3_backends.bucket_accounts


def _kept_stack(stack: Stack) -> dict[str, Any]:
    return {each.name: getattr(stack, each.name) for each in fields(stack) if each.name not in _UNKEPT}
