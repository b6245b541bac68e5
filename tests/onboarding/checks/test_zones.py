"""The zones."""

import pytest

from onboarding.checks.zones import check_alignment, check_region_zones, check_zones, usable_zones
from onboarding.inputs.zone_maps import zone_map
from onboarding.rules import profile
from portal.aws.facts.zones import ZoneFact

SEED = profile("seed")


def zone(letter, number, kind="availability-zone", state="available", **more):
    document = {
        "ZoneName": f"us-east-1{letter}",
        "ZoneId": f"use1-az{number}",
        "ZoneType": kind,
        "State": state,
        "OptInStatus": "opt-in-not-required",
        **more,
    }
    return ZoneFact.from_aws({key: value for key, value in document.items() if value is not None})


# This account's letters: a is az6, b is az1, … as AWS shuffles them.
ACCOUNT = (zone("a", 6), zone("b", 1), zone("c", 2), zone("d", 4), zone("e", 3))
LOCAL = ZoneFact(name="us-east-1-bos-1a", id="use1-bos1-az1", type="local-zone", state="available")
GOOD = ("use1-az1", "use1-az2", "use1-az4")
OTHER = "us-east-1a use1-az1\nus-east-1b use1-az2\nus-east-1c use1-az4\nus-east-1d use1-az5"


def judged(chosen=GOOD, zones=ACCOUNT):
    return check_zones(chosen, zones=zones, profile=SEED)


def with_state(state):
    return lambda: judged(zones=(*ACCOUNT[:3], zone("d", 4, state=state)))


def aligned(chosen=GOOD, region="us-east-1", other=OTHER):
    return check_alignment(chosen, region=region, other=zone_map(other))


def enough(zones):
    return lambda: check_region_zones(zones, region="us-east-1", profile=SEED)


CASES = [
    ("three", judged, "zones.count", "passed", "3 different zones"),
    ("two", lambda: judged(GOOD[:2]), "zones.count", "failed", "2 zones are chosen"),
    ("twice the same", lambda: judged((*GOOD[:2], GOOD[0])), "zones.count", "failed", "2 of them different"),
    ("four", lambda: judged((*GOOD, "use1-az6")), "zones.count", "failed", "4 zones"),
    ("before the choice", lambda: judged(None), "zones.count", "unknown", "No zones are chosen"),
    ("offered", judged, "zones.offered", "passed", "availability zones of this account"),
    ("another region's", lambda: judged((*GOOD[:2], "euc1-az1")), "zones.offered", "failed", "euc1-az1"),
    ("a local zone", lambda: judged((*GOOD[:2], LOCAL.id), (*ACCOUNT, LOCAL)), "zones.offered", "failed", "local-zone"),
    (
        "type not stated",
        lambda: judged(zones=(*ACCOUNT[:3], zone("d", 4, None))),
        "zones.offered",
        "unknown",
        "type not",
    ),
    ("zones unread", lambda: judged(zones=None), "zones.offered", "unknown", "could not be read"),
    ("available", judged, "zones.available", "passed", "are available"),
    ("impaired", with_state("impaired"), "zones.available", "failed", "use1-az4 (us-east-1d) is impaired"),
    ("constrained", with_state("constrained"), "zones.available", "failed", "constrained"),
    ("unavailable", with_state("unavailable"), "zones.available", "failed", "unavailable"),
    ("a message", with_state("information"), "zones.available", "warning", "Health Dashboard"),
    ("state not stated", with_state(None), "zones.available", "unknown", "did not say"),
    (
        "not opted in",
        lambda: judged(zones=(*ACCOUNT[:3], zone("d", 4, OptInStatus="not-opted-in"))),
        "zones.available",
        "failed",
        "not opted in",
    ),
    ("states unread", lambda: judged(zones=None), "zones.available", "unknown", "could not be read"),
    ("none known", lambda: judged(("a", "b", "c")), "zones.available", "unknown", "None of the chosen"),
    ("with EKS", judged, "zones.eks", "passed", "EKS bars none"),
    ("without EKS", lambda: judged((*GOOD[:2], "use1-az3")), "zones.eks", "failed", "use1-az3"),
    ("EKS before the choice", lambda: judged(None), "zones.eks", "unknown", "No zones"),
    ("aligned", aligned, "zones.alignment", "passed", "use1-az1 (us-east-1a)"),
    ("apart", lambda: aligned((*GOOD[:2], "use1-az6")), "zones.alignment", "warning", "lacks use1-az6"),
    ("another region's map", lambda: aligned(region="eu-west-1"), "zones.alignment", "unknown", "not of eu-west-1"),
    ("enough zones", enough(ACCOUNT), "zones.enough", "passed", "4 usable zones"),
    ("too few zones", enough(ACCOUNT[:2]), "zones.enough", "failed", "has 2 usable zones"),
    ("zones not read", enough(None), "zones.enough", "unknown", "could not be read"),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_zones_are_judged(name, made, code, level, words):
    (finding,) = [finding for finding in made() if finding.code == code]
    assert finding.level == level
    assert words in finding.message


def test_only_usable_zones_are_offered_by_id():
    offered = usable_zones((*ACCOUNT, LOCAL, zone("f", 5, state="impaired")), profile=SEED)
    assert [found.id for found in offered] == ["use1-az1", "use1-az2", "use1-az4", "use1-az6"]


def test_alignment_is_nobodys_duty():
    assert check_alignment(GOOD, region="us-east-1", other=None) == ()
