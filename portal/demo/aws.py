"""Clients of the emulated AWS as the root of one demo account. The portal itself never works like this."""

import os
import threading
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

CONFIG = Config(connect_timeout=3, read_timeout=15, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
_MAKING = threading.Lock()


class NoEmulatorError(Exception):
    """AWS_ENDPOINT_URL is not an address on this machine: the demo never talks to the real AWS."""


def endpoint() -> str:
    """The emulator's address. Raises NoEmulatorError."""
    url = os.environ.get("AWS_ENDPOINT_URL", "")
    if not url.startswith(("http://127.0.0.1:", "http://localhost:")):
        raise NoEmulatorError("AWS_ENDPOINT_URL is not a loopback address. Start the demo with: make demo")
    return url


def client(service: str, account_id: str, region: str) -> Any:
    """A botocore client of `service` in `region` as the root of the emulated account. Raises NoEmulatorError."""
    with _MAKING:  # making clients, unlike using them, is not safe under threads
        return _session().client(
            service,  # type: ignore[call-overload]
            region_name=region,
            endpoint_url=endpoint(),
            aws_access_key_id=account_id,
            aws_secret_access_key="demo",
            config=CONFIG,
        )


@cache
def _session() -> boto3.session.Session:
    # One for all: it keeps the service models, of which EC2's alone takes half a second to read. No credentials in it.
    return boto3.session.Session()
