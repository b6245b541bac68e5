"""The queue's cluster with a bomb in it: at the chosen moment of a mutating call the process kills itself.

Run as a script by the crash tests. `CRASH_MOMENT`: `before` (the intent is committed as sent, nothing has left),
`effect` (AWS has done it, the answer is not read), `reply` (the answer is read, nothing is committed). Each call dies
once: a file in `CRASH_DIR` remembers it.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import django

django.setup()

from django_q.cluster import Cluster  # noqa: E402

from portal.aws import cloudformation  # noqa: E402
from portal.demo.emulator.control import Control  # noqa: E402

MOMENT = os.environ["CRASH_MOMENT"]
DIRECTORY = Path(os.environ["CRASH_DIR"])


def die() -> None:
    """As `kill -9` would have it: no handler, no `finally`."""
    os.kill(os.getpid(), signal.SIGKILL)


def first_time(name: str) -> bool:
    """Whether this call has not died yet; marks it."""
    try:
        (DIRECTORY / name.replace("/", "_").replace(":", "_")).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def held_calls() -> set[str]:
    """The calls whose effect is there and whose answer the emulator holds back."""
    return {held["request_id"] for held in Control(os.environ["AWS_ENDPOINT_URL"]).waiting()}


def die_when_held(earlier: set[str]) -> None:
    """Kills the process once the emulator has done the effect and holds the answer back."""
    while not held_calls() - earlier:
        time.sleep(0.02)
    die()


def mined(name: str, call: Callable[..., Any], resource: Callable[..., str]) -> Callable[..., Any]:
    """`call` with the bomb."""

    def replaced(*args: Any, **kwargs: Any) -> Any:
        if not first_time(f"{name}-{resource(*args)}"):
            return call(*args, **kwargs)
        if MOMENT == "before":
            die()
        if MOMENT == "effect":
            threading.Thread(target=die_when_held, args=(held_calls(),), daemon=True).start()
        answer = call(*args, **kwargs)
        die()
        return answer

    return replaced


cloudformation.create_stack = mined(  # type: ignore[assignment]
    "create", cloudformation.create_stack, lambda _session, _region, request, **_: request.name
)
cloudformation.delete_stack = mined(  # type: ignore[assignment]
    "delete", cloudformation.delete_stack, lambda _session, _region, stack_id, **_: stack_id
)

if __name__ == "__main__":
    Cluster().start()
