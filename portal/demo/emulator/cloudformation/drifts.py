"""Drift detection: the properties that a template states against what stands in the account.

docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html: only stated properties are compared.
"""

import json
import logging
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from portal.demo.emulator.calls import Call
from portal.demo.emulator.clock import Clock
from portal.demo.emulator.cloudformation.changes import missing
from portal.demo.emulator.cloudformation.resources.registry import kind_of
from portal.demo.emulator.cloudformation.run import unidentified, work_on
from portal.demo.emulator.cloudformation.stacks import STACK_TYPE, Difference, Drift, Stack, StackResource, Stacks
from portal.demo.emulator.cloudformation.stage import seconds
from portal.demo.emulator.cloudformation.templates import invalid
from portal.demo.emulator.cloudformation.work import MISSING, Clients, reason_of

logger = logging.getLogger(__name__)
STEADY = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED", "ROLLBACK_FAILED"}


@dataclass
class Detection:
    """One run of drift detection; `due` is when it may be reported complete."""

    id: str
    stack: Stack
    due: float
    started: Any
    status: str = "DETECTION_IN_PROGRESS"
    reason: str | None = None


@dataclass
class Drifts:
    """DetectStackDrift and what reads its result."""

    stacks: Stacks
    clock: Clock
    durations: Mapping[str, float]
    endpoint: str
    _detections: dict[str, Detection] = field(default_factory=dict)

    def detect_stack_drift(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DetectStackDrift.html"""
        stack = self._stack(call)
        if stack.status not in STEADY:
            raise invalid(f"Drift detection cannot be performed on stack [{stack.id}] in {stack.status} state.")
        due = self.clock.time() + seconds(self.durations, STACK_TYPE)
        detection = Detection(str(uuid.uuid4()), stack, due, self.clock.now())
        self._detections[detection.id] = detection
        clients = Clients(self.endpoint, call.region, call.credentials)
        threading.Thread(target=self._detect, args=(detection, clients), daemon=True).start()
        return {"StackDriftDetectionId": detection.id}

    def _detect(self, detection: Detection, clients: Clients) -> None:
        stack = detection.stack
        try:
            found = {name: self._drift(stack, entry, clients) for name, entry in dict(stack.resources).items()}
        except (ClientError, BotoCoreError) as error:
            detection.status, detection.reason = "DETECTION_FAILED", reason_of(error)
            return
        except Exception:  # a detection must never stay in progress without a thread
            logger.exception("Drift detection of %s failed inside the emulator", stack.id)
            detection.status, detection.reason = "DETECTION_FAILED", "Internal Failure"
            return
        finally:
            clients.close()
        with stack.lock:
            for name, drift in found.items():
                stack.resources[name].drift = drift
            drifted = any(drift.status in {"MODIFIED", "DELETED"} for drift in found.values())
            stack.drift_status, stack.drift_at = "DRIFTED" if drifted else "IN_SYNC", self.clock.now()
            detection.status = "DETECTION_COMPLETE"

    def _drift(self, stack: Stack, resource: StackResource, clients: Clients) -> Drift:
        kind = kind_of(resource.type)
        if kind is None or kind.any_property:
            return Drift("NOT_CHECKED", self.clock.now())
        work = work_on(stack, resource, kind, clients, unidentified)
        try:
            kind.attributes(work)
            actual = kind.observe(work) if kind.observe else None
        except ClientError as error:
            if MISSING.fullmatch(str(error.response["Error"].get("Code"))):
                return Drift("DELETED", self.clock.now())
            raise
        if actual is None:
            return Drift("NOT_CHECKED", self.clock.now())
        differences = tuple(_differences(resource.properties, actual))
        return Drift("MODIFIED" if differences else "IN_SYNC", self.clock.now(), differences)

    def describe_stack_drift_detection_status(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackDriftDetectionStatus.html"""
        detection = self._detections.get(str(call.parameters["StackDriftDetectionId"]))
        if detection is None or detection.stack.account != call.account:
            raise invalid(f"Drift detection {call.parameters['StackDriftDetectionId']} does not exist")
        waiting = self.clock.time() < detection.due
        status = "DETECTION_IN_PROGRESS" if waiting else detection.status
        answer: dict[str, Any] = {
            "StackId": detection.stack.id,
            "StackDriftDetectionId": detection.id,
            "DetectionStatus": status,
            "Timestamp": detection.started,
        }
        if status == "DETECTION_COMPLETE":
            drifted = [entry for entry in detection.stack.resources.values() if _drifted(entry)]
            answer |= {
                "StackDriftStatus": detection.stack.drift_status,
                "DriftedStackResourceCount": len(drifted),
            }
        return answer | ({"DetectionStatusReason": detection.reason} if detection.reason else {})

    def describe_stack_resource_drifts(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResourceDrifts.html"""
        stack, wanted = self._stack(call), set(call.parameters.get("StackResourceDriftStatusFilters", ()))
        found = [(entry, entry.drift) for entry in list(stack.resources.values()) if entry.drift]
        return {
            "StackResourceDrifts": [
                _described(stack, entry, drift) for entry, drift in found if not wanted or drift.status in wanted
            ]
        }

    def _stack(self, call: Call) -> Stack:
        name = str(call.parameters["StackName"])
        stack = self.stacks.find(call.account, call.region, name)
        if stack is None:
            raise missing(name)
        return stack


def _drifted(resource: StackResource) -> bool:
    return resource.drift is not None and resource.drift.status in {"MODIFIED", "DELETED"}


def _ordered(value: Any) -> Any:
    """Lists of names, tags and policies have no order in AWS."""
    if isinstance(value, list):
        return sorted((_ordered(entry) for entry in value), key=lambda entry: json.dumps(entry, sort_keys=True))
    if isinstance(value, dict):
        return {key: _ordered(entry) for key, entry in value.items()}
    return value


def _differences(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> list[Difference]:
    found = []
    for name, value in expected.items():
        if name in actual and _ordered(value) != _ordered(actual[name]):
            kind = "REMOVE" if actual[name] is None else "NOT_EQUAL"
            found.append(Difference(f"/{name}", json.dumps(value), json.dumps(actual[name]), kind))
    return found


def _described(stack: Stack, resource: StackResource, drift: Drift) -> dict[str, Any]:
    return {
        "StackId": stack.id,
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id,
        "ResourceType": resource.type,
        "StackResourceDriftStatus": drift.status,
        "Timestamp": drift.at,
        "PropertyDifferences": [
            {
                "PropertyPath": difference.path,
                "ExpectedValue": difference.expected,
                "ActualValue": difference.actual,
                "DifferenceType": difference.type,
            }
            for difference in drift.differences
        ],
    }
