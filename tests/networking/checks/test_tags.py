"""The tags of VPC and subnets."""

import pytest

from tests.networking.checks.answers import (
    BYOC,
    CHOSEN,
    ELB,
    ELB_PUBLIC,
    OTHER_ACCOUNT,
    VPC,
    drop,
    judging,
    of,
    put,
    tags,
    unread,
)

LB, OWN, ON_VPC = "subnets.tags", "subnets.byoc-tag", "vpc.tags"
NEW = "2026-08"
A = CHOSEN[0]


def tagged(edition="seed", **values):
    return judging(put("Subnets", A, Tags=tags(**values)), edition=edition)


def vpc_tagged(**values):
    return judging(put("Vpcs", VPC, Tags=tags(**values)), edition=NEW)


SHARED = put("Subnets", A, OwnerId=OTHER_ACCOUNT)

CASES = [
    ("tagged", judging(), LB, "passed", "Tagged kubernetes.io/role/internal-elb = 1: subnet-0a"),
    ("missing", tagged(), LB, "failed", "subnet-0a has no tag kubernetes.io/role/internal-elb"),
    ("no tags at all", judging(put("Subnets", A, Tags=None)), LB, "failed", "has no tag"),
    ("another value", tagged(**{ELB: "true"}), LB, "failed", "is “true”. Set it to 1"),
    ("a space", tagged(**{ELB: "1 "}), LB, "failed", "is “1 ”"),
    ("empty", tagged(**{ELB: ""}), LB, "warning", "of subnet-0a is empty"),
    ("both roles", tagged(**{ELB: "1", ELB_PUBLIC: "1"}), LB, "warning", "carries kubernetes.io/role/elb as well"),
    ("only the public role", tagged(**{ELB_PUBLIC: "1"}), LB, "failed", "has no tag"),
    ("shared", judging(SHARED), LB, "unknown", "subnet-0a is shared from account 333333333333"),
    ("owner not said", judging(put("Subnets", A, OwnerId=None)), LB, "passed", "subnet-0a"),
    ("of nothing", judging(drop("Subnets", A)), LB, "unknown", "was not found"),
    ("unread", judging(unread("Subnets")), LB, "unknown", "ec2:DescribeSubnets"),
    ("marked as ours", judging(edition=NEW), OWN, "passed", "Tagged clickhouse-byoc = true: subnet-0a"),
    ("not marked", tagged(NEW, **{ELB: "1"}), OWN, "failed", "subnet-0a has no tag clickhouse-byoc"),
    ("marked otherwise", tagged(NEW, **{ELB: "1", BYOC: "True"}), OWN, "failed", "is “True”. Set it to true"),
    ("marked with nothing", tagged(NEW, **{ELB: "1", BYOC: ""}), OWN, "failed", "is empty. Set it to true"),
    ("another account's mark", judging(SHARED, edition=NEW), OWN, "unknown", "shared from account"),
    ("marks unread", judging(unread("Subnets"), edition=NEW), OWN, "unknown", "ec2:DescribeSubnets"),
    ("marked VPC", judging(edition=NEW), ON_VPC, "passed", "vpc-0own carries the tags clickhouse-byoc = true"),
    ("unmarked VPC", vpc_tagged(), ON_VPC, "failed", "vpc-0own has no tag clickhouse-byoc"),
    ("VPC marked otherwise", vpc_tagged(**{BYOC: "yes"}), ON_VPC, "failed", "is “yes”"),
    (
        "another account's VPC",
        judging(put("Vpcs", VPC, OwnerId=OTHER_ACCOUNT), edition=NEW),
        ON_VPC,
        "unknown",
        "shared from account 333333333333",
    ),
    ("no VPC", judging(drop("Vpcs", VPC), edition=NEW), ON_VPC, "unknown", "was not found"),
    ("VPC unread", judging(unread("Vpcs"), edition=NEW), ON_VPC, "unknown", "ec2:DescribeVpcs"),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_tags_are_judged(name, made, code, level, words):
    (finding,) = of(made(), code)
    assert finding.level == level
    assert words in finding.message


def test_our_mark_is_no_matter_of_the_seed_profile():
    bare = judging(put("Vpcs", VPC, Tags=[]), put("Subnets", A, Tags=tags(**{ELB: "1"})))
    assert of(bare(), OWN) == of(bare(), ON_VPC) == []


def test_a_tag_of_an_empty_value_is_told_apart_from_none_by_the_later_profile_too():
    (empty,) = of(tagged(NEW, **{ELB: "", BYOC: "true"})(), LB)
    assert empty.level == "warning"
