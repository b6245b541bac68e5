"""The emulated AWS is found again after a stop, whatever it was doing."""

import json
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from portal.demo.emulator.control import Control
from portal.demo.keeping import STOPPED, Kept
from portal.demo.lasting import FILE
from tests.demo.ports import free_port
from tests.processes import Process, start, wait_for

ACCOUNT, OTHER, REGION = "222222222222", "333333333333", "us-east-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"}, "Action": "sts:AssumeRole"}],
}
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Kept", "AssumeRolePolicyDocument": TRUST}}
SECOND = {"Type": "AWS::IAM::Role", "DependsOn": "First", "Properties": {"AssumeRolePolicyDocument": TRUST}}


class Lasting:
    """An emulator that can be stopped and started again."""

    def __init__(self, home: Path, durations: dict[str, float]) -> None:
        self.home = home
        self.port = free_port()
        self.processes: list[Process] = []
        (home / "config.json").write_text(json.dumps({"durations": durations}))

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Process:
        command = [sys.executable, "-m", "portal.demo.lasting", "--port", str(self.port)]
        command += ["--state", str(self.home / "state"), "--config", str(self.home / "config.json")]
        process = start(command, self.home / f"log-{len(self.processes)}", {})
        self.processes.append(process)
        Control(self.endpoint).wait_ready(30)
        return process

    def client(self, service: str, account: str = ACCOUNT, **more: str) -> Any:
        keys = {"aws_access_key_id": account, "aws_secret_access_key": "demo"} | more
        return boto3.client(service, region_name=REGION, endpoint_url=self.endpoint, **keys)

    def create(self, **resources: Any) -> str:
        made = self.client("cloudformation").create_stack(
            StackName="kept", TemplateBody=json.dumps({"Resources": resources}), Capabilities=["CAPABILITY_NAMED_IAM"]
        )
        return str(made["StackId"])

    def status(self, stack_id: str) -> str:
        return str(self.client("cloudformation").describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"])

    def settled(self, stack_id: str) -> str:
        def look() -> str:
            status = self.status(stack_id)
            return "" if status.endswith("_IN_PROGRESS") else status

        return wait_for(look, what="the stack is at rest")


@pytest.fixture
def lasting(tmp_path: Path) -> Iterator[Lasting]:
    """Not started yet; quick but for a stack's resources, which take a second."""
    emulator = Lasting(tmp_path, {"vpc": 0, "peering_request": 0, "peering_accept": 0, "stack_resource": 1})
    yield emulator
    for process in emulator.processes:
        process.stop()


def test_resources_of_all_accounts_are_found_again(lasting: Lasting) -> None:
    process = lasting.start()
    ec2 = lasting.client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    s3 = lasting.client("s3", OTHER)
    s3.create_bucket(Bucket="kept-for-later")
    s3.put_object(Bucket="kept-for-later", Key="a/b", Body=b"words")
    process.stop()

    lasting.start()
    assert ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0]["CidrBlock"] == "10.7.0.0/16"
    assert s3.get_object(Bucket="kept-for-later", Key="a/b")["Body"].read() == b"words"
    with pytest.raises(Exception, match="BucketAlreadyExists"):
        lasting.client("s3", ACCOUNT).create_bucket(Bucket="kept-for-later")
    subnet = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.7.1.0/24")["Subnet"]
    assert subnet["VpcId"] == vpc_id


def test_a_cluster_keys_and_queues_are_found_again(lasting: Lasting) -> None:
    process = lasting.start()
    ec2, eks = lasting.client("ec2"), lasting.client("eks")
    vpc_id = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.7.{i}.0/24", AvailabilityZone=f"{REGION}{x}")["Subnet"][
            "SubnetId"
        ]
        for i, x in enumerate("abc")
    ]
    trust = json.dumps(TRUST).replace(f"arn:aws:iam::{OTHER}:root", "eks.amazonaws.com").replace('"AWS"', '"Service"')
    role = lasting.client("iam").create_role(RoleName="cluster", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    eks.create_cluster(name="kept", roleArn=role, resourcesVpcConfig={"subnetIds": subnets})
    key = lasting.client("kms").create_key()["KeyMetadata"]["KeyId"]
    queue = lasting.client("sqs").create_queue(QueueName="kept")["QueueUrl"]
    process.stop()

    lasting.start()
    assert eks.describe_cluster(name="kept")["cluster"]["status"] == "ACTIVE"
    assert lasting.client("kms").describe_key(KeyId=key)["KeyMetadata"]["Enabled"]
    assert lasting.client("sqs").list_queues()["QueueUrls"] == [queue]


def test_a_peering_still_joins_the_two_accounts(lasting: Lasting) -> None:
    process = lasting.start()
    ours, theirs = lasting.client("ec2"), lasting.client("ec2", OTHER)
    left = ours.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    right = theirs.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    made = ours.create_vpc_peering_connection(VpcId=left, PeerVpcId=right, PeerOwnerId=OTHER)
    peering = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    third = theirs.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    ours.create_vpc_peering_connection(VpcId=left, PeerVpcId=third, PeerOwnerId=OTHER)
    process.stop()

    lasting.start()
    theirs.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    for side in (ours, theirs):
        found = side.describe_vpc_peering_connections(VpcPeeringConnectionIds=[peering])["VpcPeeringConnections"]
        assert found[0]["Status"]["Code"] == "active"
    Control(lasting.endpoint).advance(7 * 86400 + 60)
    found = theirs.describe_vpc_peering_connections()["VpcPeeringConnections"]
    assert sorted(one["Status"]["Code"] for one in found) == ["active", "expired"]


def test_a_finished_stack_keeps_its_role_and_can_be_deleted(lasting: Lasting) -> None:
    process = lasting.start()
    stack_id = lasting.create(First=ROLE)
    assert lasting.settled(stack_id) == "CREATE_COMPLETE"
    process.stop()

    lasting.start()
    assert lasting.status(stack_id) == "CREATE_COMPLETE"
    arn = f"arn:aws:iam::{ACCOUNT}:role/Kept"
    taken = lasting.client("sts", OTHER).assume_role(RoleArn=arn, RoleSessionName="again")
    assert ":assumed-role/Kept/again" in taken["AssumedRoleUser"]["Arn"]
    lasting.client("cloudformation").delete_stack(StackName="kept")
    assert lasting.settled(stack_id) == "DELETE_COMPLETE"
    with pytest.raises(Exception, match="NoSuchEntity"):
        lasting.client("iam").get_role(RoleName="Kept")


def test_a_creation_that_was_cut_off_is_rolled_back_and_says_why(lasting: Lasting) -> None:
    process = lasting.start()
    stack_id = lasting.create(First=ROLE, Second=SECOND)
    roles = lasting.client("iam")
    wait_for(
        lambda: [r for r in roles.list_roles()["Roles"] if r["RoleName"] == "Kept"], what="the first role is there"
    )
    assert lasting.status(stack_id) == "CREATE_IN_PROGRESS"
    process.stop()

    lasting.start()
    assert lasting.settled(stack_id) == "ROLLBACK_COMPLETE"
    events = lasting.client("cloudformation").describe_stack_events(StackName=stack_id)["StackEvents"]
    assert any(STOPPED in event.get("ResourceStatusReason", "") for event in events)
    assert [role for role in roles.list_roles()["Roles"] if role["RoleName"] == "Kept"] == []


def test_a_deletion_that_was_cut_off_goes_on(lasting: Lasting) -> None:
    process = lasting.start()
    stack_id = lasting.create(First=ROLE)
    lasting.settled(stack_id)
    lasting.client("cloudformation").delete_stack(StackName="kept")
    assert lasting.status(stack_id) == "DELETE_IN_PROGRESS"
    process.stop()

    lasting.start()
    assert lasting.settled(stack_id) == "DELETE_COMPLETE"


def test_the_clock_stays_where_it_was_moved(lasting: Lasting) -> None:
    process = lasting.start()
    Control(lasting.endpoint).advance(86400)
    process.stop()
    lasting.start()
    assert Control(lasting.endpoint).health()["ahead"] == 86400


@pytest.mark.parametrize(
    "content",
    [b"", b"not a pickle", pickle.dumps(Kept("another edition", 0, {}, {}, {}))],
    ids=["empty", "garbage", "another edition"],
)
def test_a_file_that_does_not_fit_leaves_an_empty_world(lasting: Lasting, content: bytes) -> None:
    (lasting.home / "state").mkdir()
    (lasting.home / "state" / FILE).write_bytes(content)
    lasting.start()
    assert lasting.client("s3").list_buckets()["Buckets"] == []
    assert "starts empty" in lasting.processes[0].output()
