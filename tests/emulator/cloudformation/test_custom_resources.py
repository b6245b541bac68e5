"""Custom resources behind an SNS topic: asked, waited for, failed, forgotten.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref.html
"""

import json
import urllib.request
from typing import Any

from tests.emulator.cloudformation.conftest import ACCOUNT, Console


def custom_template(topic: str) -> dict[str, Any]:
    return {
        "Resources": {
            "Register": {"Type": "Custom::Register", "Properties": {"ServiceToken": topic, "Number": 3, "On": True}}
        },
        "Outputs": {"Id": {"Value": {"Fn::GetAtt": ["Register", "RegistrationId"]}}},
    }


def answer(message: dict[str, Any], **more: Any) -> None:
    copied = {key: message[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    body = json.dumps({**copied, "Status": "SUCCESS", "PhysicalResourceId": "reg-1", **more}).encode()
    request = urllib.request.Request(message["ResponseURL"], data=body, method="PUT", headers={"Content-Type": ""})
    with urllib.request.urlopen(request, timeout=5) as response:
        assert response.status == 200


class Provider:
    """What listens behind a custom resource's topic."""

    def __init__(self, console: Console, name: str) -> None:
        self.topic = console.client("sns").create_topic(Name=name)["TopicArn"]
        self._sqs = console.client("sqs")
        self._queue = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"
        console.client("sns").subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn)

    def request(self) -> dict[str, Any]:
        for _ in range(50):
            for message in self._sqs.receive_message(QueueUrl=self._queue, WaitTimeSeconds=1).get("Messages", []):
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
                return dict(json.loads(json.loads(message["Body"])["Message"]))
        raise AssertionError("The topic got no request.")


def test_a_custom_resource_waits_for_its_provider(console: Console, name: str) -> None:
    provider = Provider(console, name)
    stack_id = console.create(name, custom_template(provider.topic))
    request = provider.request()
    assert request["RequestType"] == "Create"
    assert request["ResourceType"] == "Custom::Register"
    assert request["ResourceProperties"] == {"ServiceToken": provider.topic, "Number": "3", "On": "true"}
    assert console.stack(name)["StackStatus"] == "CREATE_IN_PROGRESS"
    answer(request, Data={"RegistrationId": "R-42"})
    assert console.wait(name) == "CREATE_COMPLETE", console.events(name)
    assert console.outputs(name) == {"Id": "R-42"}
    console.ask("DeleteStack", StackName=name)
    request = provider.request()
    assert (request["RequestType"], request["PhysicalResourceId"]) == ("Delete", "reg-1")
    answer(request)
    assert console.wait(stack_id) == "DELETE_COMPLETE"


def test_a_custom_resource_that_fails_says_what_its_provider_said(console: Console, name: str) -> None:
    provider = Provider(console, name)
    console.create(name, custom_template(provider.topic), OnFailure="DO_NOTHING")
    answer(provider.request(), Status="FAILED", Reason="no such tenant")
    assert console.wait(name) == "CREATE_FAILED"
    reasons = [reason for _, status, reason in console.events(name) if status == "CREATE_FAILED"]
    assert reasons[0].startswith(
        "Received response status [FAILED] from custom resource. Message returned: no such tenant (RequestId: "
    )


def test_a_custom_resource_gives_up_after_an_hour(console: Console, name: str) -> None:
    provider = Provider(console, name)
    console.create(name, custom_template(provider.topic))
    provider.request()
    console.clock.advance(3700)
    request = provider.request()
    reasons = [reason for _, status, reason in console.events(name) if status == "CREATE_FAILED"]
    assert reasons[0].startswith("CloudFormation did not receive a response from your Custom Resource.")
    # The provider never gave an id, so CloudFormation made one up, and waits for the answer to the deletion.
    assert request["RequestType"] == "Delete"
    assert request["PhysicalResourceId"].startswith(f"{name}-Register-")
    assert console.stack(name)["StackStatus"] == "ROLLBACK_IN_PROGRESS"
    answer(request)
    assert console.wait(name) == "ROLLBACK_COMPLETE"
