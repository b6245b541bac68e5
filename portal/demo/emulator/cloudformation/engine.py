"""What drives stacks through their states, one thread for each operation on a stack.

States and reasons: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html.
"""

import logging
import threading
import time as machine
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from portal.demo.emulator.calls import ServiceError
from portal.demo.emulator.clock import Clock
from portal.demo.emulator.cloudformation.activities import Activity
from portal.demo.emulator.cloudformation.intrinsics import Unresolved
from portal.demo.emulator.cloudformation.run import Run
from portal.demo.emulator.cloudformation.stacks import STACK_TYPE, Plan, Stack, Stacks
from portal.demo.emulator.cloudformation.stage import TICK, seconds
from portal.demo.emulator.cloudformation.update import CANCELLED, Update
from portal.demo.emulator.cloudformation.work import reason_of

logger = logging.getLogger(__name__)


@dataclass
class Engine:
    """Starts the work on stacks and ends it with the emulator. `durations`: seconds by the clock per resource type."""

    endpoint: str
    clock: Clock
    durations: Mapping[str, float]
    stacks: Stacks
    _closed: threading.Event = field(default_factory=threading.Event)
    _runs: dict[str, Run] = field(default_factory=dict)
    _threads: list[threading.Thread] = field(default_factory=list)

    def create(self, stack: Stack) -> None:
        """Builds a new stack in the background."""
        self._start(stack, lambda: self._create(stack))

    def update(self, stack: Stack, before: Plan) -> None:
        """Brings a stack to its plan in the background; back to `before` when that fails."""
        self._start(stack, lambda: self._update(stack, before))

    def delete(self, stack: Stack, retain: frozenset[str]) -> None:
        """Deletes a stack in the background, whatever it was doing."""
        self._start(stack, lambda: self._delete(stack, retain))

    def close(self, timeout: float = 10.0) -> None:
        """Ends all work within `timeout` seconds of the machine; stacks stay as they are."""
        self._closed.set()
        until = machine.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, until - machine.monotonic()))

    def _start(self, stack: Stack, job: Callable[[], None]) -> None:
        def guarded() -> None:
            with stack.turn_lock:
                try:
                    job()
                except Exception:  # a stack must never stay in progress without a thread
                    logger.exception("Stack %s failed inside the emulator", stack.id)
                    stack.turn(f"{stack.status.removesuffix('_IN_PROGRESS')}_FAILED", "Internal Failure")
                finally:
                    self._let_go(stack)

        thread = threading.Thread(target=guarded, name=f"stack {stack.name}", daemon=True)
        self._threads = [running for running in self._threads if running.is_alive()] + [thread]
        thread.start()

    def _run(self, stack: Stack, halted: Callable[[], str | None]) -> Run:
        run = Run(stack, self.stacks, self.endpoint, self.clock, self.durations, halted)
        self._runs[stack.id] = run
        return run

    def _let_go(self, stack: Stack) -> None:
        run = self._runs.pop(stack.id, None)
        if run is not None:
            run.clients.close()

    def _moment(self) -> None:
        """The time between accepting a request and the first resource."""
        until = self.clock.time() + seconds(self.durations, STACK_TYPE)
        while self.clock.time() < until and not self._closed.is_set():
            machine.sleep(TICK)

    # Create

    def _create(self, stack: Stack) -> None:
        minutes = stack.plan.timeout_minutes
        deadline = self.clock.time() + minutes * 60 if minutes else None

        def halted() -> str | None:
            if self._closed.is_set() or stack.stopping:
                return "stopped"
            late = deadline is not None and self.clock.time() > deadline
            return "Stack creation time exceeded the specified timeout." if late else None

        self._moment()
        try:
            run = self._run(stack, halted)
        except (ClientError, BotoCoreError) as error:
            return self._failed_create(stack, None, reason_of(error))
        reason = self._build(run)
        if self._closed.is_set() or stack.stopping:
            return None
        if reason is None:
            return stack.turn("CREATE_COMPLETE")
        return self._failed_create(stack, run, reason)

    def _build(self, run: Run) -> str | None:
        """Creates everything; returns why it failed."""
        stack, entries = run.stack, run.chosen()

        def begin(name: str) -> Activity:
            activity = run.creation(entries[name])
            stack.record(activity.resource, "CREATE_IN_PROGRESS")
            return activity

        stage = run.build(begin)
        failed = [name for name, entry in stack.resources.items() if entry.status == "CREATE_FAILED"]
        if stage.halt_reason:
            return stage.halt_reason
        if failed:
            return f"The following resource(s) failed to create: [{', '.join(failed)}]."
        return settle_outputs(run)

    def _failed_create(self, stack: Stack, run: Run | None, reason: str) -> None:
        if stack.plan.on_failure == "DO_NOTHING":
            return stack.turn("CREATE_FAILED", reason)
        if stack.plan.on_failure == "DELETE":
            stack.turn("DELETE_IN_PROGRESS", f"{reason} Delete requested by user.")
            return self._clear(stack, run, frozenset(), "DELETE", rollback=True)
        stack.turn("ROLLBACK_IN_PROGRESS", f"{reason} Rollback requested by user.")
        return self._clear(stack, run, frozenset(), "ROLLBACK", rollback=True)

    # Delete

    def _delete(self, stack: Stack, retain: frozenset[str]) -> None:
        stack.stopping = False
        self._moment()
        try:
            run = self._run(stack, lambda: None) if stack.resources else None
        except (ClientError, BotoCoreError) as error:
            return stack.turn("DELETE_FAILED", reason_of(error))
        return self._clear(stack, run, retain, "DELETE", rollback=False)

    def _clear(self, stack: Stack, run: Run | None, retain: frozenset[str], verb: str, *, rollback: bool) -> None:
        if run is not None:
            run.halted = lambda: "stopped" if self._closed.is_set() else None
            stage = run.clear(dict(stack.resources), retain, rollback=rollback)
            if stage.halt_reason or stack.stopping:  # a DeleteStack waits to take over
                return None
            if stage.failed:
                names = ", ".join(stage.failed)
                return stack.turn(f"{verb}_FAILED", f"The following resource(s) failed to delete: [{names}]. ")
        stack.outputs.clear()
        stack.imports.clear()
        return stack.turn(f"{verb}_COMPLETE")

    # Update

    def _update(self, stack: Stack, before: Plan) -> None:
        def halted() -> str | None:
            if self._closed.is_set():
                return "stopped"
            return CANCELLED if stack.cancelled else None

        self._moment()
        try:
            run = self._run(stack, halted)
        except (ClientError, BotoCoreError) as error:
            stack.plan = before
            stack.turn("UPDATE_ROLLBACK_IN_PROGRESS", reason_of(error))
            return stack.turn("UPDATE_ROLLBACK_COMPLETE")
        return Update(run, before).go()


def settle_outputs(run: Run) -> str | None:
    """Gives the stack its outputs; returns why that failed."""
    try:
        run.stack.outputs = run.outputs()
    except ServiceError as error:
        return error.message
    except Unresolved as error:
        return f"Output refers to {error}, which does not exist."
    return None
