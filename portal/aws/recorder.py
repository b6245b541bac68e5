"""Writes every call made in a customer's account into the call ledger, from botocore's own events."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import get_ident
from typing import Any
from uuid import UUID

from botocore.exceptions import ClientError

from portal.aws.errors import Refused, translated
from portal.aws.models import CallRecord, Connection
from portal.aws.states import Outcome, RoleKind

#: Operations that only read, by their first word.
READING = (
    "Describe",
    "Get",
    "List",
    "Simulate",
    "Validate",
    "Lookup",
    "Head",
    "AssumeRole",
    "Detect",
    "Estimate",
)
#: Which request field names the resource, first match wins.
RESOURCE_FIELDS = (
    "StackName",
    "RoleName",
    "RoleArn",
    "PolicySourceArn",
    "PolicyArn",
    "VpcEndpointId",
    "VpcId",
    "VpcIds",
    "Resources",
    "QuotaCode",
    "name",
)


#: Where rows are gathered while calls run side by side: threads have no database connection of their own.
_gathered: ContextVar[list[CallRecord] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathering() -> Iterator[None]:
    """Keeps the rows of calls made inside and writes them at the end, also when a call failed; for reads only."""
    rows: list[CallRecord] = []
    token = _gathered.set(rows)
    try:
        yield
    finally:
        _gathered.reset(token)
        CallRecord.objects.bulk_create(rows)


@dataclass
class Recorder:
    """Who calls, for what. Registered on a client's events; each finished call becomes one row."""

    connection: Connection
    role: RoleKind
    purpose: str
    actor: str
    workflow_id: UUID | None = None
    intent_id: UUID | None = None
    _resources: dict[tuple[int, str], str] = field(default_factory=dict)

    def attach(self, client: Any) -> None:
        """Starts recording `client`'s calls."""
        events = client.meta.events
        events.register("before-parameter-build", self._remember)
        events.register("after-call", self._answered)
        events.register("after-call-error", self._failed)
        self._region = client.meta.region_name
        # botocore's events name services otherwise than its clients: `elastic-load-balancing-v2` is `elbv2`.
        self._service = client.meta.service_model.service_name

    def _remember(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        value = next((params[name] for name in RESOURCE_FIELDS if params.get(name)), "")
        # By thread: one client may make several calls of one kind side by side.
        self._resources[get_ident(), model.name] = ",".join(value) if isinstance(value, list) else str(value)

    def _answered(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        request_id = str(parsed.get("ResponseMetadata", {}).get("RequestId", ""))
        if "Error" not in parsed:
            self._write(model, Outcome.OK, "", request_id)
            return
        problem = translated(model.name, ClientError(parsed, model.name))  # type: ignore[arg-type]
        outcome = Outcome.REFUSED if isinstance(problem, Refused) else Outcome.UNCLEAR
        self._write(model, outcome, problem.code, request_id)

    def _failed(self, exception: Exception, event_name: str, **_: Any) -> None:
        self._store(event_name.rpartition(".")[2], Outcome.UNCLEAR, type(exception).__name__, "")

    def _write(self, model: Any, outcome: Outcome, code: str, request_id: str) -> None:
        self._store(model.name, outcome, code, request_id)

    def _store(self, operation: str, outcome: Outcome, code: str, request_id: str) -> None:
        row = CallRecord(
            organisation_id=self.connection.organisation_id,
            connection=self.connection,
            role=self.role,
            region=self._region,
            service=self._service,
            operation=operation,
            resource=self._resources.pop((get_ident(), operation), "")[:255],
            mutating=not operation.startswith(READING),
            outcome=outcome,
            error_code=code[:80],
            request_id=request_id[:80],
            purpose=self.purpose[:64],
            actor=self.actor[:64],
            workflow_id=self.workflow_id,
            intent_id=self.intent_id,
        )
        rows = _gathered.get()
        if rows is None:
            row.save(force_insert=True)
        else:
            rows.append(row)
