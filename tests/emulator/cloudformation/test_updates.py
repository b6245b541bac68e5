"""UpdateStack: in place, replaced, added, removed, and back again.

docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

import copy
import json
from typing import Any

import pytest

from portal.demo.emulator.calls import ServiceError
from tests.emulator.cloudformation.conftest import Console
from tests.emulator.cloudformation.test_creation import two_roles


def update(console: Console, name: str, template: dict[str, Any], **parameters: Any) -> str:
    console.ask("UpdateStack", StackName=name, TemplateBody=json.dumps(template),
                Capabilities=["CAPABILITY_NAMED_IAM"], **parameters)  # fmt: skip
    assert console.stack(name)["StackStatus"] == "UPDATE_IN_PROGRESS"
    return console.wait(name)


def test_a_policy_changes_in_place(console: Console, name: str) -> None:
    template = two_roles(name)
    console.create(name, template)
    console.wait(name)
    changed = copy.deepcopy(template)
    statement = changed["Resources"]["Boundary"]["Properties"]["PolicyDocument"]["Statement"][0]
    statement["Action"] = "s3:*"
    changed["Resources"]["Role"]["Properties"]["Description"] = "second"
    assert update(console, name, changed) == "UPDATE_COMPLETE", console.events(name)
    iam, arn = console.client("iam"), f"arn:aws:iam::123456789012:policy/boundary-{name}"
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    assert document["Statement"][0]["Action"] == "s3:*"
    assert iam.get_role(RoleName=f"role-{name}")["Role"]["Description"] == "second"
    statuses = [(event[0], event[1]) for event in console.events(name)]
    assert statuses[-6:] == [
        ("Boundary", "UPDATE_IN_PROGRESS"),
        ("Boundary", "UPDATE_COMPLETE"),
        ("Role", "UPDATE_IN_PROGRESS"),
        ("Role", "UPDATE_COMPLETE"),
        (name, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        (name, "UPDATE_COMPLETE"),
    ]


def test_nothing_new_is_no_update(console: Console, name: str) -> None:
    console.create(name, two_roles(name))
    console.wait(name)
    with pytest.raises(ServiceError) as refused:
        update(console, name, {**two_roles(name), "Description": "a description alone is no change"})
    assert (refused.value.code, refused.value.message) == ("ValidationError", "No updates are to be performed.")
    with pytest.raises(ServiceError, match="No updates are to be performed"):
        console.ask("UpdateStack", StackName=name, UsePreviousTemplate=True, Capabilities=["CAPABILITY_NAMED_IAM"],
                    Parameters=[{"ParameterKey": "Sfx", "UsePreviousValue": True}])  # fmt: skip


def vpcs(cidr: str, *, more: bool = False) -> dict[str, Any]:
    resources: dict[str, Any] = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": cidr}},
        "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
    }
    if more:
        resources["Queue"] = {"Type": "AWS::SQS::Queue"}
    return {"Resources": resources, "Outputs": {"Vpc": {"Value": {"Ref": "Vpc"}}}}


def test_a_create_only_property_replaces_and_takes_its_dependents_along(console: Console, name: str) -> None:
    console.create(name, vpcs("10.240.0.0/16", more=True))
    console.wait(name)
    before = console.outputs(name)["Vpc"]
    assert update(console, name, vpcs("10.241.0.0/16")) == "UPDATE_COMPLETE", console.events(name)
    after = console.outputs(name)["Vpc"]
    assert after != before
    ec2 = console.client("ec2")
    standing = {vpc["VpcId"]: vpc["CidrBlock"] for vpc in ec2.describe_vpcs()["Vpcs"]}
    assert standing[after] == "10.241.0.0/16"
    assert before not in standing
    resources = console.ask("DescribeStackResources", StackName=name)["StackResources"]
    assert {entry["LogicalResourceId"] for entry in resources} == {"Vpc", "Table"}
    reasons = [reason for _, _, reason in console.events(name)]
    assert "Requested update requires the creation of a new physical resource; hence creating one." in reasons


def test_a_failed_update_goes_back(console: Console, name: str) -> None:
    template = two_roles(name)
    console.create(name, template)
    console.wait(name)
    changed = copy.deepcopy(template)
    changed["Resources"]["Role"]["Properties"]["Description"] = "second"
    changed["Resources"]["Extra"] = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": f"extra-{name}"}}
    changed["Resources"]["Bad"] = {
        "Type": "AWS::EC2::Subnet",
        "DependsOn": ["Role", "Extra"],
        "Properties": {"VpcId": "vpc-0123456789abcdef0", "CidrBlock": "10.0.0.0/24"},
    }
    assert update(console, name, changed) == "UPDATE_ROLLBACK_COMPLETE"
    role = console.client("iam").get_role(RoleName=f"role-{name}")["Role"]
    assert not role.get("Description")
    assert not console.client("sqs").list_queues(QueueNamePrefix=f"extra-{name}").get("QueueUrls")
    turned = [event for event in console.events(name) if event[0] == name]
    assert [event[1] for event in turned][-4:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
    assert turned[-3][2] == "The following resource(s) failed to create: [Bad]. "
    resources = console.ask("DescribeStackResources", StackName=name)["StackResources"]
    assert {entry["LogicalResourceId"] for entry in resources} == {"Role", "Boundary"}
    changed["Resources"].pop("Bad")
    assert update(console, name, changed) == "UPDATE_COMPLETE"


def test_a_custom_name_cannot_be_replaced(console: Console, name: str) -> None:
    template = two_roles(name)
    console.create(name, template)
    console.wait(name)
    changed = copy.deepcopy(template)
    changed["Resources"]["Role"]["Properties"]["Path"] = "/clickhouse-byoc/"
    assert update(console, name, changed) == "UPDATE_ROLLBACK_COMPLETE"
    reasons = [reason for logical, status, reason in console.events(name) if status == "UPDATE_FAILED"]
    (reason,) = reasons
    assert reason == (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        f"Rename role-{name} and update the stack again."
    )


def test_new_tags_reach_the_resources(console: Console, name: str) -> None:
    template = vpcs("10.242.0.0/16")
    console.create(name, template, Tags=[{"Key": "clickhouse-byoc", "Value": "true"}])
    console.wait(name)
    tags = [{"Key": "clickhouse-byoc", "Value": "true"}, {"Key": "owner", "Value": "data"}]
    assert update(console, name, template, Tags=tags) == "UPDATE_COMPLETE"
    vpc = console.client("ec2").describe_vpcs(VpcIds=[console.outputs(name)["Vpc"]])["Vpcs"][0]
    assert sorted(vpc["Tags"], key=lambda tag: str(tag["Key"])) == tags


def test_an_update_can_be_cancelled(endpoint: str, name: str) -> None:
    console = Console(endpoint, {"AWS::KMS::Key": 600.0})
    console.create(name, vpcs("10.243.0.0/16"))
    assert console.wait(name) == "CREATE_COMPLETE"
    with pytest.raises(ServiceError, match="cannot be called from current stack status"):
        console.ask("CancelUpdateStack", StackName=name)
    slow = vpcs("10.243.0.0/16", more=True)
    slow["Resources"]["Key"] = {"Type": "AWS::KMS::Key"}
    console.ask("UpdateStack", StackName=name, TemplateBody=json.dumps(slow))
    console.wait_until_made(name, "Key")
    with pytest.raises(ServiceError, match="cannot be deleted while in status UPDATE_IN_PROGRESS"):
        console.ask("DeleteStack", StackName=name)
    console.ask("CancelUpdateStack", StackName=name)
    assert console.wait(name) == "UPDATE_ROLLBACK_COMPLETE"
    assert ("Key", "CREATE_FAILED", "Resource creation cancelled") in console.events(name)
    resources = console.ask("DescribeStackResources", StackName=name)["StackResources"]
    assert {entry["LogicalResourceId"] for entry in resources} == {"Vpc", "Table"}
    console.app.close()
