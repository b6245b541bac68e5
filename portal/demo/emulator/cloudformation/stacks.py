"""Stacks and their resources: the engine's memory. Every change happens under the stack's lock."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.demo.emulator.calls import Credentials
from portal.demo.emulator.cloudformation.events import Event
from portal.demo.emulator.cloudformation.parameters import MASK, Parameter
from portal.demo.emulator.cloudformation.templates import Template

STACK_TYPE = "AWS::CloudFormation::Stack"


@dataclass(frozen=True)
class Plan:
    """What one create or update asks for: the template with its values, and whom to act as."""

    template: Template
    parameters: Mapping[str, Parameter]
    conditions: Mapping[str, bool]
    tags: Mapping[str, str]
    capabilities: tuple[str, ...]
    credentials: Credentials
    role_arn: str | None = None
    token: str | None = None
    on_failure: str = "ROLLBACK"
    timeout_minutes: int | None = None
    notification_arns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """One property that is not as the template says; values as JSON."""

    path: str
    expected: str
    actual: str
    type: str


@dataclass(frozen=True)
class Drift:
    """What a drift detection found of one resource: IN_SYNC, MODIFIED, DELETED or NOT_CHECKED."""

    status: str
    at: datetime
    differences: tuple[Difference, ...] = ()


@dataclass
class StackResource:
    """One resource of a stack as it stands; `properties` are resolved, `attributes` are what Fn::GetAtt gives."""

    logical_id: str
    type: str
    status: str
    updated_at: datetime
    physical_id: str = ""
    reason: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    deletion_policy: str = "Delete"
    drift: Drift | None = None

    @property
    def exists(self) -> bool:
        """True while something stands in the account that this resource answers for."""
        return bool(self.physical_id) and self.status not in {"DELETE_COMPLETE", "DELETE_SKIPPED"}


@dataclass
class Stack:
    """One stack. `plan` is what it was last told to be."""

    name: str
    account: str
    region: str
    plan: Plan
    created_at: datetime
    now: Callable[[], datetime]
    id: str
    status: str = "CREATE_IN_PROGRESS"
    reason: str | None = None
    updated_at: datetime | None = None
    deleted_at: datetime | None = None
    created_with: str | None = None
    protected: bool = False
    stopping: bool = False
    cancelled: bool = False
    imports: set[str] = field(default_factory=set)
    drift_status: str = "NOT_CHECKED"
    drift_at: datetime | None = None
    resources: dict[str, StackResource] = field(default_factory=dict)
    outputs: dict[str, "Output"] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    turn_lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def busy(self) -> bool:
        """True while the engine works on it."""
        return self.status.endswith("_IN_PROGRESS")

    def turn(self, status: str, reason: str | None = None) -> None:
        """Gives the stack a status, with its event."""
        with self.lock:
            self.status, self.reason = status, reason
            if status == "DELETE_COMPLETE":
                self.deleted_at = self.now()
            self._log(self.name, self.id, STACK_TYPE, status, reason, None)

    def record(self, resource: StackResource, status: str, reason: str | None = None) -> None:
        """Gives one of its resources a status, with its event."""
        with self.lock:
            resource.status, resource.reason, resource.updated_at = status, reason, self.now()
            properties = self._shown(resource.properties) if resource.properties else None
            self._log(resource.logical_id, resource.physical_id, resource.type, status, reason, properties)

    def _shown(self, properties: Mapping[str, Any]) -> str:
        """Properties as an event shows them: without the values of NoEcho parameters."""
        text = json.dumps(properties, default=str)
        for parameter in self.plan.parameters.values():
            if parameter.no_echo and parameter.text:
                text = text.replace(json.dumps(parameter.text), json.dumps(MASK))
        return text

    def _log(
        self, logical_id: str, physical_id: str, type_name: str, status: str, reason: str | None, properties: str | None
    ) -> None:
        self.events.append(
            Event(
                stack_id=self.id, stack_name=self.name, logical_id=logical_id, physical_id=physical_id,
                type=type_name, status=status, at=self.now(), reason=reason, properties=properties,
                token=self.plan.token,
            )
        )  # fmt: skip


@dataclass(frozen=True)
class Output:
    """One output of a stack, exported when it has an export name."""

    key: str
    value: str
    description: str | None = None
    export: str | None = None


class Stacks:
    """All stacks of the emulator, by account and region. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._stacks: list[Stack] = []

    def add(self, account: str, region: str, name: str, make: Callable[[], Stack]) -> tuple[Stack, bool]:
        """(stack, True) when `make` made it; (the living stack of that name, False) when there is one."""
        with self._lock:
            living = self.living(account, region, name)
            if living is not None:
                return living, False
            stack = make()
            self._stacks.append(stack)
            return stack, True

    def living(self, account: str, region: str, name: str) -> Stack | None:
        """The stack of that name which is not deleted."""
        return next((s for s in self.all(account, region) if s.name == name and s.status != "DELETE_COMPLETE"), None)

    def find(self, account: str, region: str, name_or_id: str) -> Stack | None:
        """By name only a living stack; by id also a deleted one, as AWS answers."""
        if name_or_id.startswith("arn:"):
            return next((stack for stack in self.all(account, region) if stack.id == name_or_id), None)
        return self.living(account, region, name_or_id)

    def created_with(self, account: str, region: str, token: str) -> Stack | None:
        """The stack that a CreateStack with this ClientRequestToken made."""
        return next((s for s in self.all(account, region) if s.created_with == token), None)

    def all(self, account: str, region: str) -> list[Stack]:
        """Newest first, the deleted ones too."""
        with self._lock:
            return [s for s in reversed(self._stacks) if s.account == account and s.region == region]

    def exports(self, account: str, region: str) -> Iterator[tuple[Stack, Output]]:
        """Every exported output of the living stacks."""
        for stack in self.all(account, region):
            if stack.status != "DELETE_COMPLETE":
                yield from ((stack, output) for output in list(stack.outputs.values()) if output.export)
