"""What a failure leaves: rolled back, kept for a look, or deleted.

docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from portal.demo.emulator.calls import ServiceError
from tests.emulator.cloudformation.conftest import Console
from tests.emulator.cloudformation.test_creation import TRUST


def broken(name: str) -> dict[str, Any]:
    """A role, then a subnet in a VPC that is not there."""
    return {
        "Resources": {
            "Good": {
                "Type": "AWS::IAM::Role",
                "Properties": {"RoleName": f"good-{name}", "AssumeRolePolicyDocument": TRUST},
            },
            "Bad": {
                "Type": "AWS::EC2::Subnet",
                "DependsOn": "Good",
                "Properties": {"VpcId": "vpc-0123456789abcdef0", "CidrBlock": "10.0.0.0/24"},
            },
        }
    }


def test_a_failure_rolls_back_and_says_why(console: Console, name: str) -> None:
    console.create(name, broken(name))
    assert console.wait(name) == "ROLLBACK_COMPLETE"
    events = console.events(name)
    reason = next(reason for logical, status, reason in events if status == "CREATE_FAILED")
    assert re.fullmatch(
        r'Resource handler returned message: "[^"]*vpc-0123456789abcdef0[^"]* does not exist\.? '
        r'\(Service: Ec2, Status Code: 400, Request ID: [^)]+\)" '
        r"\(RequestToken: [0-9a-f-]{36}, HandlerErrorCode: NotFound\)",
        reason,
    ), reason
    assert events[-5:] == [
        (name, "ROLLBACK_IN_PROGRESS",
         "The following resource(s) failed to create: [Bad]. Rollback requested by user."),
        ("Bad", "DELETE_COMPLETE", ""),
        ("Good", "DELETE_IN_PROGRESS", ""),
        ("Good", "DELETE_COMPLETE", ""),
        (name, "ROLLBACK_COMPLETE", ""),
    ]  # fmt: skip
    with pytest.raises(ClientError, match="NoSuchEntity"):
        console.client("iam").get_role(RoleName=f"good-{name}")


def test_do_nothing_keeps_what_stands(console: Console, name: str) -> None:
    console.create(name, broken(name), OnFailure="DO_NOTHING")
    assert console.wait(name) == "CREATE_FAILED"
    assert console.client("iam").get_role(RoleName=f"good-{name}")["Role"]["RoleName"] == f"good-{name}"
    assert console.stack(name)["DisableRollback"] is True


def test_delete_on_failure_leaves_no_stack_of_that_name(console: Console, name: str) -> None:
    stack_id = console.create(name, broken(name), OnFailure="DELETE")
    assert console.wait(stack_id) == "DELETE_COMPLETE"
    with pytest.raises(ServiceError, match=f"Stack with id {name} does not exist"):
        console.stack(name)


def test_a_role_that_was_there_before_survives_the_rollback(console: Console, name: str) -> None:
    iam = console.client("iam")
    iam.create_role(RoleName=f"good-{name}", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}')
    console.create(name, broken(name))
    assert console.wait(name) == "ROLLBACK_COMPLETE"
    failed = [event for event in console.events(name) if event[1] == "CREATE_FAILED"]
    assert [event[0] for event in failed] == ["Good"]
    assert "already exists" in failed[0][2]
    assert "HandlerErrorCode: AlreadyExists" in failed[0][2]
    assert iam.get_role(RoleName=f"good-{name}")["Role"]["RoleName"] == f"good-{name}"


def test_a_rolled_back_stack_must_be_deleted_before_its_name_is_free(console: Console, name: str) -> None:
    console.create(name, broken(name))
    console.wait(name)
    with pytest.raises(ServiceError) as refused:
        console.create(name, broken(name))
    assert refused.value.code == "AlreadyExistsException"
    with pytest.raises(ServiceError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        console.ask("UpdateStack", StackName=name, UsePreviousTemplate=True, Capabilities=["CAPABILITY_NAMED_IAM"])
    console.ask("DeleteStack", StackName=name)
    with pytest.raises(ServiceError, match="does not exist"):
        console.wait(name)
    again = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    console.create(name, again)
    assert console.wait(name) == "CREATE_COMPLETE"


def test_what_is_in_flight_is_cancelled(endpoint: str, name: str) -> None:
    console = Console(endpoint, {"AWS::SQS::Queue": 60.0})
    template = broken(name)
    template["Resources"]["Slow"] = {"Type": "AWS::SQS::Queue"}
    console.create(name, template)
    assert console.wait_for(name, "Slow", "DELETE_IN_PROGRESS")
    assert ("Slow", "CREATE_FAILED", "Resource creation cancelled") in console.events(name)
    console.app.close()
