"""Clients of the emulated AWS as the root of one demo account. The portal itself never works like this."""

import os
from typing import Any

import boto3
from botocore.config import Config

CONFIG = Config(
    connect_timeout=3, read_timeout=15, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}
)


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
    session = boto3.session.Session(
        aws_access_key_id=account_id, aws_secret_access_key="demo", region_name=region
    )
    return session.client(service, endpoint_url=endpoint(), config=CONFIG)  # type: ignore[call-overload]
