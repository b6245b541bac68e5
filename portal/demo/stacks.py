"""What the console stand-in sees of CloudFormation, as the root of an emulated account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.demo import aws

CAPABILITY = "CAPABILITY_NAMED_IAM"


@dataclass(frozen=True)
class TemplateParameter:
    """One parameter as the template declares it."""

    name: str
    default: str
    description: str
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class TemplateSummary:
    """What the console shows before a stack is made."""

    description: str
    parameters: tuple[TemplateParameter, ...]
    resource_types: tuple[str, ...]
    capabilities: tuple[str, ...]


@dataclass(frozen=True)
class StackPlace:
    """Where one stack is. `key` is the last part of its ARN."""

    account_id: str
    region: str
    name: str
    key: str

    @property
    def arn(self) -> str:
        """The stack id: the only name by which a deleted stack is still found."""
        return f"arn:aws:cloudformation:{self.region}:{self.account_id}:stack/{self.name}/{self.key}"


@dataclass(frozen=True)
class StackRow:
    """A stack in the list."""

    place: StackPlace
    status: str
    created_at: datetime


@dataclass(frozen=True)
class StackEvent:
    """One line of the event list, newest first."""

    at: datetime
    resource: str
    kind: str
    status: str
    reason: str


@dataclass(frozen=True)
class StackView:
    """Everything the stack page shows."""

    row: StackRow
    reason: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]
    events: tuple[StackEvent, ...]

    @property
    def moving(self) -> bool:
        """Whether CloudFormation is still at work."""
        return self.row.status.endswith("_IN_PROGRESS")

    @property
    def gone(self) -> bool:
        """Whether the stack is deleted."""
        return self.row.status == "DELETE_COMPLETE"

    @property
    def version(self) -> str:
        """Changes with everything that the page shows."""
        return f"{self.row.status}-{len(self.events)}"


def summary(account_id: str, region: str, template_url: str) -> TemplateSummary:
    """GetTemplateSummary. Raises ClientError."""
    answer = aws.client("cloudformation", account_id, region).get_template_summary(TemplateURL=template_url)
    return TemplateSummary(
        description=answer.get("Description", ""),
        parameters=tuple(_parameter(declared) for declared in answer.get("Parameters", [])),
        resource_types=tuple(sorted(set(answer.get("ResourceTypes", [])))),
        capabilities=tuple(answer.get("Capabilities", [])),
    )


def _parameter(declared: dict[str, Any]) -> TemplateParameter:
    return TemplateParameter(
        name=declared["ParameterKey"],
        default=declared.get("DefaultValue", ""),
        description=declared.get("Description", ""),
        allowed=tuple(declared.get("ParameterConstraints", {}).get("AllowedValues", [])),
    )


def create(
    account_id: str, region: str, name: str, template_url: str, parameters: Mapping[str, str], *, named_iam: bool
) -> StackPlace:
    """CreateStack as the account's root; `named_iam` is the ticked acknowledgement. Raises ClientError."""
    made = aws.client("cloudformation", account_id, region).create_stack(
        StackName=name,
        TemplateURL=template_url,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=[CAPABILITY] if named_iam else [],
    )
    return _place(made["StackId"])


def stacks(account_id: str, region: str) -> list[StackRow]:
    """All stacks of the account in the region, newest first, deleted ones among them. Raises ClientError."""
    pages = aws.client("cloudformation", account_id, region).get_paginator("list_stacks").paginate()
    rows = [_row(stack) for page in pages for stack in page["StackSummaries"]]
    return sorted(rows, key=lambda row: row.created_at, reverse=True)


def _row(stack: dict[str, Any]) -> StackRow:
    return StackRow(_place(stack["StackId"]), stack["StackStatus"], stack["CreationTime"])


def look(place: StackPlace) -> StackView:
    """The stack and its events. Raises ClientError."""
    client = aws.client("cloudformation", place.account_id, place.region)
    stack = client.describe_stacks(StackName=place.arn)["Stacks"][0]
    pages = client.get_paginator("describe_stack_events").paginate(StackName=place.arn)
    return StackView(
        row=_row(stack),
        reason=stack.get("StackStatusReason", ""),
        parameters={p["ParameterKey"]: p.get("ParameterValue", "") for p in stack.get("Parameters", [])},
        outputs={o["OutputKey"]: o.get("OutputValue", "") for o in stack.get("Outputs", [])},
        events=tuple(_events(event for page in pages for event in page["StackEvents"])),
    )


def _events(found: Iterable[dict[str, Any]]) -> Iterable[StackEvent]:
    for event in found:
        yield StackEvent(
            at=event["Timestamp"],
            resource=event.get("LogicalResourceId", ""),
            kind=event.get("ResourceType", ""),
            status=event.get("ResourceStatus", ""),
            reason=event.get("ResourceStatusReason", ""),
        )


def delete(place: StackPlace) -> None:
    """DeleteStack as the account's root. Raises ClientError."""
    aws.client("cloudformation", place.account_id, place.region).delete_stack(StackName=place.arn)


def named(account_id: str, region: str, name_or_arn: str) -> StackPlace:
    """The place of a stack by its name or id. Raises ClientError when there is none."""
    client = aws.client("cloudformation", account_id, region)
    return _place(client.describe_stacks(StackName=name_or_arn)["Stacks"][0]["StackId"])


def _place(arn: str) -> StackPlace:
    _, _, _, region, account_id, path = arn.split(":", 5)
    _, name, key = path.split("/", 2)
    return StackPlace(account_id, region, name, key)
