"""moto's server on loopback, and the service asked directly, as the emulator's front asks it."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from portal.demo.emulator.calls import Call, Credentials, Kind, Principal
from portal.demo.emulator.clock import Clock
from portal.demo.emulator.cloudformation.app import CloudFormation

ACCOUNT = "123456789012"
REGION = "us-east-1"
CREDENTIALS = Credentials("testing", "testing")
ROOT = Principal(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT, Kind.ROOT)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class Console:
    """Asks CloudFormation the way a client does, and the other services over HTTP."""

    def __init__(self, endpoint: str, durations: dict[str, float] | None = None) -> None:
        self.endpoint = endpoint
        self.clock = Clock()
        self.app = CloudFormation(endpoint, self.clock, {"AWS::CloudFormation::Stack": 0.05, **(durations or {})})
        self.region = REGION

    def ask(self, operation: str, **parameters: Any) -> dict[str, Any]:
        call = Call(ACCOUNT, self.region, "cloudformation", operation, parameters, ROOT, str(uuid.uuid4()), CREDENTIALS)
        return dict(self.app.handle(call).result)

    def create(self, name: str, template: Any, **parameters: Any) -> str:
        body = template if isinstance(template, str) else json.dumps(template)
        parameters.setdefault("Capabilities", ["CAPABILITY_NAMED_IAM"])
        return str(self.ask("CreateStack", StackName=name, TemplateBody=body, **parameters)["StackId"])

    def stack(self, name: str) -> dict[str, Any]:
        return dict(self.ask("DescribeStacks", StackName=name)["Stacks"][0])

    def wait(self, name: str, seconds: float = 20.0) -> str:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            status = str(self.stack(name)["StackStatus"])
            if not status.endswith("IN_PROGRESS"):
                return status
            time.sleep(0.03)
        raise AssertionError(f"{name} is still {status}: {self.events(name)}")

    def events(self, name: str) -> list[tuple[str, str, str]]:
        """Oldest first: (logical id, status, reason)."""
        found = self.ask("DescribeStackEvents", StackName=name)["StackEvents"]
        return [
            (event["LogicalResourceId"], event["ResourceStatus"], event.get("ResourceStatusReason", ""))
            for event in reversed(found)
        ]

    def wait_for(self, name: str, logical_id: str, status: str, seconds: float = 20.0) -> bool:
        """Until that event is there."""
        return self._wait_until(name, lambda event: event[:2] == (logical_id, status), seconds)

    def wait_until_made(self, name: str, logical_id: str, seconds: float = 20.0) -> bool:
        """Until the resource stands in the account and its time runs."""
        return self._wait_until(name, lambda event: event[::2] == (logical_id, "Resource creation Initiated"), seconds)

    def _wait_until(self, name: str, seen: Callable[[tuple[str, str, str]], bool], seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not any(seen(event) for event in self.events(name)):
            assert time.monotonic() < until, self.events(name)
            time.sleep(0.03)
        return True

    def outputs(self, name: str) -> dict[str, str]:
        return {output["OutputKey"]: output["OutputValue"] for output in self.stack(name).get("Outputs", [])}

    def client(self, service: str) -> Any:
        return boto3.client(
            service, region_name=self.region, endpoint_url=self.endpoint, aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )  # fmt: skip


@pytest.fixture
def console(endpoint: str) -> Iterator[Console]:
    made = Console(endpoint)
    yield made
    made.app.close()


@pytest.fixture
def name() -> str:
    return f"stack-{uuid.uuid4().hex[:8]}"
