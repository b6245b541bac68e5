"""Drift: what somebody changed by hand is found, what nobody changed is in sync.

docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

import json
import time
from typing import Any

import pytest

from portal.demo.emulator.calls import ServiceError
from tests.emulator.cloudformation.conftest import Console
from tests.emulator.cloudformation.test_creation import two_roles


def template(name: str) -> dict[str, Any]:
    made = two_roles(name)
    properties = {"CidrBlock": "10.245.0.0/16", "EnableDnsHostnames": True, "Tags": [{"Key": "a", "Value": "b"}]}
    made["Resources"]["Vpc"] = {"Type": "AWS::EC2::VPC", "Properties": properties}
    made["Resources"]["Queue"] = {"Type": "AWS::SQS::Queue"}
    return made


def detect(console: Console, name: str) -> dict[str, Any]:
    detection = console.ask("DetectStackDrift", StackName=name)
    for _ in range(200):
        status = console.ask("DescribeStackDriftDetectionStatus", **detection)
        if status["DetectionStatus"] != "DETECTION_IN_PROGRESS":
            return status
        time.sleep(0.05)
    raise AssertionError(status)


def statuses(console: Console, name: str) -> dict[str, str]:
    drifts = console.ask("DescribeStackResourceDrifts", StackName=name)["StackResourceDrifts"]
    return {drift["LogicalResourceId"]: drift["StackResourceDriftStatus"] for drift in drifts}


def test_a_fresh_stack_is_in_sync(console: Console, name: str) -> None:
    console.create(name, template(name))
    with pytest.raises(ServiceError, match="in CREATE_IN_PROGRESS state"):
        console.ask("DetectStackDrift", StackName=name)
    assert console.wait(name) == "CREATE_COMPLETE"
    assert console.stack(name)["DriftInformation"] == {"StackDriftStatus": "NOT_CHECKED"}
    status = detect(console, name)
    assert (status["StackDriftStatus"], status["DriftedStackResourceCount"]) == ("IN_SYNC", 0)
    assert statuses(console, name) == {
        "Role": "IN_SYNC", "Boundary": "IN_SYNC", "Vpc": "IN_SYNC", "Queue": "NOT_CHECKED",
    }  # fmt: skip
    assert console.stack(name)["DriftInformation"]["StackDriftStatus"] == "IN_SYNC"


def test_changes_by_hand_are_found(console: Console, name: str) -> None:
    console.create(name, template(name))
    assert console.wait(name) == "CREATE_COMPLETE"
    iam, ec2 = console.client("iam"), console.client("ec2")
    stranger = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999999999999:root"}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [stranger]}
    iam.update_assume_role_policy(RoleName=f"role-{name}", PolicyDocument=json.dumps(trust))
    iam.delete_role_permissions_boundary(RoleName=f"role-{name}")
    vpc = console.ask("DescribeStackResource", StackName=name, LogicalResourceId="Vpc")["StackResourceDetail"]
    ec2.delete_vpc(VpcId=vpc["PhysicalResourceId"])
    status = detect(console, name)
    assert (status["StackDriftStatus"], status["DriftedStackResourceCount"]) == ("DRIFTED", 2)
    assert statuses(console, name) == {
        "Role": "MODIFIED", "Boundary": "IN_SYNC", "Vpc": "DELETED", "Queue": "NOT_CHECKED",
    }  # fmt: skip
    modified = console.ask("DescribeStackResourceDrifts", StackName=name, StackResourceDriftStatusFilters=["MODIFIED"])[
        "StackResourceDrifts"
    ]
    found = {entry["PropertyPath"]: entry["DifferenceType"] for entry in modified[0]["PropertyDifferences"]}
    assert found == {"/AssumeRolePolicyDocument": "NOT_EQUAL", "/PermissionsBoundary": "REMOVE"}
