"""Faults that a test asks for: at which call, at which point of it, how often.

Points of a call: before its effect, after its effect, and (for descriptions) what it may see.
"""

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any
from uuid import uuid4


class Fault(StrEnum):
    """What goes wrong. The `-after` kinds happen once the effect is there and journaled.

    `delay` only makes the way longer: the call waits `seconds` and then goes on, to meet other faults or its effect.
    """

    THROTTLE = "throttle"
    ERROR_500 = "500"
    ERROR_503 = "503"
    TIMEOUT = "timeout"
    CUT_BEFORE = "cut-before"
    HOLD_BEFORE = "hold-before"
    DELAY = "delay"
    CUT_AFTER = "cut-after"
    ERROR_500_AFTER = "500-after"
    ERROR_503_AFTER = "503-after"
    TIMEOUT_AFTER = "timeout-after"
    HOLD_AFTER = "hold-after"
    STALE = "stale"
    DELAYED_VISIBILITY = "delayed-visibility"


BEFORE = (
    Fault.THROTTLE,
    Fault.ERROR_500,
    Fault.ERROR_503,
    Fault.TIMEOUT,
    Fault.CUT_BEFORE,
    Fault.HOLD_BEFORE,
)
AFTER = (
    Fault.CUT_AFTER,
    Fault.ERROR_500_AFTER,
    Fault.ERROR_503_AFTER,
    Fault.TIMEOUT_AFTER,
    Fault.HOLD_AFTER,
    Fault.DELAYED_VISIBILITY,
)


@dataclass(frozen=True)
class Order:
    """One fault as ordered. Names may hold `*`. `times` None: until withdrawn. `seconds`: how long it lasts."""

    id: str
    kind: Fault
    account: str = "*"
    region: str = "*"
    service: str = "*"
    operation: str = "*"
    times: int | None = 1
    probability: float = 1.0
    seconds: float = 0.0
    skip: int = 0
    code: str = ""

    def fits(self, account: str, region: str, service: str, operation: str) -> bool:
        """True when this fault is meant for such a call."""
        pairs = (
            (account, self.account),
            (region, self.region),
            (service, self.service),
            (operation, self.operation),
        )
        return all(fnmatchcase(value, pattern) for value, pattern in pairs)


@dataclass
class Hold:
    """A call that waits at a point until it is released."""

    id: str
    fault: str
    point: str
    account: str
    region: str
    service: str
    operation: str
    request_id: str
    released: threading.Event = field(default_factory=threading.Event, repr=False)
    proceed: bool = True

    def facts(self) -> dict[str, str]:
        """What a test sees of it."""
        names = ("id", "fault", "point", "account", "region", "service", "operation", "request_id")
        return {name: str(getattr(self, name)) for name in names}


class Faults:
    """The faults in force and the calls they hold. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: dict[str, Order] = {}
        self._holds: dict[str, Hold] = {}
        self._dice = random.Random(20261123)  # noqa: S311 - repeatable tests, no secrets

    def order(self, document: Mapping[str, Any]) -> Order:
        """Adds a fault. Raises ValueError or TypeError for a document that is not one."""
        facts = dict(document)
        kind = Fault(str(facts.pop("kind", "")))
        lasting = kind in {Fault.STALE, Fault.DELAY} or "probability" in facts
        facts.setdefault("times", None if lasting else 1)
        order = Order(id=uuid4().hex[:8], kind=kind, **facts)
        with self._lock:
            self._orders[order.id] = order
        return order

    def withdraw(self, order_id: str | None = None) -> int:
        """Removes one fault, or all; releases what they hold. Returns how many were removed."""
        with self._lock:
            gone = [key for key in self._orders if order_id in (None, key)]
            for key in gone:
                del self._orders[key]
        self.release(order_id)
        return len(gone)

    def orders(self) -> list[Order]:
        """The faults still in force."""
        with self._lock:
            return list(self._orders.values())

    def next(self, kinds: tuple[Fault, ...], address: tuple[str, str, str, str]) -> Order | None:
        """Uses up one matching fault for the call at (account, region, service, operation)."""
        with self._lock:
            for order in self._orders.values():
                if order.kind not in kinds or not order.fits(*address):
                    continue
                if order.skip:
                    self._orders[order.id] = replace(order, skip=order.skip - 1)
                    continue
                if self._dice.random() >= order.probability:
                    continue
                self._use(order)
                return order
        return None

    def _use(self, order: Order) -> None:
        if order.times is None:
            return
        if order.times <= 1:
            del self._orders[order.id]
        else:
            self._orders[order.id] = replace(order, times=order.times - 1)

    def hold(self, order: Order, address: tuple[str, str, str, str], request_id: str) -> bool:
        """Blocks the calling thread until released. False when the call must not go on."""
        account, region, service, operation = address
        hold = Hold(uuid4().hex[:8], order.id, order.kind.value, account, region, service, operation, request_id)
        with self._lock:
            self._holds[hold.id] = hold
        hold.released.wait()
        with self._lock:
            self._holds.pop(hold.id, None)
        return hold.proceed

    def waiting(self) -> list[dict[str, str]]:
        """The calls that are held now."""
        with self._lock:
            return [hold.facts() for hold in self._holds.values()]

    def release(self, hold_id: str | None = None, *, proceed: bool = True) -> int:
        """Lets one held call (by its own or its fault's id), or all, go on; `proceed=False` cuts it instead."""
        with self._lock:
            holds = [h for h in self._holds.values() if hold_id in (None, h.id, h.fault)]
        for hold in holds:
            hold.proceed = proceed
            hold.released.set()
        return len(holds)
