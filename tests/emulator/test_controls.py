"""The emulator's own interface, and what a whole process of it does at its ends."""

import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from portal.demo.emulator.clock import Clock
from portal.demo.emulator.control import Control, ControlError
from portal.demo.emulator.services.networks import overlapping
from tests.emulator.conftest import code_of, root_of, trust


def test_what_is_not_a_fault_is_refused_with_a_reason(cloud):
    with pytest.raises(ControlError, match="nonsense"):
        cloud.control.order("nonsense")
    with pytest.raises(ControlError, match="unexpected keyword argument 'acount'"):
        cloud.control.order("throttle", acount="1")
    with pytest.raises(ControlError, match="one account, one region"):
        cloud.control.order("stale", operation="DescribeVpcs")
    assert cloud.control.faults() == []


def test_unknown_settings_and_quotas_are_refused(cloud):
    with pytest.raises(ControlError, match="Unknown settings: nonsense"):
        cloud.control.configure(nonsense=1)
    with pytest.raises(ControlError, match=r"durations\.vpcs"):
        cloud.control.configure(durations={"vpcs": 1})
    with pytest.raises(ControlError, match="Unknown quota"):
        cloud.control.quotas([{"account": "1", "region": "us-east-1", "quota": "vpc/L-NONE", "value": 1}])


def test_nobody_there_is_said_plainly():
    with pytest.raises(ControlError, match="No emulator at"):
        Control("http://127.0.0.1:9", timeout=0.5).health()


def test_the_clock_moves_ahead_only(cloud):
    before = cloud.control.health()["ahead"]
    cloud.control.advance(3600)
    assert cloud.control.health()["ahead"] == before + 3600
    with pytest.raises(ControlError, match="cannot be advanced"):
        cloud.control.advance(-1)
    with pytest.raises(ValueError, match="cannot be advanced"):
        Clock().advance(-1)


def test_a_reset_leaves_nothing(cloud, account):
    iam, ec2, s3 = (cloud.client(service, account) for service in ("iam", "ec2", "s3"))
    iam.create_role(RoleName="gone", AssumeRolePolicyDocument=trust(root_of(account)))
    iam.create_user(UserName="gone")
    key = iam.create_access_key(UserName="gone")["AccessKey"]
    own = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    s3.create_bucket(Bucket=f"gone-{account}")
    cloud.control.order("throttle", account=account)
    cloud.control.reset()
    assert cloud.control.journal() == []
    assert cloud.control.faults() == []
    assert cloud.control.health()["ahead"] == 0
    assert code_of(ec2.describe_vpcs, VpcIds=[own]) == "InvalidVpcID.NotFound"
    assert iam.list_roles()["Roles"] == []
    assert s3.list_buckets()["Buckets"] == []
    assert code_of(cloud.client_with(key, "sts").get_caller_identity) == "InvalidClientTokenId"
    iam.create_user(UserName="new")
    fresh = iam.create_access_key(UserName="new")["AccessKey"]
    assert cloud.client_with(fresh, "sts").get_caller_identity()["Account"] == account
    s3.create_bucket(Bucket=f"gone-{account}")


def test_a_terminated_emulator_ends_soon(tmp_path):
    command = [sys.executable, "-m", "portal.demo.emulator", "--port", "0", "--state", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        endpoint = process.stdout.readline().split()[-1]
        assert Control(endpoint).health()["status"] == "ok"
        began = time.monotonic()
        process.terminate()
        assert process.wait(10) == 0
        assert time.monotonic() - began < 8


def vpc(v4, v6):
    def associations(ipv6=False):
        listed = v6 if ipv6 else v4
        return [{"cidr_block": block, "cidr_block_state": {"state": "associated"}} for block in listed]

    return SimpleNamespace(get_cidr_block_association_set=associations)


def test_blocks_of_either_family_overlap():
    one = vpc(["10.0.0.0/16"], ["2600:1f14::/56"])
    assert list(overlapping(one, vpc(["10.1.0.0/16"], ["2600:1f15::/56"]))) == []
    assert list(overlapping(one, vpc(["10.1.0.0/16", "10.0.4.0/24"], [])))
    assert list(overlapping(one, vpc(["10.1.0.0/16"], ["2600:1f14::/60"])))


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("lambda", "list_functions"),
        ("rds", "describe_db_instances"),
        ("dynamodb", "list_tables"),
        ("cloudwatch", "list_metrics"),
    ],
)
def test_a_service_that_is_not_emulated_says_so_in_every_protocol(cloud, account, service, call):
    assert code_of(getattr(cloud.client(service, account), call)) == "NotEmulated"


def test_a_resource_type_may_have_a_duration_of_its_own(cloud):
    cloud.control.configure(durations={"AWS::EC2::VPC": 2, "stack_AWS::EC2::Subnet": 1})


def test_a_service_with_several_protocols_is_answered_in_the_one_spoken(cloud, account):
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "intent", "Value": "9"}]}]
    own = cloud.client("ec2", account).create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags)["Vpc"]["VpcId"]
    tagging = cloud.client("resourcegroupstaggingapi", account)
    found = tagging.get_resources(TagFilters=[{"Key": "intent", "Values": ["9"]}])["ResourceTagMappingList"]
    assert [entry["ResourceARN"].rsplit("/", 1)[-1] for entry in found] == [own]
