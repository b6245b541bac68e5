"""Custom resources whose provider listens to an SNS topic.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref.html: the request goes to the topic, the
answer comes by PUT to a pre-signed S3 URL. As with AWS, the bucket behind the URL is CloudFormation's own.
"""

import json
import uuid
from typing import Any

from botocore.exceptions import ClientError

from portal.demo.emulator.calls import Credentials
from portal.demo.emulator.cloudformation.intrinsics import text_of
from portal.demo.emulator.cloudformation.resources.kinds import Kind
from portal.demo.emulator.cloudformation.work import MISSING, Clients, Failed, Work

SERVICE_ACCOUNT = "000000000000"
"""The account that holds CloudFormation's own buckets in the emulator; its number is its root's access key."""
LIMIT = 3600.0
"""Seconds by the clock that CloudFormation waits for an answer (default ServiceTimeout)."""
ANSWER_LIMIT = 4096
"""Bytes of an answer."""


def _store(work: Work) -> Any:
    if "store" not in work.memory:
        own = Credentials(SERVICE_ACCOUNT, "cloudformation")
        work.memory["store"] = Clients(work.clients.endpoint, work.region, own)
    return work.memory["store"].service("s3")


def _bucket(work: Work) -> str:
    return f"cloudformation-custom-resource-response-{work.region.replace('-', '')}"


def _answer_url(work: Work, key: str) -> str:
    """Where the provider puts its answer; makes CloudFormation's bucket of this region at the first use."""
    s3, bucket = _store(work), _bucket(work)
    place = {} if work.region == "us-east-1" else {"LocationConstraint": work.region}
    try:
        s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": place} if place else {}))
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
            raise
    return str(s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=7200))


def _send(work: Work, request_type: str, **more: Any) -> None:
    token = str(work.get("ServiceToken", ""))
    if not token.startswith("arn:aws:sns:"):
        raise Failed("Custom resources are emulated with an SNS topic as ServiceToken only, not with "
                     f"{token or 'nothing'}.")  # fmt: skip
    request, key = str(uuid.uuid4()), f"{work.stack_id}|{work.logical_id}|{uuid.uuid4()}"
    url = _answer_url(work, key)
    message = {
        "RequestType": request_type,
        "ResponseURL": url,
        "StackId": work.stack_id,
        "RequestId": request,
        "LogicalResourceId": work.logical_id,
        "ResourceType": work.type,
        "ServiceToken": token,
        "ResourceProperties": _texts(work.properties),
        **more,
    }
    work.memory.update(request=request, key=key)
    work.clients.service("sns", token.split(":")[3]).publish(
        TopicArn=token, Subject="AWS CloudFormation custom resource request", Message=json.dumps(message)
    )


def _texts(value: Any) -> Any:
    """The provider gets every scalar as text."""
    if isinstance(value, dict):
        return {key: _texts(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_texts(entry) for entry in value]
    return text_of(value)


def _answer(work: Work) -> dict[str, Any] | None:
    """The provider's answer once it is there. Raises Failed for one that answers something else."""
    try:
        body = _store(work).get_object(Bucket=_bucket(work), Key=work.memory["key"])["Body"].read()
    except ClientError as error:
        if MISSING.fullmatch(error.response["Error"]["Code"]):
            return None
        raise
    if len(body) > ANSWER_LIMIT:
        raise Failed("Response object is too long.")
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise Failed("Invalid response object: not JSON.") from error
    expected = {"StackId": work.stack_id, "RequestId": work.memory["request"], "LogicalResourceId": work.logical_id}
    wrong = [key for key, value in expected.items() if answer.get(key) != value]
    if wrong:
        raise Failed(f"Invalid response object: Value of property {wrong[0]} must be the one of the request")
    return dict(answer)


def _require_success(work: Work, answer: dict[str, Any]) -> None:
    if answer.get("Status") == "FAILED":
        raise Failed(f"Received response status [FAILED] from custom resource. Message returned: "
                     f"{answer.get('Reason', '')} (RequestId: {work.memory['request']})")  # fmt: skip
    if answer.get("Status") != "SUCCESS" or not answer.get("PhysicalResourceId"):
        raise Failed("Invalid PhysicalResourceId")


def _create(work: Work) -> None:
    _send(work, "Create")


def _ready(work: Work) -> bool:
    answer = _answer(work)
    if answer is None:
        return False
    work.memory["data"] = answer.get("Data", {})
    if not work.physical_id and answer.get("PhysicalResourceId"):
        work.identify(answer["PhysicalResourceId"])  # also of a failure: the roll-back asks to delete it
    _require_success(work, answer)
    if work.physical_id != answer["PhysicalResourceId"]:
        raise Failed("A new PhysicalResourceId at an update (a replacement by the provider) is not emulated.")
    return True


def _update(work: Work) -> None:
    _send(work, "Update", PhysicalResourceId=work.physical_id, OldResourceProperties=_texts(work.previous))


def _delete(work: Work) -> None:
    _send(work, "Delete", PhysicalResourceId=work.physical_id)


def _gone(work: Work) -> bool:
    answer = _answer(work)
    if answer is None:
        return False
    _require_success(work, answer)
    return True


def _data(work: Work) -> dict[str, Any]:
    return dict(work.memory["data"])


def kind(type_name: str) -> Kind:
    """The functions of a custom type."""
    return Kind(
        type_name, frozenset(), _create, _delete, _data, ready=_ready, gone=_gone, update=_update, limit=LIMIT,
        late="CloudFormation did not receive a response from your Custom Resource. Please check your logs for "
             "requestId.", any_property=True,
        named_when_failed=True,
    )  # fmt: skip
