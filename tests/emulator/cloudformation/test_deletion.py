"""DeleteStack: reverse order, what blocks it, what is kept.

docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
"""

import pytest
from botocore.exceptions import ClientError

from portal.demo.emulator.calls import ServiceError
from tests.emulator.cloudformation.conftest import Console
from tests.emulator.cloudformation.test_creation import two_roles


def bucket(name: str, policy: str = "Delete") -> dict[str, object]:
    return {
        "Resources": {
            "Bucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": policy, "Properties": {"BucketName": name}},
            "Queue": {"Type": "AWS::SQS::Queue"},
        }
    }


def test_a_deleted_stack_is_found_by_id_only(console: Console, name: str) -> None:
    stack_id = console.create(name, two_roles(name))
    console.wait(name)
    console.ask("DeleteStack", StackName=name)
    assert console.stack(name)["StackStatus"] == "DELETE_IN_PROGRESS"
    assert console.wait(stack_id) == "DELETE_COMPLETE"
    with pytest.raises(ServiceError) as refused:
        console.stack(name)
    assert (refused.value.code, refused.value.message) == (
        "ValidationError", f"Stack with id {name} does not exist"
    )  # fmt: skip
    assert console.stack(stack_id)["DeletionTime"] >= console.stack(stack_id)["CreationTime"]
    with pytest.raises(ServiceError, match="does not exist"):
        console.events(name)
    assert console.events(stack_id)[-5:] == [
        ("Role", "DELETE_IN_PROGRESS", ""),
        ("Role", "DELETE_COMPLETE", ""),
        ("Boundary", "DELETE_IN_PROGRESS", ""),
        ("Boundary", "DELETE_COMPLETE", ""),
        (name, "DELETE_COMPLETE", ""),
    ]
    assert console.ask("DeleteStack", StackName=name) == {}
    console.create(name, two_roles(name))
    assert console.wait(name) == "CREATE_COMPLETE"


def test_a_full_bucket_stops_the_deletion_until_it_is_empty(console: Console, name: str) -> None:
    stack_id = console.create(name, bucket(name))
    console.wait(name)
    s3 = console.client("s3")
    s3.put_object(Bucket=name, Key="part", Body=b"x")
    console.ask("DeleteStack", StackName=name)
    assert console.wait(name) == "DELETE_FAILED"
    stack = console.stack(name)
    assert stack["StackStatusReason"] == "The following resource(s) failed to delete: [Bucket]. "
    failed = next(reason for logical, status, reason in console.events(name) if status == "DELETE_FAILED")
    assert "not empty" in failed
    assert "Status Code: 409" in failed
    assert ("Queue", "DELETE_COMPLETE", "") in console.events(name)

    s3.delete_object(Bucket=name, Key="part")
    console.ask("DeleteStack", StackName=name)
    assert console.wait(stack_id) == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="404"):
        s3.head_bucket(Bucket=name)


def test_a_resource_may_be_retained_once_the_deletion_failed(console: Console, name: str) -> None:
    stack_id = console.create(name, bucket(name))
    console.wait(name)
    with pytest.raises(ServiceError, match="RetainResources can only be specified"):
        console.ask("DeleteStack", StackName=name, RetainResources=["Bucket"])
    console.client("s3").put_object(Bucket=name, Key="part", Body=b"x")
    console.ask("DeleteStack", StackName=name)
    console.wait(name)
    console.ask("DeleteStack", StackName=name, RetainResources=["Bucket"])
    assert console.wait(stack_id) == "DELETE_COMPLETE"
    assert ("Bucket", "DELETE_SKIPPED", "") in console.events(stack_id)
    assert console.client("s3").get_object(Bucket=name, Key="part")["Body"].read() == b"x"


def test_a_foreign_thing_in_the_vpc_stops_its_deletion(console: Console, name: str) -> None:
    template = {"Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.251.0.0/16"}}}}
    stack_id = console.create(name, template)
    console.wait(name)
    vpc = console.ask("DescribeStackResource", StackName=name, LogicalResourceId="Vpc")
    vpc_id, ec2 = vpc["StackResourceDetail"]["PhysicalResourceId"], console.client("ec2")
    subnet = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.251.0.0/24")["Subnet"]["SubnetId"]
    console.ask("DeleteStack", StackName=name)
    assert console.wait(name) == "DELETE_FAILED"
    failed = next(reason for logical, status, reason in console.events(name) if status == "DELETE_FAILED")
    assert "has dependencies and cannot be deleted" in failed
    ec2.delete_subnet(SubnetId=subnet)
    console.ask("DeleteStack", StackName=name)
    assert console.wait(stack_id) == "DELETE_COMPLETE"


def test_retain_keeps_the_resource(console: Console, name: str) -> None:
    stack_id = console.create(name, bucket(name, "Retain"))
    console.wait(name)
    console.ask("DeleteStack", StackName=name)
    assert console.wait(stack_id) == "DELETE_COMPLETE"
    assert console.client("s3").head_bucket(Bucket=name)["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_retain_except_on_create_goes_with_a_failed_creation(console: Console, name: str) -> None:
    template = bucket(name, "RetainExceptOnCreate")
    subnet = {"VpcId": "vpc-0123456789abcdef0", "CidrBlock": "10.0.0.0/24"}
    template["Resources"]["Bad"] = {  # type: ignore[index]
        "Type": "AWS::EC2::Subnet", "DependsOn": ["Bucket"], "Properties": subnet,
    }  # fmt: skip
    console.create(name, template)
    assert console.wait(name) == "ROLLBACK_COMPLETE"
    with pytest.raises(ClientError, match="404"):
        console.client("s3").head_bucket(Bucket=name)


def test_protection_refuses_a_deletion(console: Console, name: str) -> None:
    stack_id = console.create(name, bucket(name), EnableTerminationProtection=True)
    console.wait(name)
    with pytest.raises(ServiceError, match="cannot be deleted while TerminationProtection is enabled"):
        console.ask("DeleteStack", StackName=name)
    console.ask("UpdateTerminationProtection", StackName=name, EnableTerminationProtection=False)
    console.ask("DeleteStack", StackName=name)
    assert console.wait(stack_id) == "DELETE_COMPLETE"


def test_a_stack_can_be_deleted_while_it_is_being_created(endpoint: str, name: str) -> None:
    console = Console(endpoint, {"AWS::SQS::Queue": 300.0})
    stack_id = console.create(name, {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}})
    console.wait_for(name, "Queue", "CREATE_IN_PROGRESS")
    console.ask("DeleteStack", StackName=name)
    assert console.wait_for(stack_id, "Queue", "CREATE_FAILED")
    assert console.wait(stack_id) == "DELETE_COMPLETE"
    assert ("Queue", "CREATE_FAILED", "Resource creation cancelled") in console.events(stack_id)
    console.app.close()


def test_a_role_with_a_foreign_policy_on_it_is_not_deleted(console: Console, name: str) -> None:
    console.create(name, two_roles(name))
    console.wait(name)
    iam = console.client("iam")
    iam.put_role_policy(RoleName=f"role-{name}", PolicyName="foreign", PolicyDocument='{"Version":"2012-10-17",'
                        '"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}')  # fmt: skip
    console.ask("DeleteStack", StackName=name)
    assert console.wait(name) == "DELETE_FAILED"
    # What the blocked resource needs stays as well.
    assert iam.get_policy(PolicyArn=f"arn:aws:iam::123456789012:policy/boundary-{name}")["Policy"]
    failed = next(reason for logical, status, reason in console.events(name) if status == "DELETE_FAILED")
    assert "must delete policies first" in failed
