"""What happens to one resource: its creation, change or removal, in steps that do not wait."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.demo.emulator.cloudformation.resources.kinds import Kind
from portal.demo.emulator.cloudformation.stacks import Stack, StackResource
from portal.demo.emulator.cloudformation.work import Work


@dataclass
class Activity:
    """One resource in motion. `act` starts it, `done` says whether it has come to rest, `finish` writes it down."""

    stack: Stack
    resource: StackResource
    kind: Kind
    work: Work
    verb: str = "CREATE"
    started: bool = False
    due: float = 0.0
    give_up: float = 0.0
    next_look: float = 0.0
    prepare: Callable[[], None] = lambda: None

    def act(self) -> None:
        """Makes the calls that bring it about."""
        raise NotImplementedError

    def done(self) -> bool:
        """Whether it has come to rest."""
        raise NotImplementedError

    def finish(self) -> None:
        """Records the completion."""
        self.stack.record(self.resource, f"{self.verb}_COMPLETE")

    def fail(self, reason: str) -> None:
        """Records the failure."""
        self.stack.record(self.resource, f"{self.verb}_FAILED", reason)

    def may_repeat(self, code: str) -> bool:
        """Whether an error of the first call may pass by itself."""
        return False


class Creation(Activity):
    """A resource comes into being; also the new one of a replacement, with the verb UPDATE."""

    def act(self) -> None:
        """Creates it; the type's function identifies it as soon as it stands."""
        self.prepare()
        self.kind.create(self.work)

    def identified(self, physical_id: str) -> None:
        """Called by the type's function; writes the second event that AWS writes."""
        self.work.physical_id = physical_id
        self.resource.physical_id = physical_id
        said = "Resource creation Initiated" if self.verb == "CREATE" else None
        self.stack.record(self.resource, f"{self.verb}_IN_PROGRESS", said)

    def fail(self, reason: str) -> None:
        """Records the failure; a custom resource that was asked for and never answered gets an id to delete it by."""
        if self.started and self.kind.named_when_failed and not self.resource.physical_id:
            self.resource.physical_id = self.work.generated_name(64)
        super().fail(reason)

    def done(self) -> bool:
        """Ready, as its service says."""
        return self.kind.ready(self.work)

    def finish(self) -> None:
        """Reads what Fn::GetAtt can give, then records."""
        self.resource.attributes = self.kind.attributes(self.work)
        super().finish()


class Alteration(Creation):
    """A resource changes in place; `before` comes back when the update rolls back."""

    def act(self) -> None:
        """Changes it."""
        if self.kind.update is None:
            raise RuntimeError(f"{self.kind.type} does not change in place.")
        self.kind.update(self.work)


class Removal(Activity):
    """A resource goes."""

    def act(self) -> None:
        """Deletes it."""
        self.kind.delete(self.work)

    def done(self) -> bool:
        """Gone, as its service says."""
        return self.kind.gone(self.work)

    def may_repeat(self, code: str) -> bool:
        """What depends on it may just be going, too: CloudFormation tries again for a while."""
        return code in {"DependencyViolation", "ResourceInUseException", "ResourceInUse"}


def drift_information(resource: StackResource) -> dict[str, Any]:
    """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResourceDriftInformation.html"""
    if resource.drift is None:
        return {"StackResourceDriftStatus": "NOT_CHECKED"}
    return {"StackResourceDriftStatus": resource.drift.status, "LastCheckTimestamp": resource.drift.at}


def described(resource: StackResource, stack: Stack) -> dict[str, Any]:
    """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResource.html"""
    answer: dict[str, Any] = {
        "StackName": stack.name,
        "StackId": stack.id,
        "LogicalResourceId": resource.logical_id,
        "ResourceType": resource.type,
        "Timestamp": resource.updated_at,
        "ResourceStatus": resource.status,
        "DriftInformation": drift_information(resource),
    }
    if resource.physical_id:
        answer["PhysicalResourceId"] = resource.physical_id
    if resource.reason:
        answer["ResourceStatusReason"] = resource.reason
    return answer
