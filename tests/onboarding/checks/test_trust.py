"""The four probes of the External ID."""

from itertools import product

import pytest

from onboarding.checks.trust import Probe, ProbeKind, ProbeOutcome, TrustVerdict, check_probes, trust_verdict
from portal.findings.shapes import Evidence, Level

ROLE = "arn:aws:iam::222222222222:role/ClickHouseManagementRole"
ASSUMED = (ProbeOutcome.ASSUMED, "")
DENIED = (ProbeOutcome.REFUSED, "AccessDenied")
OTHER = (ProbeOutcome.REFUSED, "RegionDisabledException")
EXPIRED = (ProbeOutcome.REFUSED, "ExpiredToken")
THROTTLED = (ProbeOutcome.UNCLEAR, "Throttling")
LOST = (ProbeOutcome.UNCLEAR, "")
ANSWERS = (ASSUMED, DENIED, OTHER, EXPIRED, THROTTLED, LOST)


def probes(*answers):
    return [
        Probe(kind=kind, outcome=outcome, error_code=code, request_id="r-1")
        for kind, (outcome, code) in zip(ProbeKind, answers, strict=False)
    ]


def findings(*answers):
    return check_probes(probes(*answers), role_arn=ROLE)


# name, findings, code, level, words in the message
CASES = [
    ("all as it should be", lambda: findings(ASSUMED, DENIED, DENIED, ASSUMED), "passed", "External ID only"),
    ("open without an ID", lambda: findings(ASSUMED, ASSUMED, DENIED, ASSUMED), "failed", "without any External ID"),
    ("open with a wrong ID", lambda: findings(ASSUMED, DENIED, ASSUMED, ASSUMED), "failed", "wrong External ID"),
    ("open, though the right ID fails", lambda: findings(DENIED, ASSUMED, DENIED, DENIED), "failed", "without any"),
    ("open, other probes lost", lambda: findings(LOST, LOST, ASSUMED, LOST), "failed", "wrong External ID"),
    ("not there yet", lambda: findings(DENIED, DENIED, DENIED, DENIED), "unknown", "cannot be assumed yet"),
    ("not there yet, not asked further", lambda: findings(DENIED), "unknown", "cannot be assumed yet"),
    ("a negative probe throttled", lambda: findings(ASSUMED, THROTTLED, DENIED, ASSUMED), "unknown", "Throttling"),
    ("a negative probe lost", lambda: findings(ASSUMED, DENIED, LOST, ASSUMED), "unknown", "wrong ID: unclear"),
    (
        "a negative probe refused otherwise",
        lambda: findings(ASSUMED, DENIED, OTHER, ASSUMED),
        "unknown",
        "RegionDisabled",
    ),
    ("the right ID refused at last", lambda: findings(ASSUMED, DENIED, DENIED, DENIED), "unknown", "right ID again"),
    ("the last probe missing", lambda: findings(ASSUMED, DENIED, DENIED), "unknown", "not tried"),
    ("nothing tried", findings, "unknown", "right ID: not tried"),
]
CASES = [(name, made, "trust.external-id", level, words) for name, made, level, words in CASES]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_the_probes_are_judged(name, made, code, level, words):
    (finding,) = made()
    assert (finding.code, finding.level) == (code, level)
    assert words in finding.message
    assert finding.resources == (ROLE,)
    assert finding.evidence is Evidence.OBSERVED
    assert bool(finding.remedy) == (finding.level is not Level.PASSED)


def test_of_all_combinations_exactly_one_proves_trust():
    proven = [
        combination
        for combination in product(ANSWERS, repeat=4)
        if trust_verdict(probes(*combination)) is TrustVerdict.PROVEN
    ]
    assert proven == [(ASSUMED, DENIED, DENIED, ASSUMED)]


def test_whatever_else_happens_an_open_role_is_insecure():
    for combination in product(ANSWERS, repeat=4):
        expected = combination[1] == ASSUMED or combination[2] == ASSUMED
        assert (trust_verdict(probes(*combination)) is TrustVerdict.INSECURE) == expected


def test_a_repeated_probe_proves_nothing():
    twice = probes(ASSUMED, DENIED, DENIED, ASSUMED) + probes(ASSUMED)
    assert trust_verdict(twice) is TrustVerdict.INCONCLUSIVE
    assert "repeated" in check_probes(twice, role_arn=ROLE)[0].message


def test_a_missing_role_and_a_refused_role_read_alike_and_wait():
    assert trust_verdict(probes(DENIED)) is TrustVerdict.NOT_YET
    assert trust_verdict(probes(OTHER)) is TrustVerdict.INCONCLUSIVE
