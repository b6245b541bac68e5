"""The range of the BYOC VPC."""

from ipaddress import IPv4Network

import pytest

from onboarding.addresses import Range, RangeKind
from onboarding.checks.cidr import check_cidr, vpc_ranges
from onboarding.rules import profile
from portal.aws.facts.vpcs import VpcFact
from portal.findings.shapes import Evidence

SEED, AUGUST = profile("seed"), profile("2026-08")
EXISTING = VpcFact.from_aws(
    {
        "VpcId": "vpc-1",
        "CidrBlock": "10.1.0.0/16",
        "Tags": [{"Key": "Name", "Value": "billing"}],
        "CidrBlockAssociationSet": [
            {"CidrBlock": "10.1.0.0/16", "CidrBlockState": {"State": "associated"}},
            {"CidrBlock": "10.2.0.0/24", "CidrBlockState": {"State": "associating"}},
            {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "disassociated"}},
        ],
    }
)
SILENT = VpcFact.from_aws({"VpcId": "vpc-2"})
PEER = Range(network=IPv4Network("10.3.0.0/16"), kind=RangeKind.PEER, label="analytics")


def judged(chosen="10.0.0.0/16", vpcs=(EXISTING,), declared=(PEER,), rules=SEED):
    network = None if chosen is None else IPv4Network(chosen)
    return check_cidr(network, profile=rules, vpcs=vpcs, declared=declared)


CASES = [
    ("/16", judged, "cidr.size", "passed", "large enough"),
    ("/22", lambda: judged("10.0.0.0/22"), "cidr.size", "passed", "large enough"),
    ("/23", lambda: judged("10.0.0.0/23"), "cidr.size", "failed", "between /16 and /22"),
    ("/23 by the newer rules", lambda: judged("10.0.0.0/23", rules=AUGUST), "cidr.size", "passed", "large enough"),
    ("/15", lambda: judged("10.0.0.0/15"), "cidr.size", "failed", "between /16 and /22"),
    ("no range", lambda: judged(None), "cidr.size", "unknown", "No range is chosen"),
    ("private", judged, "cidr.private", "passed", "is private"),
    ("public", lambda: judged("8.8.0.0/16"), "cidr.private", "failed", "RFC 1918"),
    ("benchmarking", lambda: judged("198.18.0.0/16"), "cidr.private", "failed", "RFC 1918"),
    ("privacy without range", lambda: judged(None), "cidr.private", "unknown", "No range"),
    ("apart from Docker", judged, "cidr.reserved", "passed", "172.17.0.0/16"),
    ("Docker's", lambda: judged("172.17.0.0/20"), "cidr.reserved", "failed", "Docker"),
    ("EKS's", lambda: judged("10.100.0.0/16"), "cidr.reserved", "failed", "EKS"),
    ("reserved without range", lambda: judged(None), "cidr.reserved", "unknown", "No range"),
    ("apart from VPCs", judged, "cidr.vpcs", "passed", "vpc-1 billing (10.1.0.0/16)"),
    ("no VPCs", lambda: judged(vpcs=()), "cidr.vpcs", "passed", "apart"),
    ("on a VPC", lambda: judged("10.1.0.0/16"), "cidr.vpcs", "failed", "already used by vpc-1 billing"),
    ("on a coming range", lambda: judged("10.2.0.0/16"), "cidr.vpcs", "failed", "contains 10.2.0.0/24 of vpc-1"),
    ("VPCs unread", lambda: judged(vpcs=None), "cidr.vpcs", "unknown", "could not be read"),
    ("a VPC without ranges", lambda: judged(vpcs=(SILENT, EXISTING)), "cidr.vpcs", "unknown", "vpc-2"),
    ("apart from the peer", judged, "cidr.declared", "passed", "analytics (10.3.0.0/16)"),
    ("declared none", lambda: judged(declared=()), "cidr.declared", "passed", "apart"),
    ("on the peer", lambda: judged("10.3.128.0/20"), "cidr.declared", "failed", "lies inside 10.3.0.0/16 of analytics"),
    ("not declared", lambda: judged(declared=None), "cidr.declared", "unknown", "not declared yet"),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_a_range_is_judged(name, made, code, level, words):
    (finding,) = [finding for finding in made() if finding.code == code]
    assert finding.level == level
    assert words in finding.message


def test_each_overlap_is_a_finding_of_its_own():
    found = [finding for finding in judged("10.0.0.0/14") if finding.code == "cidr.vpcs"]
    assert [finding.resources[1:] for finding in found] == [
        ("vpc-1 billing", "10.1.0.0/16"),
        ("vpc-1 billing", "10.2.0.0/24"),
    ]


def test_only_the_account_is_observed():
    evidence = {finding.code: finding.evidence for finding in judged()}
    assert [code for code, strength in evidence.items() if strength is Evidence.OBSERVED] == ["cidr.vpcs"]


def test_ranges_carry_the_name_of_their_vpc():
    assert [str(taken) for taken in vpc_ranges([EXISTING])] == [
        "vpc-1 billing (10.1.0.0/16)",
        "vpc-1 billing (10.2.0.0/24)",
    ]
