"""Reports: what scripts outside rely on."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from portal.findings.reports import Report, folded
from portal.findings.shapes import Evidence, Finding, Level

TOKYO = timezone(timedelta(hours=9))


def finding(code: str, level: Level, *resources: str, message: str = "") -> Finding:
    return Finding(code=code, level=level, message=message or f"{code} of {resources}.", resources=resources)


def report(*levels: Level) -> Report:
    found = tuple(finding(f"code.{number}", level) for number, level in enumerate(levels))
    return Report(subject="vpc-1", profile="seed", observed_at=datetime(2026, 11, 23, 12, tzinfo=TOKYO), findings=found)


def test_a_code_that_is_fine_everywhere_is_one_finding_with_all_resources() -> None:
    found = folded([
        finding("role.path", Level.PASSED, "role-1", message="One."),
        finding("role.boundary", Level.PASSED, "role-1"),
        finding("role.path", Level.PASSED, "role-2", message="Two."),
    ])  # fmt: skip
    assert [(one.code, one.resources) for one in found] == [
        ("role.path", ("role-1", "role-2")),
        ("role.boundary", ("role-1",)),
    ]
    assert found[0].message == "One. Two."


def test_a_code_that_is_wrong_somewhere_names_only_what_is_wrong() -> None:
    found = folded([
        finding("subnets.size", Level.PASSED, "subnet-1"),
        finding("subnets.size", Level.FAILED, "subnet-2"),
        finding("subnets.size", Level.UNKNOWN, "subnet-3"),
        finding("subnets.size", Level.FAILED, "subnet-2"),
    ])  # fmt: skip
    assert [(one.level, one.resources) for one in found] == [
        (Level.FAILED, ("subnet-2",)),
        (Level.UNKNOWN, ("subnet-3",)),
    ]


@pytest.mark.parametrize(
    ("levels", "verdict", "status"),
    [
        ((Level.PASSED, Level.PASSED), "passed", 0),
        ((Level.PASSED, Level.WARNING), "warning", 0),
        ((Level.WARNING, Level.UNKNOWN), "unknown", 2),
        ((Level.UNKNOWN, Level.FAILED), "failed", 1),
        ((), "unknown", 2),
    ],
)
def test_the_worst_level_is_the_verdict_and_the_exit_status(
    levels: tuple[Level, ...], verdict: str, status: int
) -> None:
    made = report(*levels)
    assert (made.verdict.value, made.exit_status) == (verdict, status)


def test_the_json_has_exactly_the_promised_fields_and_utc_times() -> None:
    document = json.loads(report(Level.FAILED).as_json())
    assert list(document) == ["subject", "profile", "observed_at", "verdict", "findings"]
    assert document["observed_at"] == "2026-11-23T03:00:00Z"
    assert set(document["findings"][0]) == {"code", "level", "message", "resources", "remedy", "evidence"}
    assert document["findings"][0]["evidence"] == Evidence.OBSERVED.value


def test_the_text_begins_with_the_worst_and_ends_with_the_verdict() -> None:
    lines = report(Level.PASSED, Level.UNKNOWN, Level.FAILED).as_text().splitlines()
    assert lines[0].startswith("failed")
    assert lines[-1] == "vpc-1: failed (profile seed)"
