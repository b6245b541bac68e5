"""The door to a customer's account: the only `assume_role` call of the portal.

Credentials live in the `AccountSession` object and nowhere else. Sources: docs/safety.md, A;
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any
from uuid import UUID

import botocore.session
from botocore.config import Config
from botocore.loaders import Loader
from django.conf import settings

from portal.aws.errors import speaking
from portal.aws.models import Connection
from portal.aws.recorder import Recorder
from portal.aws.service_models import LeanFileLoader
from portal.aws.states import ConnectionState, RoleKind

SESSION_SECONDS = 900
#: The region in which roles are assumed when the work has no region of its own yet.
HOME_REGION = "us-east-1"
UNUSABLE = (ConnectionState.QUARANTINED, ConnectionState.CLOSED)


class WrongAccount(Exception):
    """The session that AWS gave belongs to another account than the registered one. The connection is quarantined."""


class DoorClosed(Exception):
    """The connection's state forbids any session."""


class OutsideLedger(Exception):
    """A client for changing calls was asked for outside `sending`: only the ledger of effects may change anything."""


_guard: ContextVar[Callable[[], None] | None] = ContextVar("guard", default=None)


@contextmanager
def sending(still_allowed: Callable[[], None]) -> Iterator[None]:
    """Lets changing calls be sent inside; `still_allowed` is called right before each one and stops it by raising."""
    token = _guard.set(still_allowed)
    try:
        yield
    finally:
        _guard.reset(token)


@dataclass(frozen=True, kw_only=True)
class Errand:
    """Why a session is opened and for whom: lands in RoleSessionName, SourceIdentity and the call ledger."""

    purpose: str
    actor: str = "system"
    workflow_id: UUID | None = None

    @property
    def session_name(self) -> str:
        """`byoc-<purpose>-<workflow>`: 2–64 of `[\\w+=,.@-]`; no personal data."""
        workflow = self.workflow_id.hex[:12] if self.workflow_id else "look"
        return re.sub(r"[^\w+=,.@-]", "-", f"byoc-{self.purpose}"[:51], flags=re.ASCII) + f"-{workflow}"


@cache
def _loader() -> Loader:
    """botocore's static service models, read from disk once per process."""
    return Loader(file_loader=LeanFileLoader(), include_default_search_paths=True)


def _config(*, mutating: bool) -> Config:
    """Mutating calls are sent once: a repeat is the ledger's decision, never botocore's."""
    attempts = {"total_max_attempts": 1 if mutating else 3, "mode": "standard"}
    return Config(
        connect_timeout=settings.AWS_TIMEOUTS["connect"],
        read_timeout=settings.AWS_TIMEOUTS["read"],
        retries=attempts,  # type: ignore[arg-type]
        signature_version=None,
        s3={"addressing_style": "path"},
    )


def _new_session() -> botocore.session.Session:
    session = botocore.session.Session()
    session.register_component("data_loader", _loader())
    return session


@dataclass(frozen=True, kw_only=True)
class AccountSession:
    """Fifteen minutes in one customer account under one role. Makes clients; every call of theirs is recorded."""

    connection: Connection
    role: RoleKind
    errand: Errand
    credentials: dict[str, str] = field(repr=False)
    _readers: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)
    #: Makes this one's clients and no other's: nothing is shared between connections.
    _boto: botocore.session.Session = field(default_factory=_new_session, repr=False, compare=False)
    _making: Lock = field(default_factory=Lock, repr=False, compare=False)

    def reader(self, service: str, region: str) -> Any:
        """A boto client for reading calls (three attempts); one per service and region in a session."""
        if (service, region) not in self._readers:
            self._readers[service, region] = self._client(service, region, mutating=False, intent_id=None)
        return self._readers[service, region]

    def writer(self, service: str, region: str, intent_id: UUID) -> Any:
        """A boto client for one mutating call on behalf of one intent (one attempt). Raises OutsideLedger."""
        still_allowed = _guard.get()
        if still_allowed is None:
            raise OutsideLedger(f"{service} in {region}")
        client = self._client(service, region, mutating=True, intent_id=intent_id)
        client.meta.events.register("before-call", lambda **_: still_allowed())
        return client

    def _client(self, service: str, region: str, *, mutating: bool, intent_id: UUID | None) -> Any:
        # Clients may be used by any thread, but a session makes one at a time:
        # https://docs.aws.amazon.com/boto3/latest/guide/clients.html#multithreading-or-multiprocessing-with-clients
        with self._making:
            client = self._boto.create_client(
                service,
                region_name=region,
                config=_config(mutating=mutating),
                aws_access_key_id=self.credentials["AccessKeyId"],
                aws_secret_access_key=self.credentials["SecretAccessKey"],
                aws_session_token=self.credentials["SessionToken"],
            )
        _recorder(self.connection, self.role, self.errand, intent_id).attach(client)
        return client


def _recorder(connection: Connection, role: RoleKind, errand: Errand, intent_id: UUID | None = None) -> Recorder:
    return Recorder(connection, role, errand.purpose, errand.actor, errand.workflow_id, intent_id)


def session_policy(*actions: str) -> str:
    """A session policy that leaves only `actions`, and nothing when there are none.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
    """
    statement = {"Effect": "Allow" if actions else "Deny", "Action": list(actions) or "*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))


#: For a session that only proves that it can be opened.
POWERLESS = session_policy()


def open_session(
    connection: Connection,
    role: RoleKind,
    *,
    errand: Errand,
    policy: str | None = None,
    region: str = HOME_REGION,
) -> AccountSession:
    """Assumes `role` in the connection's account with the row's own External ID.

    `policy` (JSON, ≤ 2,048 characters) narrows the session to one step. Raises DoorClosed, WrongAccount (after
    quarantining the connection), `Refused`, `Throttled` or `Unclear`.
    """
    _check_door(connection)
    answer = _assume(connection, role, errand, external_id=connection.external_id, policy=policy, region=region)
    _compare_account(connection, answer["AssumedRoleUser"]["Arn"])
    return AccountSession(connection=connection, role=role, errand=errand, credentials=answer["Credentials"])


def try_without_external_id(connection: Connection, role: RoleKind, *, errand: Errand) -> None:
    """Probe: tries to assume the role with no External ID. Returning means that it worked, which is bad news."""
    _check_door(connection)
    _assume(connection, role, errand, external_id=None, policy=POWERLESS)


def try_wrong_external_id(connection: Connection, role: RoleKind, *, errand: Errand) -> None:
    """Probe: tries a random External ID. Returning means that it worked, which is bad news."""
    _check_door(connection)
    _assume(connection, role, errand, external_id=f"byoc-wrong-{secrets.token_hex(16)}", policy=POWERLESS)


def _assume(
    connection: Connection,
    role: RoleKind,
    errand: Errand,
    *,
    external_id: str | None,
    policy: str | None = None,
    region: str = HOME_REGION,
) -> dict[str, Any]:
    """The only `assume_role` call. The ARN is built from the row; nothing here comes from a request."""
    request: dict[str, Any] = {
        "RoleArn": connection.role_arn(role),
        "RoleSessionName": errand.session_name,
        "DurationSeconds": SESSION_SECONDS,
        "SourceIdentity": errand.actor,
    }
    if external_id is not None:
        request["ExternalId"] = external_id
    if policy is not None:
        request["Policy"] = policy
    with speaking("sts:AssumeRole"):
        client: Any = _new_session().create_client("sts", region_name=region, config=_config(mutating=False))
        _recorder(connection, role, errand).attach(client)
        return dict(client.assume_role(**request))


def _check_door(connection: Connection) -> None:
    """By the row as it is now: it may have been locked since the work began."""
    state = Connection.objects.values_list("state", flat=True).get(pk=connection.pk)
    if state in UNUSABLE:
        raise DoorClosed(state)


def _compare_account(connection: Connection, arn: str) -> None:
    if arn.split(":")[4] == connection.account_id:
        return
    Connection.objects.filter(pk=connection.pk).update(state=ConnectionState.QUARANTINED)
    raise WrongAccount(connection.account_id)
