"""The S3 gateway endpoint and its route tables."""

import json

import pytest

from networking.checks.endpoints import is_open
from tests.networking.checks.answers import (
    CHOSEN,
    FULL_ACCESS,
    OTHER_VPC,
    VPC,
    add,
    drop,
    endpoint,
    judging,
    named,
    of,
    put,
    unread,
)

PRESENT, ROUTES = "s3-endpoint.present", "s3-endpoint.routes"
A, B, C = CHOSEN
GONE = drop("VpcEndpoints", "vpce-0")
INTERFACE = endpoint("vpce-9", VpcEndpointType="Interface", RouteTableIds=[])
NARROW = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}'


def instead(**values):
    return judging(put("VpcEndpoints", "vpce-0", **values))


def only_on(*tables):
    return put("VpcEndpoints", "vpce-0", RouteTableIds=list(tables))


SHARING = (only_on("rtb-0a"), add("VpcEndpoints", endpoint("vpce-1", "rtb-0b", "rtb-0c")))

CASES = [
    ("there", judging(), PRESENT, "passed", "vpc-0own has the S3 gateway endpoint vpce-0"),
    ("in small letters", instead(State="available"), PRESENT, "passed", "vpce-0"),
    ("in capitals", instead(State="AVAILABLE"), PRESENT, "passed", "vpce-0"),
    ("none", judging(GONE), PRESENT, "failed", "has no gateway endpoint for com.amazonaws.us-east-1.s3"),
    ("an interface endpoint", judging(GONE, add("VpcEndpoints", INTERFACE)), PRESENT, "failed", "of type Interface"),
    (
        "another region's",
        instead(ServiceName="com.amazonaws.us-west-2.s3"),
        PRESENT,
        "failed",
        "vpce-0 for com.amazonaws.us-west-2.s3, but none for S3 of us-east-1",
    ),
    (
        "DynamoDB's",
        instead(ServiceName="com.amazonaws.us-east-1.dynamodb"),
        PRESENT,
        "failed",
        "has no gateway endpoint",
    ),
    (
        "S3 Express's",
        instead(ServiceName="com.amazonaws.us-east-1.s3express"),
        PRESENT,
        "failed",
        "has no gateway endpoint",
    ),
    ("another VPC's", instead(VpcId=OTHER_VPC), PRESENT, "failed", "vpc-0own has no gateway endpoint"),
    ("pending", instead(State="Pending"), PRESENT, "failed", "vpce-0 of vpc-0own is pending. Wait"),
    ("awaiting acceptance", instead(State="PendingAcceptance"), PRESENT, "failed", "is pending acceptance. Wait"),
    ("deleting", instead(State="Deleting"), PRESENT, "failed", "is deleting. Create a new one"),
    ("failed", instead(State="Failed"), PRESENT, "failed", "is failed. Create a new one"),
    ("its own policy", instead(PolicyDocument=NARROW), PRESENT, "warning", "vpce-0 has a policy of its own"),
    ("policy not said", instead(PolicyDocument=None), PRESENT, "passed", "vpce-0"),
    ("unread", judging(unread("VpcEndpoints")), PRESENT, "unknown", "ec2:DescribeVpcEndpoints"),
    ("on each table", judging(), ROUTES, "passed", "(rtb-0a, rtb-0b, rtb-0c) have the S3 gateway endpoint vpce-0"),
    ("shared between two", judging(*SHARING), ROUTES, "passed", "vpce-0, vpce-1"),
    (
        "one of two pending",
        judging(*SHARING, put("VpcEndpoints", "vpce-0", State="Pending")),
        ROUTES,
        "failed",
        "rtb-0a",
    ),
    ("off one table", judging(only_on("rtb-0a", "rtb-0b")), ROUTES, "failed", "Route table rtb-0c of subnet-0c lacks"),
    (
        "off the main table",
        judging(drop("RouteTables", "rtb-0a"), only_on("rtb-0a", "rtb-0b", "rtb-0c")),
        ROUTES,
        "failed",
        "The main table rtb-main, used by subnet-0a for want",
    ),
    (
        "on the main table",
        judging(drop("RouteTables", "rtb-0a"), only_on("rtb-main", "rtb-0b", "rtb-0c")),
        ROUTES,
        "passed",
        "rtb-main",
    ),
    ("nowhere to be on", judging(GONE), ROUTES, "failed", "no working S3 gateway endpoint"),
    ("pending, on each", instead(State="Pending"), ROUTES, "failed", "no working S3 gateway endpoint"),
    ("no VPC to be in", judging(GONE, drop("Vpcs", VPC)), PRESENT, "unknown", "vpc-0own was not found"),
    ("no VPC to route in", judging(GONE, drop("Vpcs", VPC)), ROUTES, "unknown", "nobody knows what is in it"),
    ("endpoints unread", judging(unread("VpcEndpoints")), ROUTES, "unknown", "ec2:DescribeVpcEndpoints"),
    ("tables unread", judging(unread("RouteTables")), ROUTES, "unknown", "ec2:DescribeRouteTables"),
    ("not found", judging(chosen=(*CHOSEN, "subnet-0x")), ROUTES, "unknown", "subnet-0x was not found"),
    ("nothing chosen", judging(chosen=()), ROUTES, "unknown", "No subnets"),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_the_s3_endpoint_is_judged(name, made, code, level, words):
    (finding,) = of(made(), code)
    assert finding.level == level
    assert words in finding.message


def test_one_missing_table_is_one_finding_with_all_its_subnets():
    def share(answers):
        answers["RouteTables"] = [
            one for one in answers["RouteTables"] if one["RouteTableId"] not in {"rtb-0a", "rtb-0b"}
        ]

    found = of(judging(share)(), ROUTES)
    assert [(finding.level, finding.resources) for finding in found] == [("failed", ("rtb-main", A, B))]


def test_without_an_endpoint_every_table_that_needs_it_is_named():
    (finding,) = of(judging(GONE)(), ROUTES)
    assert finding.resources == (VPC, "rtb-0a", "rtb-0b", "rtb-0c", *CHOSEN)


def test_a_missing_table_and_an_unknown_one_are_told_apart():
    def change(answers):
        named(answers, "RouteTables", "rtb-0a")["Associations"][0]["AssociationState"] = {"State": "associating"}

    found = of(judging(only_on("rtb-0a", "rtb-0b"), change)(), ROUTES)
    assert [(finding.level, finding.resources) for finding in found] == [
        ("failed", ("rtb-0c", C)),
        ("unknown", (A,)),
    ]


@pytest.mark.parametrize(
    ("policy", "judgment"),
    [
        (json.loads(FULL_ACCESS), True),
        ({"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["*"], "Resource": ["*"]}}, True),
        ({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}, True),
        (json.loads(NARROW), False),
        (
            {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::mine/*"}]},
            False,
        ),
        (
            {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "*", "Resource": "*"}]},
            False,
        ),
        (
            {
                "Statement": [
                    {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"Bool": {}}}
                ]
            },
            False,
        ),
        (
            {
                "Statement": [
                    {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
                    {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"},
                ]
            },
            False,
        ),
        ({"Statement": []}, False),
        ({}, False),
        ({"Statement": ["Allow"]}, False),
    ],
)
def test_only_a_policy_that_allows_all_and_denies_nothing_is_open(policy, judgment):
    assert is_open(policy) is judgment
