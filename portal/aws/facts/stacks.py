"""CloudFormation stacks, their events and their resources."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from portal.aws.facts.shapes import Document, Fact, Tag, flag, inner, moment, required, several, tags, text, texts


@dataclass(frozen=True, kw_only=True)
class NamedValueFact(Fact):
    """An output or a parameter of a stack."""

    name: str
    value: str = ""


def _output(document: Document) -> NamedValueFact:
    return NamedValueFact(name=required(document, "OutputKey"), value=text(document, "OutputValue"))


def _parameter(document: Document) -> NamedValueFact:
    return NamedValueFact(name=required(document, "ParameterKey"), value=text(document, "ParameterValue"))


@dataclass(frozen=True, kw_only=True)
class StackFact(Fact):
    """One stack. `status` is one of the 23 of CloudFormation; `drift`: IN_SYNC, DRIFTED, UNKNOWN,
    NOT_CHECKED.
    """

    id: str
    name: str
    status: str = ""
    reason: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    deleted_at: datetime | None = None
    outputs: tuple[NamedValueFact, ...] = ()
    parameters: tuple[NamedValueFact, ...] = ()
    capabilities: tuple[str, ...] = ()
    drift: str = ""
    protected: bool | None = None
    tags: tuple[Tag, ...] = ()

    @property
    def in_progress(self) -> bool:
        """Whether AWS is still at work on it."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    def output(self, name: str) -> str | None:
        """The value of an output, None without it."""
        return next((found.value for found in self.outputs if found.name == name), None)

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `Stacks`. Raises `IncompleteAnswerError` without id or name."""
        return cls(
            id=required(document, "StackId"),
            name=required(document, "StackName"),
            status=text(document, "StackStatus"),
            reason=text(document, "StackStatusReason"),
            created_at=moment(document, "CreationTime"),
            updated_at=moment(document, "LastUpdatedTime"),
            deleted_at=moment(document, "DeletionTime"),
            outputs=several(document, "Outputs", _output),
            parameters=several(document, "Parameters", _parameter),
            capabilities=texts(document, "Capabilities"),
            drift=text(inner(document, "DriftInformation"), "StackDriftStatus"),
            protected=flag(document, "EnableTerminationProtection"),
            tags=tags(document),
        )


@dataclass(frozen=True, kw_only=True)
class StackEventFact(Fact):
    """One event: what happened to a resource of the stack, or to the stack itself, in AWS's own words."""

    id: str
    stack_id: str = ""
    stack_name: str = ""
    logical_id: str = ""
    physical_id: str = ""
    type: str = ""
    status: str = ""
    reason: str = ""
    at: datetime | None = None
    token: str = ""

    @property
    def about_stack(self) -> bool:
        """Whether the event is about the stack as a whole."""
        return self.type == "AWS::CloudFormation::Stack" and self.physical_id == self.stack_id

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `StackEvents`. Raises `IncompleteAnswerError` without an id."""
        return cls(
            id=required(document, "EventId"),
            stack_id=text(document, "StackId"),
            stack_name=text(document, "StackName"),
            logical_id=text(document, "LogicalResourceId"),
            physical_id=text(document, "PhysicalResourceId"),
            type=text(document, "ResourceType"),
            status=text(document, "ResourceStatus"),
            reason=text(document, "ResourceStatusReason"),
            at=moment(document, "Timestamp"),
            token=text(document, "ClientRequestToken"),
        )


@dataclass(frozen=True, kw_only=True)
class StackResourceFact(Fact):
    """One resource of a stack."""

    logical_id: str
    physical_id: str = ""
    type: str = ""
    status: str = ""
    reason: str = ""
    at: datetime | None = None

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `StackResources` (Describe) or of `StackResourceSummaries` (List), which differ in the
        time's key.

        Raises `IncompleteAnswerError` without a logical id.
        """
        return cls(
            logical_id=required(document, "LogicalResourceId"),
            physical_id=text(document, "PhysicalResourceId"),
            type=text(document, "ResourceType"),
            status=text(document, "ResourceStatus"),
            reason=text(document, "ResourceStatusReason"),
            at=moment(document, "Timestamp") or moment(document, "LastUpdatedTimestamp"),
        )
