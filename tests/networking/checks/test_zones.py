"""The zones of the chosen subnets."""

import pytest

from tests.networking.checks.answers import CHOSEN, VPC, add, drop, judging, of, put, subnet, unread, zone

CODE = "subnets.zones"
A, B, C = CHOSEN
LOCAL = add("AvailabilityZones", zone("-bos-1a", "use1-bos1-az1", "local-zone"))
WAVELENGTH = add("AvailabilityZones", zone("-wl1-bos-wlz-1", "use1-wl1-bos-wlz1", "wavelength-zone"))


def moved(name, identifier, letter=""):
    return put(
        "Subnets", name, AvailabilityZoneId=identifier, AvailabilityZone=f"us-east-1{letter}" if letter else None
    )


IN_LOCAL = moved(A, "use1-bos1-az1", "-bos-1a")
FOURTH = add("Subnets", subnet("subnet-0d", "d", "10.0.48.0/23"))

CASES = [
    ("three zones", judging(), CODE, "passed", "(use1-az1, use1-az2, use1-az6)"),
    ("two zones", judging(moved(C, "use1-az1", "b")), CODE, "failed", "subnets: 2 (use1-az1, use1-az6); needed: 3"),
    ("two letters, one place", judging(moved(C, "use1-az1", "c")), CODE, "failed", "subnets: 2 ("),
    ("one letter, two places", judging(moved(C, "use1-az2", "b")), CODE, "passed", "use1-az2"),
    ("only names", judging(*(put("Subnets", x, AvailabilityZoneId=None) for x in CHOSEN)), CODE, "passed", "use1-az6"),
    ("EKS does not run there", judging(moved(A, "use1-az3", "e")), CODE, "warning", "use1-az3, where EKS does not run"),
    (
        "a troubled zone",
        judging(put("AvailabilityZones", "use1-az6", State="impaired")),
        CODE,
        "warning",
        "AWS reports as impaired",
    ),
    (
        "a zone with a message",
        judging(put("AvailabilityZones", "use1-az6", State="information")),
        CODE,
        "passed",
        "use1-az6",
    ),
    (
        "a local zone beside enough others",
        judging(LOCAL, IN_LOCAL, FOURTH, chosen=(*CHOSEN, "subnet-0d")),
        CODE,
        "failed",
        "subnet-0a is in use1-bos1-az1, a local-zone",
    ),
    (
        "a wavelength zone beside enough others",
        judging(WAVELENGTH, moved(A, "use1-wl1-bos-wlz1", "-wl1"), FOURTH, chosen=(*CHOSEN, "subnet-0d")),
        CODE,
        "failed",
        "a wavelength-zone",
    ),
    (
        "kind not said",
        judging(put("AvailabilityZones", "use1-az6", ZoneType=None)),
        CODE,
        "unknown",
        "What kind of zone subnet-0a is in (use1-az6)",
    ),
    ("a zone that is not listed", judging(drop("AvailabilityZones", "use1-az6")), CODE, "unknown", "use1-az6"),
    ("zone not said", judging(moved(A, None)), CODE, "unknown", "What kind of zone subnet-0a"),
    ("zones unread", judging(unread("AvailabilityZones")), CODE, "unknown", "ec2:DescribeAvailabilityZones"),
    (
        "zones unread, too few anyway",
        judging(unread("AvailabilityZones"), moved(C, "use1-az1", "b")),
        CODE,
        "failed",
        "subnets: 2 (",
    ),
    ("subnets unread", judging(unread("Subnets")), CODE, "unknown", "ec2:DescribeSubnets"),
    ("nothing chosen", judging(chosen=()), CODE, "unknown", "No subnets"),
    (
        "one not found beside enough others",
        judging(chosen=(*CHOSEN, "subnet-0x")),
        CODE,
        "unknown",
        "subnet-0x was not found",
    ),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_the_zones_of_subnets_are_judged(name, made, code, level, words):
    (finding,) = of(made(), code)
    assert finding.level == level
    assert words in finding.message


def test_a_local_zone_that_makes_zones_too_few_is_named_beside_that():
    found = of(judging(LOCAL, IN_LOCAL)(), CODE)
    assert [(finding.level, finding.resources) for finding in found] == [
        ("failed", (VPC, A, B, C)),
        ("failed", (A, "use1-bos1-az1")),
    ]
