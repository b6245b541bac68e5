"""Faults, holds and the journal, and what botocore does by itself when a reply is lost."""

import threading

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from tests.emulator.conftest import code_of, until


def calls(cloud, account, operation, since):
    return cloud.control.journal(since, account=account, operation=operation)


@pytest.fixture
def since(cloud):
    return len(cloud.control.journal())


@pytest.fixture
def peers(cloud, account):
    ec2 = cloud.client("ec2", account)
    one = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    two = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    return {"VpcId": one, "PeerVpcId": two}


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_botocore_resends_a_create_when_the_reply_is_lost(cloud, account, peers, since, mode):
    """No token protects this call: each resend would be a second effect, did AWS not know the pair."""
    cloud.control.order("cut-after", account=account, operation="CreateVpcPeeringConnection", times=10)
    ec2 = cloud.client("ec2", account, retries={"mode": mode, "total_max_attempts": 3})
    with pytest.raises(ConnectionClosedError):
        ec2.create_vpc_peering_connection(**peers)
    sent = calls(cloud, account, "CreateVpcPeeringConnection", since)
    assert [(entry["outcome"], entry["delivered"]) for entry in sent] == [("ok", False)] * 3


def test_botocore_resends_by_default_too(cloud, account, peers, since):
    cloud.control.order("cut-after", account=account, operation="CreateVpcPeeringConnection", times=10)
    ec2 = cloud.client("ec2", account, retries={"mode": "standard"})
    with pytest.raises(ConnectionClosedError):
        ec2.create_vpc_peering_connection(**peers)
    assert len(calls(cloud, account, "CreateVpcPeeringConnection", since)) == 3


def test_one_attempt_sends_once(cloud, account, peers, since):
    cloud.control.order("cut-after", account=account, operation="CreateVpcPeeringConnection", times=10)
    with pytest.raises(ConnectionClosedError):
        cloud.client("ec2", account).create_vpc_peering_connection(**peers)
    sent = calls(cloud, account, "CreateVpcPeeringConnection", since)
    assert [(entry["outcome"], entry["delivered"]) for entry in sent] == [("ok", False)]
    assert len(cloud.client("ec2", account).describe_vpc_peering_connections()["VpcPeeringConnections"]) == 1


def test_create_vpc_has_no_token_and_resending_makes_three(cloud, account):
    cloud.control.order("cut-after", account=account, operation="CreateVpc", times=10)
    ec2 = cloud.client("ec2", account, retries={"mode": "standard", "total_max_attempts": 3})
    with pytest.raises(ConnectionClosedError):
        ec2.create_vpc(CidrBlock="10.0.0.0/16")
    cloud.control.withdraw()
    vpcs = ec2.describe_vpcs(Filters=[{"Name": "cidr", "Values": ["10.0.0.0/16"]}])["Vpcs"]
    assert len(vpcs) == 3


def test_botocores_peering_waiter_is_satisfied_by_a_pending_request(cloud, account, peers):
    ec2 = cloud.client("ec2", account)
    own = ec2.create_vpc_peering_connection(**peers)["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ec2.get_waiter("vpc_peering_connection_exists").wait(VpcPeeringConnectionIds=[own])
    found = ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[own])["VpcPeeringConnections"][0]
    assert found["Status"]["Code"] == "pending-acceptance"


def test_a_cut_before_the_effect_has_none(cloud, account, since):
    cloud.control.order("cut-before", account=account, operation="CreateVpc")
    ec2 = cloud.client("ec2", account)
    with pytest.raises(ConnectionClosedError):
        ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert len(ec2.describe_vpcs()["Vpcs"]) == 1
    assert [entry["outcome"] for entry in calls(cloud, account, "CreateVpc", since)] == ["fault:cut-before"]
    assert ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@pytest.mark.parametrize(
    ("kind", "service", "call", "code", "status"),
    [
        ("throttle", "ec2", "describe_vpcs", "RequestLimitExceeded", 503),
        ("throttle", "sts", "get_caller_identity", "Throttling", 400),
        ("throttle", "eks", "list_clusters", "ThrottlingException", 400),
        ("500", "ec2", "describe_vpcs", "InternalError", 500),
        ("503", "iam", "list_roles", "ServiceUnavailable", 503),
    ],
)
def test_errors_are_spelled_as_each_service_spells_them(cloud, account, kind, service, call, code, status):
    cloud.control.order(kind, account=account, service=service)
    client = cloud.client(service, account)
    with pytest.raises(ClientError) as caught:
        getattr(client, call)()
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    getattr(client, call)()


def test_an_error_after_the_effect_leaves_it(cloud, account, since):
    cloud.control.order("500-after", account=account, operation="CreateVpc")
    ec2 = cloud.client("ec2", account)
    assert code_of(ec2.create_vpc, CidrBlock="10.0.0.0/16") == "InternalError"
    assert len(ec2.describe_vpcs()["Vpcs"]) == 2
    entry = calls(cloud, account, "CreateVpc", since)[0]
    assert (entry["outcome"], entry["delivered"]) == ("ok", False)


def test_a_hanging_call_times_out(cloud, account):
    cloud.control.order("timeout", account=account, operation="DescribeVpcs", seconds=2)
    with pytest.raises(ReadTimeoutError):
        cloud.client("ec2", account, read_timeout=0.3).describe_vpcs()


@pytest.mark.parametrize(("kind", "effects"), [("hold-before", 0), ("hold-after", 1)])
def test_a_held_call_waits_at_its_point(cloud, account, since, kind, effects):
    cloud.control.order(kind, account=account, operation="CreateVpc")
    answers = []
    ec2 = cloud.client("ec2", account)
    thread = threading.Thread(target=lambda: answers.append(ec2.create_vpc(CidrBlock="10.0.0.0/16")))
    thread.start()
    held = cloud.control.wait_held()
    assert (held["point"], held["operation"], held["account"]) == (kind, "CreateVpc", account)
    assert len(calls(cloud, account, "CreateVpc", since)) == effects
    assert len(ec2.describe_vpcs()["Vpcs"]) == 1 + effects
    assert answers == []
    assert cloud.control.release() == 1
    thread.join(5)
    assert answers[0]["Vpc"]["VpcId"]
    assert len(calls(cloud, account, "CreateVpc", since)) == 1


def test_a_held_call_can_be_lost(cloud, account, since):
    cloud.control.order("hold-before", account=account, operation="CreateVpc")
    errors = []

    def create():
        try:
            cloud.client("ec2", account).create_vpc(CidrBlock="10.0.0.0/16")
        except ConnectionClosedError as error:
            errors.append(error)

    thread = threading.Thread(target=create)
    thread.start()
    cloud.control.wait_held()
    cloud.control.release(proceed=False)
    thread.join(5)
    assert len(errors) == 1
    assert [e["outcome"] for e in calls(cloud, account, "CreateVpc", since)] == ["fault:hold-before"]


def test_what_was_just_made_is_not_seen_at_first(cloud, account):
    cloud.control.order("delayed-visibility", account=account, operation="CreateVpc", seconds=90)
    ec2 = cloud.client("ec2", account)
    own = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert own not in [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]]
    assert code_of(ec2.describe_vpcs, VpcIds=[own]) == "InvalidVpcID.NotFound"
    assert code_of(ec2.create_subnet, VpcId=own, CidrBlock="10.0.0.0/24") == "InvalidVpcID.NotFound"
    cloud.control.advance(91)
    assert ec2.describe_vpcs(VpcIds=[own])["Vpcs"][0]["VpcId"] == own


def test_a_description_can_be_old(cloud, account, peers):
    ec2 = cloud.client("ec2", account)
    own = ec2.create_vpc_peering_connection(**peers)["VpcPeeringConnection"]["VpcPeeringConnectionId"]

    def state():
        found = ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[own])["VpcPeeringConnections"][0]
        return found["Status"]["Code"]

    assert state() == "pending-acceptance"
    address = {"account": account, "region": "us-east-1", "service": "ec2"}
    cloud.control.order("stale", **address, operation="DescribeVpcPeeringConnections", seconds=30)
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=own)
    assert state() == "pending-acceptance"
    cloud.control.advance(31)
    assert state() == "active"


def test_faults_strike_only_where_they_were_ordered_and_as_often(cloud, account, other):
    cloud.control.order("throttle", account=account, operation="Describe*", times=2, skip=1)
    mine, theirs = cloud.client("ec2", account), cloud.client("ec2", other)
    theirs.describe_vpcs()
    mine.describe_vpcs()
    assert code_of(mine.describe_vpcs) == "RequestLimitExceeded"
    assert code_of(mine.describe_subnets) == "RequestLimitExceeded"
    mine.describe_vpcs()


def test_the_journal_tells_who_did_what_and_survives_in_its_file(cloud, account, since):
    ec2 = cloud.client("ec2", account, "eu-west-1")
    answer = ec2.create_vpc(CidrBlock="10.0.0.0/16")
    ec2.describe_vpcs()
    assert code_of(ec2.delete_vpc, VpcId="vpc-0123456789abcdef0") == "InvalidVpcID.NotFound"
    made, refused = [entry for entry in cloud.control.journal(since) if entry["account"] == account]
    assert (made["service"], made["region"], made["operation"]) == ("ec2", "eu-west-1", "CreateVpc")
    assert made["parameters"] == {"CidrBlock": "10.0.0.0/16"}
    assert made["result"]["Vpc"]["VpcId"] == answer["Vpc"]["VpcId"]
    assert made["principal"] == f"arn:aws:iam::{account}:root"
    assert made["request_id"]
    assert (made["outcome"], made["delivered"]) == ("ok", True)
    assert (refused["operation"], refused["outcome"]) == ("DeleteVpc", "InvalidVpcID.NotFound")
    assert made["request_id"] in (cloud.state / "journal.jsonl").read_text()


def test_no_secret_is_written_down(cloud, account, since):
    iam = cloud.client("iam", account)
    iam.create_user(UserName="quiet")
    key = iam.create_access_key(UserName="quiet")["AccessKey"]
    assert calls(cloud, account, "CreateAccessKey", since)
    assert key["SecretAccessKey"] not in (cloud.state / "journal.jsonl").read_text()


def test_of_eight_at_once_one_wins(cloud, account):
    ec2 = cloud.client("ec2", account, max_pool_connections=8)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gate, outcomes = threading.Barrier(8), []

    def create():
        gate.wait()
        try:
            ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")
            outcomes.append("ok")
        except ClientError as error:
            outcomes.append(error.response["Error"]["Code"])

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    until(lambda: len(outcomes) == 8)
    assert sorted(outcomes) == ["InvalidSubnet.Conflict"] * 7 + ["ok"]
