"""CreateStack: states, events, outputs."""

import json
from typing import Any

from tests.emulator.cloudformation.conftest import ACCOUNT, Console

TRUST: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": {"Ref": "AWS::AccountId"}}, "Action": "sts:AssumeRole"},
    ],
}


def two_roles(name: str) -> dict[str, Any]:
    return {
        "Parameters": {"Sfx": {"Type": "String", "Default": name}},
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": {"Fn::Sub": "role-${Sfx}"},
                    "AssumeRolePolicyDocument": TRUST,
                    "PermissionsBoundary": {"Ref": "Boundary"},
                },
            },
            "Boundary": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {
                    "ManagedPolicyName": {"Fn::Sub": "boundary-${Sfx}"},
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}],
                    },
                },
            },
        },
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}, "Who": {"Value": {"Ref": "AWS::AccountId"}}},
    }


def test_a_stack_is_in_progress_first_and_complete_later(console: Console, name: str) -> None:
    stack_id = console.create(name, two_roles(name))
    assert stack_id.startswith(f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/{name}/")
    assert console.stack(name)["StackStatus"] == "CREATE_IN_PROGRESS"
    assert console.wait(name) == "CREATE_COMPLETE"
    assert console.outputs(name) == {"Arn": f"arn:aws:iam::{ACCOUNT}:role/role-{name}", "Who": ACCOUNT}
    role = console.client("iam").get_role(RoleName=f"role-{name}")["Role"]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == f"arn:aws:iam::{ACCOUNT}:policy/boundary-{name}"
    assert json.loads(json.dumps(role["AssumeRolePolicyDocument"]))["Statement"][0]["Principal"] == {"AWS": ACCOUNT}


def test_a_resource_begins_only_after_what_it_refers_to_is_complete(console: Console, name: str) -> None:
    console.create(name, two_roles(name))
    console.wait(name)
    assert console.events(name) == [
        (name, "CREATE_IN_PROGRESS", "User Initiated"),
        ("Boundary", "CREATE_IN_PROGRESS", ""),
        ("Boundary", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("Boundary", "CREATE_COMPLETE", ""),
        ("Role", "CREATE_IN_PROGRESS", ""),
        ("Role", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("Role", "CREATE_COMPLETE", ""),
        (name, "CREATE_COMPLETE", ""),
    ]


def test_a_service_role_makes_the_resources(console: Console, name: str) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = console.client("iam").create_role(RoleName=f"service-{name}", AssumeRolePolicyDocument=document)["Role"][
        "Arn"
    ]
    console.create(name, {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}, RoleARN=arn)
    assert console.wait(name) == "CREATE_COMPLETE", console.events(name)
    assert console.stack(name)["RoleARN"] == arn
