"""What passes between the parts of the emulator: who calls, what is asked, answered, refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of principal signed the call."""

    ROOT = "root"
    USER = "user"
    ROLE = "role"
    SERVICE = "service"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Principal:
    """Who signed a call.

    `arn` is what GetCallerIdentity answers (`arn:aws:sts::…:assumed-role/NAME/SESSION` for a session);
    `identity_arn` is the user or role whose policies count (`arn:aws:iam::…:role/NAME`).
    """

    account: str
    arn: str
    identity_arn: str
    user_id: str
    kind: Kind
    name: str = ""
    session_policies: tuple[str, ...] = ()
    session_tags: Mapping[str, str] = field(default_factory=dict)
    source_identity: str = ""
    issued_at: float = 0.0

    @property
    def is_root(self) -> bool:
        """True for an account's root, which no identity-based policy limits."""
        return self.kind is Kind.ROOT


@dataclass(frozen=True)
class Credentials:
    """What the caller signed with, so that a service can act for the caller (`repr` hides the secrets)."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Call:
    """One authenticated and authorised call; `parameters` are parsed by the botocore service model."""

    account: str
    region: str
    service: str
    operation: str
    parameters: Mapping[str, Any]
    principal: Principal
    request_id: str
    credentials: Credentials


@dataclass(frozen=True)
class Answer:
    """What an operation returns, in the shape of the botocore model's output."""

    result: Mapping[str, Any]


class ServiceError(Exception):
    """A refusal as AWS words it: `code` is `Error.Code`, `status` the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class NotEmulated(ServiceError):
    """What this emulator does not do. Loud on purpose: silence would look like success."""

    def __init__(self, what: str) -> None:
        super().__init__("NotEmulated", f"{what} is not emulated.", 501)
