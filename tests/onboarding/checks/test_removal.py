"""What keeps a deployment from being deleted, and what stays afterwards."""

import pytest

from onboarding.checks.removal import Obstacle, check_blockers, check_remains

ENI = Obstacle(kind="network interface", id="eni-1")


def blocked(*obstacles):
    return lambda: check_blockers(obstacles, vpc_id="vpc-1")


CASES = [
    ("nothing in the way", blocked(), "removal.blockers", "passed", "Nothing but the deployment"),
    ("a stranger's interface", blocked(ENI), "removal.blockers", "failed", "network interface eni-1 uses vpc-1"),
    ("unread", lambda: check_blockers(None, vpc_id="vpc-1"), "removal.blockers", "unknown", "could not be read"),
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
