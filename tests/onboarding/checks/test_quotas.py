"""Quotas."""

import pytest

from onboarding.checks.quotas import check_quotas
from onboarding.rules.quotas import LAUNCH_NEEDS, Per, QuotaNeed
from portal.aws.facts.quotas import QuotaFact, UsageFact

CODE = "quotas.headroom"
VPCS = QuotaNeed(service="vpc", code="L-F678F1CE", name="VPCs per Region", amount=1)
NATS = QuotaNeed(service="vpc", code="L-FE5A380F", name="NAT gateways per AZ", amount=1, per=Per.ZONE)
SUBNETS = QuotaNeed(service="vpc", code="L-407747CB", name="Subnets per VPC", amount=6, per=Per.VPC)


def quota(need, value):
    return QuotaFact.from_aws({"ServiceCode": need.service, "QuotaCode": need.code, "Value": value})


def used(need, count, scope=""):
    return UsageFact(service=need.service, code=need.code, used=count, scope=scope)


def judged(value, count, need=VPCS):
    return lambda: check_quotas([need], quotas=[quota(need, value)], usage=[used(need, count)])


CASES = [
    ("room", judged(5.0, 2), CODE, "passed", "leave room"),
    ("full", judged(5.0, 5), CODE, "failed", "is 5, 5 are used, 1 more are needed"),
    ("over-full", judged(5.0, 7), CODE, "failed", "7 are used"),
    ("the last one", judged(5.0, 4), CODE, "warning", "5 of 5"),
    ("four fifths", judged(5.0, 3), CODE, "warning", "4 of 5"),
    ("below four fifths", judged(100.0, 78), CODE, "passed", "leave room"),
    ("quota not stated", judged(None, 2), CODE, "unknown", "could not be read"),
    ("usage not counted", judged(5.0, None), CODE, "unknown", "cannot be counted"),
    ("too small whatever is used", judged(0.0, None), CODE, "failed", "is 0; 1 are needed"),
    (
        "quota unread",
        lambda: check_quotas([VPCS], quotas=None, usage=[used(VPCS, 0)]),
        CODE,
        "unknown",
        "VPCs per Region",
    ),
    ("usage unread", lambda: check_quotas([VPCS], quotas=[quota(VPCS, 5)], usage=None), CODE, "unknown", "counted"),
    ("nothing looked at", lambda: check_quotas([], quotas=[], usage=[]), CODE, "unknown", "No quota"),
    (
        "per VPC nothing is used",
        lambda: check_quotas([SUBNETS], quotas=[quota(SUBNETS, 200)], usage=None),
        CODE,
        "passed",
        "leave room",
    ),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_quotas_are_judged(name, made, code, level, words):
    (finding,) = made()
    assert (finding.code, finding.level) == (code, level)
    assert words in finding.message


def test_a_quota_per_zone_is_judged_in_each_chosen_zone():
    usage = [used(NATS, 5, "use1-az1"), used(NATS, 0, "use1-az2")]
    zones = ("use1-az1", "use1-az2", "use1-az4")
    found = check_quotas([NATS], quotas=[quota(NATS, 5)], usage=usage, zones=zones)
    assert [(finding.level, finding.resources) for finding in found] == [
        ("failed", ("vpc/L-FE5A380F", "use1-az1")),
        ("unknown", ("vpc/L-FE5A380F", "use1-az4")),
    ]


def test_the_launch_fits_into_a_fresh_account():
    quotas = [quota(need, max(need.amount * 2, 5)) for need in LAUNCH_NEEDS]
    usage = [used(need, 0, scope) for need in LAUNCH_NEEDS for scope in ("", "use1-az1", "use1-az2", "use1-az4")]
    (finding,) = check_quotas(LAUNCH_NEEDS, quotas=quotas, usage=usage, zones=("use1-az1", "use1-az2", "use1-az4"))
    assert finding.level == "passed"
