"""AWS::SQS queues and AWS::SNS topics.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SQS.html and AWS_SNS.html
"""

import json
from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.cloudformation.intrinsics import text_of
from portal.demo.emulator.cloudformation.resources.kinds import Kind, names
from portal.demo.emulator.cloudformation.work import Work

QUEUE_ATTRIBUTES = (
    "ContentBasedDeduplication", "DelaySeconds", "FifoQueue", "KmsMasterKeyId", "MaximumMessageSize",
    "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds", "RedrivePolicy", "SqsManagedSseEnabled",
    "VisibilityTimeout",
)  # fmt: skip


def _queue_settings(work: Work) -> dict[str, str]:
    return {
        name: json.dumps(value) if isinstance(value, dict) else text_of(value)
        for name, value in work.only(*QUEUE_ATTRIBUTES).items()
    }


def _create_queue(work: Work) -> None:
    made = work.clients.service("sqs").create_queue(
        QueueName=work.get("QueueName") or work.generated_name(80),
        Attributes=_queue_settings(work),
        tags={tag["Key"]: tag["Value"] for tag in work.get("Tags", [])},
    )
    work.identify(made["QueueUrl"])


def _update_queue(work: Work) -> None:
    work.clients.service("sqs").set_queue_attributes(QueueUrl=work.physical_id, Attributes=_queue_settings(work))


def _delete_queue(work: Work) -> None:
    work.clients.service("sqs").delete_queue(QueueUrl=work.physical_id)


def _queue_attributes(work: Work) -> Mapping[str, Any]:
    sqs, url = work.clients.service("sqs"), work.physical_id
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return {"Arn": arn, "QueueName": arn.rsplit(":", 1)[1], "QueueUrl": url}


def _create_topic(work: Work) -> None:
    attributes = {key: text_of(value) for key, value in work.only("DisplayName", "KmsMasterKeyId").items()}
    made = work.clients.service("sns").create_topic(
        Name=work.get("TopicName") or work.generated_name(256), Attributes=attributes, Tags=work.get("Tags", [])
    )
    work.identify(made["TopicArn"])


def _delete_topic(work: Work) -> None:
    work.clients.service("sns").delete_topic(TopicArn=work.physical_id)


def _topic_attributes(work: Work) -> Mapping[str, Any]:
    return {"TopicArn": work.physical_id, "TopicName": work.physical_id.rsplit(":", 1)[1]}


KINDS = (
    Kind(
        "AWS::SQS::Queue", frozenset({"QueueName", "Tags", *QUEUE_ATTRIBUTES}), _create_queue, _delete_queue,
        _queue_attributes, names("Arn QueueName QueueUrl"), update=_update_queue,
        updatable=frozenset(QUEUE_ATTRIBUTES) - {"FifoQueue"},
    ),
    Kind(
        "AWS::SNS::Topic", names("DisplayName KmsMasterKeyId TopicName Tags"), _create_topic, _delete_topic,
        _topic_attributes, names("TopicArn TopicName"),
    ),
)  # fmt: skip
