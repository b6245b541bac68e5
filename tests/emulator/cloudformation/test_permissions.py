"""Behind the whole emulator: IAM decides on every resource a stack makes, as the one who asked for the stack.

docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html
"""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from portal.demo.emulator.server import build
from portal.demo.emulator.world import World

CUSTOMER, VENDOR, REGION = "222222222222", "111111111111", "us-east-1"
QUICK = {"nat_gateway": 0.5, "cluster": 0.5, "nodegroup": 0.5, "addon": 0.5, "cluster_delete": 0.5,
         "nodegroup_delete": 0.5, "addon_delete": 0.2, "stack_resource": 0.05}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    state: Path = tmp_path_factory.mktemp("emulator")
    made = World("http://127.0.0.1:0", state, {"durations": QUICK})
    server = build(made, 0)
    made.endpoint = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join(5)
    server.server_close()


def client(world: World, service: str, credentials: dict[str, str] | None = None, account: str = CUSTOMER) -> Any:
    keys = credentials or {"AccessKeyId": account, "SecretAccessKey": "test"}
    return boto3.client(
        service, region_name=REGION, endpoint_url=world.endpoint, aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys.get("SessionToken"),
    )  # fmt: skip


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def session(world: World, *statements: dict[str, Any]) -> dict[str, str]:
    """A session of a fresh role in the customer's account that may do just this, assumed by the vendor."""
    iam, name = client(world, "iam"), f"role-{uuid.uuid4().hex[:8]}"
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{VENDOR}:root"}, "Action": "sts:AssumeRole"}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=document(*statements))
    sts = client(world, "sts", account=VENDOR)
    return dict(sts.assume_role(RoleArn=arn, RoleSessionName="launch")["Credentials"])


def wait(cloudformation: Any, name: str, seconds: float = 60) -> str:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        status = str(cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])
        if not status.endswith("IN_PROGRESS"):
            return status
        time.sleep(0.1)
    raise AssertionError(f"{name} is still {status}: {reasons(cloudformation, name)}")


def reasons(cloudformation: Any, name: str) -> dict[str, str]:
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    return {
        event["LogicalResourceId"]: event["ResourceStatusReason"]
        for event in events
        if event["ResourceStatus"].endswith("_FAILED")
    }


STACKS = {"Effect": "Allow", "Action": "cloudformation:*", "Resource": "*"}
VPC = {"Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}}}


def test_a_caller_without_the_resource_permission_gets_a_rollback(world: World, name: str) -> None:
    cloudformation = client(world, "cloudformation", session(world, STACKS))
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(VPC))
    assert wait(cloudformation, name) == "ROLLBACK_COMPLETE"
    reason = reasons(cloudformation, name)["Vpc"]
    assert "is not authorized to perform" in reason
    assert "ec2:CreateVpc" in reason
    assert "HandlerErrorCode: AccessDenied" in reason


def test_a_permission_for_calls_through_cloudformation_only_is_enough(world: World, name: str) -> None:
    through = {
        "Effect": "Allow", "Action": "ec2:*", "Resource": "*",
        "Condition": {"ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}},
    }  # fmt: skip
    keys = session(world, STACKS, through)
    cloudformation = client(world, "cloudformation", keys)
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(VPC))
    assert wait(cloudformation, name) == "CREATE_COMPLETE", reasons(cloudformation, name)
    ec2 = client(world, "ec2", keys)
    with pytest.raises(ec2.exceptions.ClientError, match="UnauthorizedOperation"):
        ec2.create_vpc(CidrBlock="10.1.0.0/16")


def launch(name: str, vpc: str, subnets: list[str]) -> dict[str, Any]:
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": ["eks.amazonaws.com", "ec2.amazonaws.com"]},
         "Action": "sts:AssumeRole"},
        {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"},
         "Action": ["sts:AssumeRole", "sts:TagSession"]}]}  # fmt: skip
    arn, cluster = {"Fn::GetAtt": ["Role", "Arn"]}, {"Ref": "Cluster"}
    return {
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
            "Cluster": {
                "Type": "AWS::EKS::Cluster",
                "Properties": {
                    "Name": name, "RoleArn": arn, "ResourcesVpcConfig": {"SubnetIds": subnets},
                    "AccessConfig": {"AuthenticationMode": "API"},
                },
            },
            "Nodes": {
                "Type": "AWS::EKS::Nodegroup",
                "Properties": {
                    "ClusterName": cluster, "NodegroupName": "system", "NodeRole": arn, "Subnets": subnets,
                    "ScalingConfig": {"MinSize": 1, "DesiredSize": 1, "MaxSize": 2},
                },
            },
            "Proxy": {
                "Type": "AWS::EKS::Addon", "DependsOn": "Nodes",
                "Properties": {"ClusterName": cluster, "AddonName": "kube-proxy"},
            },
            "Entry": {
                "Type": "AWS::EKS::AccessEntry",
                "Properties": {
                    "ClusterName": cluster, "PrincipalArn": f"arn:aws:iam::{CUSTOMER}:role/Somebody",
                    "AccessPolicies": [
                        {"PolicyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                         "AccessScope": {"Type": "cluster"}}
                    ],
                },
            },
            "Pods": {
                "Type": "AWS::EKS::PodIdentityAssociation",
                "Properties": {
                    "ClusterName": cluster, "Namespace": "ch", "ServiceAccount": "server", "RoleArn": arn,
                },
            },
            "Provider": {
                "Type": "AWS::IAM::OIDCProvider",
                "Properties": {
                    "Url": {"Fn::GetAtt": ["Cluster", "OpenIdConnectIssuerUrl"]},
                    "ClientIdList": ["sts.amazonaws.com"],
                },
            },
        },
        "Outputs": {
            "Addon": {"Value": {"Ref": "Proxy"}},
            "Entry": {"Value": {"Ref": "Entry"}},
            "Pods": {"Value": {"Fn::GetAtt": ["Pods", "AssociationId"]}},
            "Endpoint": {"Value": {"Fn::GetAtt": ["Cluster", "Endpoint"]}},
        },
    }  # fmt: skip


def test_a_whole_cluster_stands_and_goes(world: World, name: str) -> None:
    ec2, cloudformation = client(world, "ec2"), client(world, "cloudformation")
    vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.30.{i}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]
        for i, zone in enumerate("abd")
    ]
    template = launch(name, vpc, [subnet["SubnetId"] for subnet in subnets])
    stack_id = cloudformation.create_stack(
        StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
    )["StackId"]
    assert wait(cloudformation, name) == "CREATE_COMPLETE", reasons(cloudformation, name)
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    assert outputs["Addon"] == f"{name}|kube-proxy"
    assert outputs["Entry"] == f"arn:aws:iam::{CUSTOMER}:role/Somebody|{name}"
    assert outputs["Pods"].startswith("a-")
    assert outputs["Endpoint"].startswith("https://")
    eks = client(world, "eks")
    assert eks.describe_addon(clusterName=name, addonName="kube-proxy")["addon"]["status"] == "ACTIVE"
    cloudformation.delete_stack(StackName=name)
    assert wait(cloudformation, stack_id) == "DELETE_COMPLETE", reasons(cloudformation, stack_id)
    assert name not in eks.list_clusters()["clusters"]


def test_boto3_s_own_waiters_and_pages_work(world: World, name: str) -> None:
    cloudformation = client(world, "cloudformation")
    template = {"Resources": {f"Q{number:02}": {"Type": "AWS::SQS::Queue"} for number in range(40)}}
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template), OnFailure="DELETE")
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=name)
    assert sum(len(page["StackEvents"]) for page in pages) == 2 + 3 * 40
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
