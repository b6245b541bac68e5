"""The ranges and zones of a VPC that the customer brings: they are as they are, so the words are about that."""

from collections.abc import Callable
from ipaddress import IPv4Network

import pytest

from onboarding.addresses import Range, RangeKind
from onboarding.checks.brought import check_brought_cidrs, check_brought_zones
from onboarding.rules.profiles import profile
from portal.aws.facts.zones import ZoneFact
from portal.findings.shapes import Finding, Level

PEER = Range(network=IPv4Network("10.3.4.0/22"), kind=RangeKind.PEER, label="data lake")
ZONES = tuple(
    ZoneFact.from_aws(
        {
            "ZoneName": f"us-east-1{letter}",
            "ZoneId": f"use1-az{number}",
            "RegionName": "us-east-1",
            "ZoneType": "availability-zone",
            "State": "available",
            "OptInStatus": "opt-in-not-required",
        }
    )
    for number, letter in enumerate("abcde", 1)
)


def ranges(*texts: str, declared: tuple[Range, ...] = (PEER,)) -> Callable[[], tuple[Finding, ...]]:
    networks = [IPv4Network(text) for text in texts]
    return lambda: check_brought_cidrs(networks, vpc_id="vpc-0a", profile=profile(), declared=declared)


def zones(*ids: str, known: tuple[ZoneFact, ...] | None = ZONES) -> Callable[[], tuple[Finding, ...]]:
    return lambda: check_brought_zones(ids, zones=known, profile=profile())


THREE = ("use1-az1", "use1-az2", "use1-az4")
HOLDS = "10.3.0.0/16 of vpc-0a shares addresses with 10.3.4.0/22 of data lake"
LIES_IN = "10.3.5.0/24 of vpc-0a shares addresses with 10.3.4.0/22 of data lake"
CASES = [
    ("apart", ranges("10.70.0.0/16"), "cidr.declared", "passed", "10.70.0.0/16 of vpc-0a is apart"),
    ("holds a declared one", ranges("10.3.0.0/16"), "cidr.declared", "failed", HOLDS),
    ("by a further range", ranges("10.70.0.0/16", "10.3.5.0/24"), "cidr.declared", "failed", LIES_IN),
    ("ranges unknown", ranges(), "cidr.declared", "unknown", "not known yet"),
    ("not reserved", ranges("10.70.0.0/16"), "cidr.reserved", "passed", "is apart"),
    ("EKS services", ranges("10.100.0.0/20"), "cidr.reserved", "warning", "10.100.0.0/16, the EKS service range"),
    ("Docker", ranges("172.17.0.0/24"), "cidr.reserved", "warning", "172.17.0.0/16"),
    ("the vendor", ranges("100.64.0.0/16"), "cidr.reserved", "warning", "100.64.0.0/10"),
    ("reserved unknown", ranges(), "cidr.reserved", "unknown", "not known yet"),
    ("three zones", zones(*THREE), "zones.count", "passed", "3 different zones"),
    ("four and one twice", zones(*THREE, "use1-az5", "use1-az1"), "zones.count", "passed", "4 different zones"),
    (
        "two zones",
        zones("use1-az1", "use1-az1", "use1-az2"),
        "zones.count",
        "failed",
        "2 different zones; 3 are needed",
    ),
    ("barred by EKS", zones("use1-az1", "use1-az2", "use1-az3"), "zones.eks", "failed", "use1-az3"),
    ("zones unread", zones(*THREE, known=None), "zones.available", "unknown", "could not be read"),
    ("offered unread", zones(*THREE, known=None), "zones.offered", "unknown", "could not be read"),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_a_brought_vpc_is_judged_as_it_is(
    name: str, made: Callable[[], tuple[Finding, ...]], code: str, level: str, words: str
) -> None:
    (finding,) = [one for one in made() if one.code == code]
    assert finding.level == level
    assert words in finding.message


def test_its_size_is_not_judged_here() -> None:
    assert {one.code for one in ranges("10.70.0.0/24")()} == {"cidr.declared", "cidr.reserved"}


def test_remedies_are_for_somebody_who_has_the_vpc_already() -> None:
    troubles = [*ranges("10.3.0.0/16")(), *ranges("10.100.0.0/16")(), *zones("use1-az3")()]
    told = {one.code: one.remedy for one in troubles if one.level is not Level.PASSED}
    assert told["cidr.declared"] == "Take the declared network back if it will not connect, or bring another VPC."
    assert told["cidr.reserved"] == "Know that it is so, or bring another VPC."
    assert told["zones.eks"] == told["zones.count"] == "Choose subnets in other zones on the page of your VPC."


def test_every_declared_network_that_it_meets_is_named() -> None:
    other = Range(network=IPv4Network("10.3.128.0/17"), kind=RangeKind.ON_PREMISES, label="office")
    met = [one for one in ranges("10.3.0.0/16", declared=(PEER, other))() if one.code == "cidr.declared"]
    assert {one.resources[2] for one in met} == {"10.3.4.0/22", "10.3.128.0/17"}
