"""The region."""

import pytest

from onboarding.checks.regions import check_region
from onboarding.rules import profile
from portal.aws.facts.regions import RegionFact
from portal.findings.shapes import Evidence

SEED = profile("seed")
LISTED = [
    {"RegionName": "us-east-1", "OptInStatus": "opt-in-not-required"},
    {"RegionName": "il-central-1", "OptInStatus": "not-opted-in"},
    {"RegionName": "ap-south-1", "OptInStatus": "opted-in"},
    {"RegionName": "eu-west-1"},
]


def judged(region, regions=LISTED):
    facts = None if regions is None else [RegionFact.from_aws(entry) for entry in regions]
    return check_region(region, profile=SEED, regions=facts)


CASES = [
    ("supported", lambda: judged("us-east-1"), "region.supported", "passed", "US East (N. Virginia) (us-east-1)"),
    ("not supported", lambda: judged("us-west-1"), "region.supported", "failed", "Choose one of ap-northeast-1"),
    ("none chosen", lambda: judged(""), "region.supported", "unknown", "No region"),
    ("needs no opt-in", lambda: judged("us-east-1"), "region.enabled", "passed", "is enabled"),
    ("opted in", lambda: judged("ap-south-1"), "region.enabled", "passed", "is enabled"),
    ("not opted in", lambda: judged("il-central-1"), "region.enabled", "failed", "Enable it in the AWS console"),
    ("not listed", lambda: judged("us-west-2"), "region.enabled", "failed", "does not list"),
    ("not stated", lambda: judged("eu-west-1"), "region.enabled", "unknown", "did not say"),
    ("unread", lambda: judged("us-east-1", None), "region.enabled", "unknown", "could not be read"),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_a_region_is_judged(name, made, code, level, words):
    (finding,) = [finding for finding in made() if finding.code == code]
    assert finding.level == level
    assert words in finding.message


def test_support_is_declared_and_enabling_is_observed():
    supported, enabled = judged("us-east-1")
    assert (supported.evidence, enabled.evidence) == (Evidence.DECLARED, Evidence.OBSERVED)
