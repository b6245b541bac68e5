"""moto, called in this process: no Flask, no second port, one service loaded when first used.

moto's backends are plain dictionaries and not safe under threads, so every call takes one lock. moto is pure
Python under one interpreter lock anyway, so nothing is lost by it but the races.
"""

import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlencode

from botocore.awsrequest import HeadersDict
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from moto import backend_index, backends
from moto.core.exceptions import ServiceException
from moto.core.request import Request
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from portal.demo.emulator.calls import NotEmulated, ServiceError
from portal.demo.emulator.messages import Message, Reply

# Services without a region in moto: their state is per account and partition.
GLOBAL = frozenset({"iam", "s3", "route53", "organizations", "sts", "account"})


@cache
def model(service: str) -> Any:
    """The botocore service model, with moto's additions. Raises NotEmulated for an unknown service."""
    try:
        return get_service_model(service)
    except Exception as error:
        raise NotEmulated(f"Service {service}") from error


def protocol_of(service: str) -> str:
    """The protocol that botocore speaks with a service: the best of those the service offers."""
    return str(model(service).resolved_protocol)


@cache
def _urls(service: str, host: str) -> tuple[tuple[re.Pattern[str], Callable[..., Any]], ...]:
    names = [name for name, pattern in backend_index.backend_url_patterns if pattern.match(f"https://{host}/")]
    if not names:
        raise NotEmulated(f"Service {service}")
    owner = backends.get_backend(names[0])["000000000000"]  # type: ignore[call-overload]
    backend = owner["us-east-1"] if "us-east-1" in owner else owner["aws"]
    return tuple((re.compile(url), handler) for url, handler in backend.urls.items())


def _host(service: str, region: str) -> str:
    return f"{model(service).endpoint_prefix}.{region}.amazonaws.com"


class Moto:
    """The backends behind the strict layer. All methods are safe to call from any thread."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        # Without the 1.5 MB of machine images, which nothing here runs, moto's EC2 starts in half the time.
        os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

    def backend(self, service: str, account: str, region: str) -> Any:
        """moto's own object for a service in an account and region (global services: one per account)."""
        with self.lock:
            regions = backends.get_backend(service)[account]  # type: ignore[call-overload]
            return regions["aws" if service in GLOBAL else region]

    def accounts(self, service: str) -> dict[str, dict[str, Any]]:
        """Every account that a service has seen, with its regions (global services: the one region `aws`)."""
        with self.lock:
            seen = backends.get_backend(service)  # type: ignore[call-overload]
            return {str(account): dict(regions) for account, regions in list(seen.items())}

    def forward(self, message: Message, service: str, account: str, region: str) -> Reply:
        """Gives a request to moto as if it had come to AWS's own host name.

        Raises NotEmulated when moto has no such operation.
        """
        host = _host(service, region)
        url = f"https://{host}{message.path}"
        handler = self._handler(service, host, url)
        headers = {key: value for key, value in message.headers if key.lower() != "host"}
        headers |= {"Host": host, "x-moto-account-id": account}
        full = f"{url}?{message.query}" if message.query else url
        request = Request.from_primitives(message.method, full, headers, message.body)
        request.environ["RAW_URI"] = message.path
        with self.lock:
            try:
                status, answered, body = handler(request, full, request.headers)
            except NotImplementedError as error:
                raise NotEmulated(str(error) or f"This call of {service}") from error
            except HTTPException as error:
                status, answered, body = error.code, error.get_headers(), error.get_body()
        return _reply(status, answered, body)

    def perform(
        self, service: str, operation: str, parameters: Mapping[str, Any], account: str, region: str
    ) -> dict[str, Any]:
        """Calls one operation by its parameters and returns the parsed answer. Raises ServiceError."""
        shape = model(service).operation_model(operation)
        protocol = protocol_of(service)
        reply = self.forward(_message(shape, protocol, parameters), service, account, region)
        parsed = create_parser(protocol).parse(
            {
                "status_code": reply.status,
                "headers": HeadersDict(dict(reply.headers)),
                "body": reply.body,
                "context": {"operation_name": operation},
            },
            shape.output_shape,
        )
        if reply.status >= 300:
            error = parsed.get("Error", {})
            raise ServiceError(error.get("Code", "InternalError"), error.get("Message", ""), reply.status)
        parsed.pop("ResponseMetadata", None)
        return dict(parsed)

    @staticmethod
    def _handler(service: str, host: str, url: str) -> Callable[..., Any]:
        for pattern, handler in _urls(service, host):
            if pattern.match(url):
                return handler
        raise NotEmulated(f"{url.split('/', 3)[-1] or 'This call'} of {service}")


def _message(shape: Any, protocol: str, parameters: Mapping[str, Any]) -> Message:
    request = create_serializer(protocol, include_validation=False).serialize_to_request(dict(parameters), shape)
    body = request["body"]
    headers = dict(request["headers"])
    if isinstance(body, dict):
        body = urlencode(body, doseq=True)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    query = request["query_string"]
    return Message(
        method=request["method"],
        path=request["url_path"],
        query=urlencode(query, doseq=True) if query else "",
        headers=tuple(headers.items()),
        body=body.encode() if isinstance(body, str) else bytes(body or b""),
    )


def _reply(status: Any, headers: Any, body: Any) -> Reply:
    pairs = headers.items() if hasattr(headers, "items") else headers
    kept = tuple((str(key), str(value)) for key, value in pairs if str(key).lower() not in {"status", "server"})
    content = body.encode() if isinstance(body, str) else bytes(body or b"")
    return Reply(int(status), kept, content)


@contextmanager
def speaking_aws() -> Iterator[None]:
    """Turns the errors of moto's backends, when they are asked directly, into the errors that AWS sends."""
    try:
        yield
    except ServiceException as error:
        raise ServiceError(str(error.code), str(error.message)) from error
