"""A longer way to AWS: each call takes so many seconds more, side by side, and still meets what else is ordered."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.emulator.conftest import Cloud, code_of

SECONDS = 0.4


@pytest.fixture
def delayed(cloud: Cloud, account: str) -> Iterator[str]:
    """An account in which descriptions of VPCs take longer."""
    fault = cloud.control.order("delay", account=account, operation="DescribeVpc*", seconds=SECONDS)
    yield account
    cloud.control.withdraw(fault)


def seconds(cloud: Cloud, account: str, operation: str, count: int = 1) -> float:
    """How long `count` calls take that are made at the same moment; clients and connections are made before."""
    clients = [cloud.client("ec2", account) for _ in range(count)]
    began = time.monotonic()
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(lambda client: getattr(client, operation)(), clients))
    return time.monotonic() - began


def test_every_call_takes_longer_until_it_is_withdrawn(cloud: Cloud, delayed: str) -> None:
    assert [seconds(cloud, delayed, "describe_vpcs") >= SECONDS for _ in range(3)] == [True] * 3
    assert cloud.control.withdraw() == 1
    assert seconds(cloud, delayed, "describe_vpcs") < SECONDS


def test_only_the_calls_that_were_meant_take_longer(cloud: Cloud, delayed: str) -> None:
    assert seconds(cloud, delayed, "describe_subnets") < SECONDS


def test_delays_pass_side_by_side(cloud: Cloud, delayed: str) -> None:
    """The wait is outside of every lock: eight calls at once take about as long as one."""
    assert SECONDS <= seconds(cloud, delayed, "describe_vpcs", 8) < 8 * SECONDS / 2


def test_a_delayed_call_still_meets_another_fault(cloud: Cloud, delayed: str) -> None:
    cloud.control.order("throttle", account=delayed, operation="DescribeVpcs")
    began = time.monotonic()
    assert code_of(cloud.client("ec2", delayed).describe_vpcs) == "RequestLimitExceeded"
    assert time.monotonic() - began >= SECONDS


def test_a_delayed_call_has_its_effect(cloud: Cloud, account: str) -> None:
    fault = cloud.control.order("delay", account=account, operation="CreateVpc", seconds=SECONDS, times=1)
    ec2 = cloud.client("ec2", account)
    began = time.monotonic()
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert time.monotonic() - began >= SECONDS
    assert [vpc["VpcId"] for vpc in ec2.describe_vpcs(VpcIds=[made])["Vpcs"]] == [made]
    assert fault not in {order["id"] for order in cloud.control.faults()}
