"""What keeps a deployment from being deleted, and what stays afterwards."""

import pytest

from onboarding.checks.removal import Leftover, Obstacle, check_blockers, check_left_in_vpc, check_remains

ENI = Obstacle(kind="network interface", id="eni-1")


def blocked(*obstacles):
    return lambda: check_blockers(obstacles, vpc_id="vpc-1")


def left(*leftovers):
    return check_left_in_vpc(leftovers, vpc_id="vpc-1", cluster="clickhouse-cloud-abcd1234")


CASES = [
    ("nothing in the way", blocked(), "removal.blockers", "passed", "Nothing but the deployment"),
    ("a stranger's interface", blocked(ENI), "removal.blockers", "failed", "network interface eni-1 uses vpc-1"),
    ("unread", lambda: check_blockers(None, vpc_id="vpc-1"), "removal.blockers", "unknown", "could not be read"),
    ("a brought VPC", left, "removal.remains", "warning", "vpc-1 is yours and stays as it was"),
    ("the roles stay", lambda: check_remains([], bootstrap_stack="boot"), "removal.remains", "warning", "stack boot"),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_the_tear_down_is_judged(name, made, code, level, words):
    (finding,) = made()
    assert (finding.code, finding.level) == (code, level)
    assert words in finding.message


def test_each_obstacle_and_each_kept_resource_is_named():
    assert [finding.resources for finding in check_blockers([ENI, Obstacle(kind="x", id="y")], vpc_id="vpc-1")] == [
        ("eni-1", "vpc-1"),
        ("y", "vpc-1"),
    ]
    kept = check_remains([("AWS::S3::Bucket", "b-1")], bootstrap_stack="boot")
    assert [finding.resources for finding in kept] == [("b-1",), ("boot",)]


def test_what_a_cluster_left_in_a_brought_vpc_is_told_as_surely_as_it_is_known():
    _stays, group, balancer = left(
        Leftover(kind="Security group", id="sg-1", marked=True),
        Leftover(kind="Load balancer", id="k8s-x", marked=False),
    )
    assert group.message.startswith("Security group sg-1 in vpc-1 was made by the cluster.")
    assert "If its tag elbv2.k8s.aws/cluster says clickhouse-cloud-abcd1234, it is of this one" in balancer.message
    assert [one.resources for one in (group, balancer)] == [("sg-1", "vpc-1"), ("k8s-x", "vpc-1")]


def test_what_is_left_is_not_called_nothing_when_nobody_could_look():
    _stays, unread = check_left_in_vpc(None, vpc_id="vpc-1", cluster="c")
    assert "could not be read" in unread.message
