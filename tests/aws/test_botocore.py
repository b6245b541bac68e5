"""What botocore does by itself: an upgrade that changes it is seen here. Facts behind docs/adr and the ledger."""

from typing import Any

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError

from portal.aws import sessions
from tests.emulators import Emulator, JournalReader

REGION = "us-east-1"
#: Calls that make something and have no client token: only their tags tell whose they are.
WITHOUT_TOKEN = (
    "CreateVpc",
    "CreateSubnet",
    "CreateVpcPeeringConnection",
    "AcceptVpcPeeringConnection",
    "CreateRoute",
    "CreateTags",
    "CreateSecurityGroup",
    "AuthorizeSecurityGroupIngress",
)


def ec2(account: str, config: Config | None = None) -> Any:
    return boto3.client("ec2", region_name=REGION, aws_access_key_id=account, aws_secret_access_key="x", config=config)


def lost_peering(account: str, config: Config | None) -> None:
    """A peering request whose answers are all lost."""
    client = ec2(account, config)
    one = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    two = client.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    with pytest.raises(ConnectionClosedError):
        client.create_vpc_peering_connection(VpcId=one, PeerVpcId=two)


@pytest.mark.parametrize("mode", ["standard", "adaptive"])
def test_botocore_sends_a_peering_request_three_times_when_the_answer_is_lost(
    aws_env: Emulator, journal: JournalReader, account_id: str, mode: str
) -> None:
    aws_env.control.order("cut-after", account=account_id, operation="CreateVpcPeeringConnection", times=9)
    lost_peering(account_id, Config(retries={"mode": mode}))  # type: ignore[arg-type]
    assert len(journal.of(account_id, "CreateVpcPeeringConnection")) == 3


def test_our_configuration_for_changing_calls_sends_it_once(
    aws_env: Emulator, journal: JournalReader, account_id: str
) -> None:
    aws_env.control.order("cut-after", account=account_id, operation="CreateVpcPeeringConnection", times=9)
    lost_peering(account_id, sessions._config(mutating=True))
    assert len(journal.of(account_id, "CreateVpcPeeringConnection")) == 1


def test_no_environment_variable_brings_the_repeats_back(
    aws_env: Emulator, journal: JournalReader, account_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "7")
    monkeypatch.setenv("AWS_RETRY_MODE", "adaptive")
    aws_env.control.order("cut-after", account=account_id, operation="CreateVpcPeeringConnection", times=9)
    lost_peering(account_id, sessions._config(mutating=True))
    assert len(journal.of(account_id, "CreateVpcPeeringConnection")) == 1


def test_the_peering_waiter_is_content_with_a_request_that_nobody_accepted(aws_env: Emulator, account_id: str) -> None:
    client = ec2(account_id)
    one = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    two = client.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    made = client.create_vpc_peering_connection(VpcId=one, PeerVpcId=two)["VpcPeeringConnection"]
    own = made["VpcPeeringConnectionId"]
    client.get_waiter("vpc_peering_connection_exists").wait(VpcPeeringConnectionIds=[own])
    found = client.describe_vpc_peering_connections(VpcPeeringConnectionIds=[own])["VpcPeeringConnections"]
    assert found[0]["Status"]["Code"] == "pending-acceptance"


@pytest.mark.parametrize("operation", WITHOUT_TOKEN)
def test_these_calls_have_no_client_token(operation: str) -> None:
    model = botocore.session.Session().get_service_model("ec2").operation_model(operation)
    assert model.input_shape is not None
    assert "ClientToken" not in model.input_shape.members
    assert model.idempotent_members == []


def test_the_token_of_create_vpc_endpoint_is_not_filled_by_botocore() -> None:
    model = botocore.session.Session().get_service_model("ec2").operation_model("CreateVpcEndpoint")
    assert model.input_shape is not None
    assert "ClientToken" in model.input_shape.members
    assert "ClientToken" not in model.idempotent_members


@pytest.mark.parametrize("operation", ["CreateStack", "DeleteStack"])
def test_both_calls_of_the_launch_take_a_token_that_we_fill_ourselves(operation: str) -> None:
    model = botocore.session.Session().get_service_model("cloudformation").operation_model(operation)
    assert model.input_shape is not None
    assert "ClientRequestToken" in model.input_shape.members
    assert model.idempotent_members == []


def test_sts_is_asked_in_its_region_and_never_globally(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    client = sessions._new_session().create_client(
        "sts", region_name=sessions.HOME_REGION, config=sessions._config(mutating=False),
        aws_access_key_id="x", aws_secret_access_key="x",
    )  # fmt: skip
    assert client.meta.endpoint_url == "https://sts.us-east-1.amazonaws.com"


def test_every_client_has_its_limits(settings: Any) -> None:
    settings.AWS_TIMEOUTS = {"connect": 3.0, "read": 7.0}
    for mutating, attempts in ((True, 1), (False, 3)):
        config: Any = sessions._config(mutating=mutating)
        assert (config.connect_timeout, config.read_timeout) == (3.0, 7.0)
        assert config.retries == {"total_max_attempts": attempts, "mode": "standard"}
