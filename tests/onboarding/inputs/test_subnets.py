"""Row 45 of the bad-input table: ranges of subnets inside one VPC."""

from ipaddress import IPv4Network

import pytest

from onboarding.inputs.subnets import subnet_cidrs

VPC = IPv4Network("10.0.0.0/22")


def answers(*texts, addresses=8):
    found = subnet_cidrs(texts, vpc=VPC, addresses=addresses)
    return [str(answer.network) if answer.network else answer.refusal.code for answer in found]


def test_it_accepts_ranges_that_lie_apart():
    assert answers("10.0.0.0/24", "10.0.1.0/24") == ["10.0.0.0/24", "10.0.1.0/24"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("10.0.4.0/24", "subnet.outside"),
        ("10.0.0.0/21", "subnet.outside"),
        ("10.0.0.0/15", "cidr.host-bits"),
        ("10.0.0.0/14", "subnet.too-large"),
        ("10.0.0.0/29", "subnet.too-small"),
        ("", "cidr.missing"),
    ],
)
def test_it_refuses_one_line(typed, code):
    typed = "10.1.0.0/15" if code == "cidr.host-bits" else typed
    assert answers(typed) == [code]


def test_it_refuses_only_the_line_that_overlaps():
    assert answers("10.0.0.0/23", "10.0.1.0/24", "10.0.2.0/24") == [
        "10.0.0.0/23",
        "subnet.overlap",
        "10.0.2.0/24",
    ]


def test_it_counts_the_five_addresses_that_aws_keeps():
    assert answers("10.0.0.0/28", addresses=11) == ["10.0.0.0/28"]
    assert answers("10.0.0.0/28", addresses=12) == ["subnet.addresses"]
