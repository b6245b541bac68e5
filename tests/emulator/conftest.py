"""One emulator in its own process for all tests of this folder, and clients for it."""

import itertools
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from portal.demo.emulator.control import Control

REGION = "us-east-1"
_SESSION = boto3.session.Session(aws_access_key_id="none", aws_secret_access_key="none")
"""One for all clients: it reads each service's model once. No client uses its keys."""
_ACCOUNTS = itertools.count(700000000000)
DURATIONS = {
    "vpc": 0, "nat_gateway": 30, "nat_gateway_delete": 20, "cluster": 600, "cluster_delete": 120, "nodegroup": 180,
    "nodegroup_delete": 60, "addon": 45, "addon_delete": 15, "role_propagation": 0,
}  # fmt: skip
"""Long by the emulator's clock, which the tests move; nothing here waits for real."""


@dataclass(frozen=True)
class Cloud:
    """A running emulator."""

    endpoint: str
    state: Path

    @property
    def control(self) -> Control:
        return Control(self.endpoint)

    def client(self, service: str, account: str, region: str = REGION, **config: Any) -> Any:
        """A client of an account's root."""
        return self._client(service, region, config, aws_access_key_id=account, aws_secret_access_key="any")

    def client_with(self, credentials: dict[str, Any], service: str, region: str = REGION, **config: Any) -> Any:
        """A client with credentials as STS or CreateAccessKey gave them."""
        return self._client(
            service, region, config,
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials.get("SessionToken"),
        )  # fmt: skip

    def _client(self, service: str, region: str, config: dict[str, Any], **keys: Any) -> Any:
        config.setdefault("retries", {"total_max_attempts": 1})
        settings = Config(s3={"addressing_style": "path"}, **config)
        return _SESSION.client(service, region_name=region, endpoint_url=self.endpoint, config=settings, **keys)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    home = tmp_path_factory.mktemp("cloud")
    (home / "config.json").write_text(json.dumps({"durations": DURATIONS}))
    command = [sys.executable, "-m", "portal.demo.emulator", "--port", "0", "--state", str(home / "state")]
    with subprocess.Popen(
        [*command, "--config", str(home / "config.json")], stdout=subprocess.PIPE, text=True
    ) as process:
        line = process.stdout.readline() if process.stdout else ""
        found = re.match(r"Emulator ready on (\S+)", line)
        assert found, f"The emulator said {line!r}"
        yield Cloud(found.group(1), home / "state")
        process.terminate()
        process.wait(10)


@pytest.fixture
def account() -> str:
    """An account that only this test uses."""
    return str(next(_ACCOUNTS))


@pytest.fixture
def other() -> str:
    """A second account."""
    return str(next(_ACCOUNTS))


@pytest.fixture(autouse=True)
def no_faults_left(cloud: Cloud) -> Iterator[None]:
    yield
    cloud.control.withdraw()


def code_of(call: Any, **parameters: Any) -> str:
    """The error code of a call that must fail."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return str(caught.value.response["Error"]["Code"])


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(principal: Any, condition: dict[str, Any] | None = None, action: Any = "sts:AssumeRole") -> str:
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": action}
    return document(statement | ({"Condition": condition} if condition else {}))


def root_of(account: str) -> dict[str, str]:
    return {"AWS": f"arn:aws:iam::{account}:root"}


def until(condition: Any, seconds: float = 5) -> Any:
    """What `condition` returns once it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("It did not happen.")


@pytest.fixture
def make_role(cloud: Cloud) -> Any:
    """Makes a role with one inline policy and returns its ARN."""

    def make(account: str, name: str, trust_policy: str, policy: str | None = None, **more: Any) -> str:
        iam = cloud.client("iam", account)
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_policy, **more)["Role"]["Arn"]
        if policy:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy)
        return str(arn)

    return make


@pytest.fixture
def as_role(cloud: Cloud, make_role: Any) -> Any:
    """A client factory with a role of that policy: `as_role(account, policy)("ec2")`."""
    names = itertools.count()

    def make(account: str, policy: str, session: str | None = None, **more: Any) -> Any:
        arn = make_role(account, f"tested-{next(names)}", trust(root_of(account)), policy, **more)
        asked = {"RoleArn": arn, "RoleSessionName": "test"} | ({"Policy": session} if session else {})
        credentials = cloud.client("sts", account).assume_role(**asked)["Credentials"]

        def client(service: str, region: str = REGION) -> Any:
            return cloud.client_with(credentials, service, region)

        return client

    return make
