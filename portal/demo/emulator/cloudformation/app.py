"""CloudFormation's operations, as the API names them.

docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from portal.demo.emulator.calls import Answer, Call, NotEmulated
from portal.demo.emulator.clock import Clock
from portal.demo.emulator.cloudformation.changes import Changes
from portal.demo.emulator.cloudformation.drifts import Drifts
from portal.demo.emulator.cloudformation.engine import Engine
from portal.demo.emulator.cloudformation.readings import Readings
from portal.demo.emulator.cloudformation.stacks import Stacks


class CloudFormation:
    """The service. `durations` are seconds by `clock` per resource type, "AWS::CloudFormation::Stack" for the start.

    Every call it makes goes to `endpoint` over HTTP, as the caller.
    """

    def __init__(self, endpoint: str, clock: Clock, durations: Mapping[str, float]) -> None:
        self.stacks = Stacks()
        self.engine = Engine(endpoint, clock, durations, self.stacks)
        changes, readings = Changes(self.stacks, self.engine, clock, endpoint), Readings(self.stacks, endpoint)
        drifts = Drifts(self.stacks, clock, durations, endpoint)
        self._operations: dict[str, Callable[[Call], dict[str, Any]]] = {
            "CreateStack": changes.create_stack,
            "UpdateStack": changes.update_stack,
            "CancelUpdateStack": changes.cancel_update_stack,
            "DeleteStack": changes.delete_stack,
            "UpdateTerminationProtection": changes.update_termination_protection,
            "DetectStackDrift": drifts.detect_stack_drift,
            "DescribeStackDriftDetectionStatus": drifts.describe_stack_drift_detection_status,
            "DescribeStackResourceDrifts": drifts.describe_stack_resource_drifts,
            "DescribeStacks": readings.describe_stacks,
            "DescribeStackEvents": readings.describe_stack_events,
            "DescribeStackResources": readings.describe_stack_resources,
            "DescribeStackResource": readings.describe_stack_resource,
            "ListStackResources": readings.list_stack_resources,
            "ListStacks": readings.list_stacks,
            "ListExports": readings.list_exports,
            "GetTemplate": readings.get_template,
            "GetTemplateSummary": readings.get_template_summary,
            "ValidateTemplate": readings.validate_template,
        }

    def handle(self, call: Call) -> Answer:
        """Answers one authorised call. Raises ServiceError as AWS refuses, NotEmulated for other operations."""
        operation = self._operations.get(call.operation)
        if operation is None:
            raise NotEmulated(f"cloudformation:{call.operation}")
        return Answer(operation(call))

    def close(self) -> None:
        """Ends the background work."""
        self.engine.close()
