"""One line of a stack's history."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Event:
    """What happened to a resource or to the stack itself, as DescribeStackEvents shows it."""

    stack_id: str
    stack_name: str
    logical_id: str
    physical_id: str
    type: str
    status: str
    at: datetime
    reason: str | None = None
    properties: str | None = None
    token: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def described(self) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html"""
        answer: dict[str, Any] = {
            "StackId": self.stack_id,
            "EventId": self.id,
            "StackName": self.stack_name,
            "LogicalResourceId": self.logical_id,
            "PhysicalResourceId": self.physical_id,
            "ResourceType": self.type,
            "Timestamp": self.at,
            "ResourceStatus": self.status,
        }
        optional = {
            "ResourceStatusReason": self.reason,
            "ResourceProperties": self.properties,
            "ClientRequestToken": self.token,
        }
        return answer | {key: value for key, value in optional.items() if value}
