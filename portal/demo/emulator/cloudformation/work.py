"""What a resource type's functions get to work with, and how their failures read.

Every call goes to the emulator's own endpoint with the caller's credentials, so that IAM decides on each resource;
docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html. The header tells the emulator that
CloudFormation calls on behalf of the caller (`aws:CalledVia`).
"""

import hashlib
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import Loader, create_loader

from portal.demo.emulator.calls import Credentials

Properties = Mapping[str, Any]
VIA = "cloudformation.amazonaws.com"


@cache
def _loader() -> Loader:
    return create_loader()


class Clients:
    """boto clients that act as one principal in one region; made once each. For one thread."""

    def __init__(self, endpoint: str, region: str, credentials: Credentials) -> None:
        self.endpoint = endpoint
        self.region = region
        self._session = botocore.session.get_session()
        # The parsed service models are large; all sessions share one copy.
        self._session.register_component("data_loader", _loader())
        self._credentials = credentials
        self._clients: dict[tuple[str, str], Any] = {}

    def service(self, name: str, region: str | None = None) -> Any:
        """The client of a service. One attempt per call: a create whose answer was lost must not be sent twice."""
        key = (name, region or self.region)
        if key not in self._clients:
            client = self._session.create_client(
                name,
                region_name=key[1],
                endpoint_url=self.endpoint,
                aws_access_key_id=self._credentials.access_key_id,
                aws_secret_access_key=self._credentials.secret_access_key,
                aws_session_token=self._credentials.session_token,
                config=Config(
                    retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30,
                    s3={"addressing_style": "path"}, signature_version="s3v4" if name == "s3" else None,
                ),
            )  # fmt: skip
            client.meta.events.register("before-send", _announce)
            client.meta.events.register("after-call", _name_service)
            self._clients[key] = client
        return self._clients[key]

    def close(self) -> None:
        """Closes the connections of all clients."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()


def _announce(request: Any, **_: Any) -> None:
    request.headers["X-Emulator-Via"] = VIA


def _name_service(parsed: dict[str, Any], model: Any, **_: Any) -> None:
    parsed["ResponseMetadata"]["Service"] = str(model.service_model.service_id).capitalize()


class Failed(Exception):
    """A resource failed; the text is the ResourceStatusReason."""


class NotStabilized(Failed):
    """The resource was made but ended in a failed state."""

    def __init__(self, message: str) -> None:
        super().__init__(_handler(message, "NotStabilized"))


@dataclass
class Work:
    """One resource in the hands of its type's functions.

    `identify` is called as soon as something stands in the account, before any further call, so that a
    roll-back finds it. `previous` are the properties before an update. `memory` outlives one call.
    """

    clients: Clients
    account: str
    region: str
    stack_id: str
    stack_name: str
    logical_id: str
    type: str
    properties: Properties
    identify: Callable[[str], None]
    physical_id: str = ""
    previous: Properties = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)

    @property
    def ec2(self) -> Any:
        """The EC2 client."""
        return self.clients.service("ec2")

    def get(self, name: str, default: Any = None) -> Any:
        """A property."""
        return self.properties.get(name, default)

    def only(self, *names: str) -> dict[str, Any]:
        """The named properties that are present."""
        return {name: self.properties[name] for name in names if name in self.properties}

    def changed(self, *names: str) -> bool:
        """Whether any of these properties differs from before the update."""
        return any(self.properties.get(name) != self.previous.get(name) for name in names)

    def generated_name(self, limit: int = 64, *, small: bool = False) -> str:
        """stack-logicalid-RANDOM, as CloudFormation names what the template leaves unnamed.

        docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
        """
        digest = hashlib.sha256(f"{self.stack_id}/{self.logical_id}/{uuid.uuid4()}".encode()).hexdigest()
        suffix = digest[:12].upper()
        room = limit - len(suffix) - 2
        stack = self.stack_name[: max(room - len(self.logical_id), room // 2)]
        name = f"{stack}-{self.logical_id[: room - len(stack)]}-{suffix}"
        return name.lower() if small else name


def boolean(value: Any) -> bool:
    """CloudFormation takes "true" for true."""
    return value if isinstance(value, bool) else str(value).lower() == "true"


_CODES = (
    (r"AccessDenied.*|UnauthorizedOperation|AuthFailure", "AccessDenied"),
    (r".*AlreadyExists.*|.*Duplicate.*|BucketAlreadyOwnedByYou|ResourceInUseException|InvalidPermission\.Duplicate",
     "AlreadyExists"),
    (r".*NotFound.*|NoSuch.*|.*DoesNotExist.*|.*NonExistent.*", "NotFound"),
    (r".*LimitExceeded.*|.*TooMany.*", "ServiceLimitExceeded"),
    (r"Throttl.*|RequestLimitExceeded|SlowDown", "Throttling"),
    (r"DependencyViolation|DeleteConflict.*|BucketNotEmpty|.*InUse.*|.*Conflict.*", "ResourceConflict"),
    (r"ExpiredToken.*|InvalidClientTokenId|UnrecognizedClientException", "InvalidCredentials"),
    (r"Internal.*|ServiceUnavailable.*", "ServiceInternalError"),
)  # fmt: skip
MISSING = re.compile(r".*NotFound.*|NoSuch.*|.*DoesNotExist.*|.*NonExistentQueue.*")
THROTTLED = re.compile(r"Throttl.*|RequestLimitExceeded|TooManyRequestsException|SlowDown")


def handler_code(code: str) -> str:
    """docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html"""
    return next((name for pattern, name in _CODES if re.fullmatch(pattern, code)), "InvalidRequest")


def reason_of(error: ClientError | BotoCoreError | Failed) -> str:
    """The ResourceStatusReason for an error, in the words that CloudFormation wraps around a service's own."""
    if isinstance(error, Failed):
        return str(error)
    if isinstance(error, BotoCoreError):
        return _handler(str(error), "InvalidRequest")
    meta = error.response.get("ResponseMetadata", {})
    fault = error.response.get("Error", {})
    said = (f"{fault.get('Message', '')} (Service: {meta.get('Service')}, Status Code: {meta.get('HTTPStatusCode')}, "
            f"Request ID: {meta.get('RequestId', '')})")  # fmt: skip
    return _handler(said, handler_code(str(fault.get("Code", ""))))


def _handler(said: str, code: str) -> str:
    return f'Resource handler returned message: "{said}" (RequestToken: {uuid.uuid4()}, HandlerErrorCode: {code})'
