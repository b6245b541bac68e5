"""What the checks look at, and how they say what nobody could see."""

import pytest

from networking.checks.scene import Scene, ids
from onboarding.rules.profiles import profile
from tests.networking.checks.answers import CHOSEN, changed, network

CASES = []
ACTION = "ec2:DescribeSubnets"


def scene(*refused):
    return Scene(network(changed(), refused), profile("seed"))


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "AccessDenied"])
def test_a_refusal_says_which_permission_is_missing(code):
    said = scene((ACTION, code)).unread(ACTION)
    assert said == (
        "AWS refuses ec2:DescribeSubnets in account 222222222222, us-east-1. Allow ec2:DescribeSubnets to "
        "ClickHouseVerifierRole, then look again."
    )


def test_a_throttled_read_asks_for_another_look_first():
    said = scene((ACTION, "RequestLimitExceeded")).unread(ACTION)
    assert "gave no answer to ec2:DescribeSubnets" in said
    assert "Look again; if it stays so" in said
    assert "RequestLimitExceeded" not in said


def test_what_was_never_read_names_the_permission_too():
    said = scene(("ec2:DescribeVpcs", "UnauthorizedOperation")).unread(ACTION)
    assert said.startswith("What ec2:DescribeSubnets shows of account 222222222222 in us-east-1 was not read.")


def test_a_sentence_names_the_first_few_ids():
    assert ids(CHOSEN) == "subnet-0a, subnet-0b, subnet-0c"
    assert ids(f"s-{number}" for number in range(200)) == "s-0, s-1, s-2, s-3, s-4, s-5 and 194 more"
