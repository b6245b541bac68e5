"""The operations that only look."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.demo.emulator.calls import Call
from portal.demo.emulator.cloudformation import plans, templates
from portal.demo.emulator.cloudformation.activities import described
from portal.demo.emulator.cloudformation.changes import missing
from portal.demo.emulator.cloudformation.intrinsics import text_of
from portal.demo.emulator.cloudformation.parameters import MASK
from portal.demo.emulator.cloudformation.stacks import Output, Plan, Stack, StackResource, Stacks
from portal.demo.emulator.cloudformation.templates import Template, invalid

PAGE = 100


def paged(entries: Sequence[Any], token: str | None, key: str, size: int = PAGE) -> dict[str, Any]:
    """One page under `key`, with NextToken when there is more. Raises ValidationError for a token not made here."""
    start = 0
    if token:
        try:
            start = int(base64.b64decode(token, validate=True).decode().removeprefix("from:"))
        except ValueError as error:
            raise invalid("The specified NextToken is invalid.") from error
    answer: dict[str, Any] = {key: list(entries[start : start + size])}
    if start + size < len(entries):
        answer["NextToken"] = base64.b64encode(f"from:{start + size}".encode()).decode()
    return answer


@dataclass(frozen=True)
class Readings:
    """Describe, list, get, validate."""

    stacks: Stacks
    endpoint: str

    def describe_stacks(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html"""
        if call.parameters.get("StackName"):
            return {"Stacks": [_stack(self._find(call))]}
        living = [s for s in self.stacks.all(call.account, call.region) if s.status != "DELETE_COMPLETE"]
        return paged([_stack(stack) for stack in living], call.parameters.get("NextToken"), "Stacks")

    def describe_stack_events(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html"""
        stack = self._find(call)
        with stack.lock:
            newest_first = [event.described() for event in reversed(stack.events)]
        return paged(newest_first, call.parameters.get("NextToken"), "StackEvents")

    def describe_stack_resources(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html"""
        given = call.parameters
        if given.get("StackName"):
            stack = self._find(call)
        else:
            stack = self._owner(call, str(given.get("PhysicalResourceId", "")))
        wanted = given.get("LogicalResourceId")
        return {
            "StackResources": [
                described(resource, stack)
                for resource in list(stack.resources.values())
                if wanted in {None, resource.logical_id}
            ]
        }

    def _owner(self, call: Call, physical_id: str) -> Stack:
        for stack in self.stacks.all(call.account, call.region):
            if any(resource.physical_id == physical_id for resource in list(stack.resources.values())):
                return stack
        raise invalid(f"Stack for {physical_id} does not exist")

    def describe_stack_resource(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html"""
        stack, logical_id = self._find(call), call.parameters["LogicalResourceId"]
        resource = stack.resources.get(logical_id)
        if resource is None:
            raise invalid(f"Resource {logical_id} does not exist for stack {stack.name}")
        detail = described(resource, stack)
        detail["LastUpdatedTimestamp"] = detail.pop("Timestamp")
        return {"StackResourceDetail": detail}

    def list_stack_resources(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html"""
        stack = self._find(call)
        entries = [_resource_summary(resource, stack) for resource in list(stack.resources.values())]
        return paged(entries, call.parameters.get("NextToken"), "StackResourceSummaries")

    def list_stacks(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html"""
        wanted = set(call.parameters.get("StackStatusFilter", ()))
        found = [s for s in self.stacks.all(call.account, call.region) if not wanted or s.status in wanted]
        return paged([_summary(stack) for stack in found], call.parameters.get("NextToken"), "StackSummaries")

    def list_exports(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListExports.html"""
        found = [
            {"ExportingStackId": stack.id, "Name": output.export, "Value": output.value}
            for stack, output in self.stacks.exports(call.account, call.region)
        ]
        return paged(found, call.parameters.get("NextToken"), "Exports")

    def get_template(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html"""
        return {"TemplateBody": self._find(call).plan.template.body, "StagesAvailable": ["Original", "Processed"]}

    def get_template_summary(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplateSummary.html"""
        if call.parameters.get("StackName"):
            template = self._find(call).plan.template
        else:
            template = plans.required_template(call, self.endpoint)
        types = sorted({resource.type for resource in template.resources.values()})
        return {
            "Parameters": [_declaration(key, entry) for key, entry in template.parameters.items()],
            "Description": template.description,
            "ResourceTypes": types,
            "Version": template.version,
            **({"Metadata": json.dumps(template.metadata)} if template.metadata else {}),
            **_capabilities(template),
        }

    def validate_template(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ValidateTemplate.html"""
        text = plans.template_text(call, self.endpoint)
        if text is None:
            raise invalid("Either Template URL or Template Body must be specified.")
        template = templates.parse(text)
        plans.require_types(template)
        keys = ("ParameterKey", "DefaultValue", "NoEcho", "Description")
        declared = [_declaration(key, entry) for key, entry in template.parameters.items()]
        return {
            "Parameters": [{key: entry[key] for key in keys if key in entry} for entry in declared],
            "Description": template.description,
            **_capabilities(template),
        }

    def _find(self, call: Call) -> Stack:
        name = str(call.parameters.get("StackName", ""))
        stack = self.stacks.find(call.account, call.region, name)
        if stack is None:
            raise missing(name)
        return stack


def _capabilities(template: Template) -> dict[str, Any]:
    types, capability = plans.iam_resources(template)
    if capability is None:
        return {}
    reason = f"The following resource(s) require capabilities: [{', '.join(types)}]"
    return {"Capabilities": [capability], "CapabilitiesReason": reason}


def _declaration(key: str, entry: Any) -> dict[str, Any]:
    no_echo = str(entry.get("NoEcho", "false")).lower() == "true"
    answer: dict[str, Any] = {"ParameterKey": key, "ParameterType": entry.get("Type", "String"), "NoEcho": no_echo}
    if "Default" in entry:
        answer["DefaultValue"] = MASK if no_echo else text_of(entry["Default"])
    if "Description" in entry:
        answer["Description"] = entry["Description"]
    values = [text_of(value) for value in entry.get("AllowedValues", [])]
    answer["ParameterConstraints"] = {"AllowedValues": values} if values else {}
    return answer


def _output(output: Output) -> dict[str, Any]:
    answer = {"OutputKey": output.key, "OutputValue": output.value}
    if output.description:
        answer["Description"] = output.description
    if output.export:
        answer["ExportName"] = output.export
    return answer


def _stack(stack: Stack) -> dict[str, Any]:
    with stack.lock:
        answer = _asked(stack.plan) | {
            "StackId": stack.id,
            "StackName": stack.name,
            "CreationTime": stack.created_at,
            "LastUpdatedTime": stack.updated_at,
            "DeletionTime": stack.deleted_at,
            "StackStatus": stack.status,
            "StackStatusReason": stack.reason,
            "Outputs": [_output(output) for output in stack.outputs.values()],
            "EnableTerminationProtection": stack.protected,
            "DriftInformation": {
                "StackDriftStatus": stack.drift_status,
                **({"LastCheckTimestamp": stack.drift_at} if stack.drift_at else {}),
            },
        }
    return {key: value for key, value in answer.items() if value not in (None, "")}


def _asked(plan: Plan) -> dict[str, Any]:
    """What the last request said, as a describe shows it."""
    return {
        "Description": plan.template.description,
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": parameter.shown} for key, parameter in plan.parameters.items()
        ],
        "DisableRollback": plan.on_failure == "DO_NOTHING",
        "NotificationARNs": list(plan.notification_arns),
        "TimeoutInMinutes": plan.timeout_minutes,
        "Capabilities": list(plan.capabilities),
        "RoleARN": plan.role_arn,
        "Tags": [{"Key": key, "Value": value} for key, value in plan.tags.items()],
    }


def _summary(stack: Stack) -> dict[str, Any]:
    whole = _stack(stack)
    keys = (
        "StackId", "StackName", "CreationTime", "LastUpdatedTime", "DeletionTime", "StackStatus", "StackStatusReason",
        "DriftInformation",
    )  # fmt: skip
    answer = {key: whole[key] for key in keys if key in whole}
    if "Description" in whole:
        answer["TemplateDescription"] = whole["Description"]
    return answer


def _resource_summary(resource: StackResource, stack: Stack) -> dict[str, Any]:
    answer = described(resource, stack)
    answer["LastUpdatedTimestamp"] = answer.pop("Timestamp")
    return {key: value for key, value in answer.items() if key not in {"StackName", "StackId"}}
