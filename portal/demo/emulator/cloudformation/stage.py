"""Many resources at once, each as soon as what it waits for is done."""

import logging
import time as machine
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from portal.demo.emulator.calls import ServiceError
from portal.demo.emulator.clock import Clock
from portal.demo.emulator.cloudformation.activities import Activity, Removal
from portal.demo.emulator.cloudformation.work import MISSING, THROTTLED, Failed, reason_of

logger = logging.getLogger(__name__)
TICK = 0.05
"""Seconds of the machine between two looks at the stage."""
LOOK = 0.2
"""Seconds of the machine between two questions to a service about one resource."""
PATIENCE = 3.0
"""Seconds for which a refused or throttled call is repeated, when `durations` has no "retry"."""
A_MOMENT = 0.2
"""Seconds that a resource takes at least, when `durations` names neither its type nor "stack_resource"."""


def seconds(durations: Mapping[str, float], type_name: str = "") -> float:
    """How long a resource type takes at least, by the clock: "AWS::…", "stack_AWS::…", then "stack_resource".

    Without a type, what everything takes that has no duration of its own: removals.
    """
    keys = (type_name, f"stack_{type_name}", "stack_resource")
    return next((durations[key] for key in keys if key in durations), A_MOMENT)


@dataclass
class Stage:
    """Runs activities in waves. `blockers` names for each logical id what must be done first.

    `begin` makes the activity, or answers None when there is nothing to do. With `stop` the first failure
    cancels what is in flight and ends the stage; without it the rest goes on, but nothing that waits for a failure.
    `halted` is asked on each turn and ends the stage with a reason.
    """

    clock: Clock
    durations: Mapping[str, float]
    blockers: Mapping[str, frozenset[str]]
    begin: Callable[[str], Activity | None]
    stop: bool
    halted: Callable[[], str | None] = lambda: None
    failed: dict[str, str] = field(default_factory=dict)
    halt_reason: str | None = None

    def run(self) -> bool:
        """Returns whether everything was done."""
        waiting = list(self.blockers)
        moving: dict[str, Activity] = {}
        while waiting or moving:
            self.halt_reason = self.halted()
            if self.halt_reason or (self.failed and self.stop):
                self._cancel(moving)
                return False
            undone = {*waiting, *moving, *self.failed}
            free = [name for name in waiting if not self.blockers[name] & undone]
            if not free and not moving:
                return False
            for name in free:
                waiting.remove(name)
                self._begin(name, moving)
            for name in list(moving):
                self._look(name, moving)
            if moving:
                machine.sleep(TICK)
        return not self.failed

    def _begin(self, name: str, moving: dict[str, Activity]) -> None:
        activity = self.begin(name)
        if activity is not None:
            activity.give_up = self.clock.time() + self.durations.get("retry", PATIENCE)
            moving[name] = activity

    def _look(self, name: str, moving: dict[str, Activity]) -> None:
        activity = moving[name]
        if machine.monotonic() < activity.next_look:
            return
        reason = self._advance(name, activity, moving)
        if reason is not None:
            del moving[name]
            self.failed[name] = reason
            activity.fail(reason)

    def _advance(self, name: str, activity: Activity, moving: dict[str, Activity]) -> str | None:
        """One step; returns the reason when the activity has failed."""
        try:
            return self._step(name, activity, moving)
        except ClientError as error:
            return self._refused(name, activity, moving, error)
        except BotoCoreError as error:
            return None if self._may_look_again(activity) else reason_of(error)
        except Failed as error:
            return reason_of(error)
        except ServiceError as error:
            return error.message
        except Exception:  # the thread must never leave a stack in progress for ever
            logger.exception("Resource %s failed inside the emulator", name)
            return "Internal Failure"

    def _step(self, name: str, activity: Activity, moving: dict[str, Activity]) -> str | None:
        if not activity.started:
            begun = self.clock.time()
            activity.act()
            activity.started = True
            own = "" if isinstance(activity, Removal) else activity.kind.type
            activity.due = begun + seconds(self.durations, own)
            return None
        if self.clock.time() < activity.due:
            return None
        activity.next_look = machine.monotonic() + LOOK
        if activity.done():
            activity.finish()
            del moving[name]
            return None
        activity.give_up = self.clock.time() + self.durations.get("retry", PATIENCE)
        return activity.kind.late if self.clock.time() > activity.due + activity.kind.limit else None

    def _refused(self, name: str, activity: Activity, moving: dict[str, Activity], error: ClientError) -> str | None:
        code = str(error.response["Error"].get("Code", ""))
        if isinstance(activity, Removal) and MISSING.fullmatch(code):
            activity.finish()
            del moving[name]
            return None
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500 or THROTTLED.fullmatch(code):
            again = self._may_look_again(activity) or (THROTTLED.fullmatch(code) and self._untouched(activity))
        else:
            again = activity.may_repeat(code) and self.clock.time() < activity.give_up
        return None if again else reason_of(error)

    def _may_look_again(self, activity: Activity) -> bool:
        """A look, or a deletion, may fail for a moment and be repeated; a creation whose answer was lost may not."""
        activity.next_look = machine.monotonic() + LOOK
        harmless = activity.started or isinstance(activity, Removal)
        return harmless and self.clock.time() < activity.give_up

    def _untouched(self, activity: Activity) -> bool:
        return not activity.work.physical_id and self.clock.time() < activity.give_up

    def _cancel(self, moving: dict[str, Activity]) -> None:
        for activity in moving.values():
            word = {"CREATE": "creation", "UPDATE": "update", "DELETE": "deletion"}[activity.verb]
            activity.fail(f"Resource {word} cancelled")
        moving.clear()
