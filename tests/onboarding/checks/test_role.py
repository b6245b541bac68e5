"""The role itself."""

import pytest

from onboarding.checks.role import check_role
from portal.aws.facts.roles import RoleFact

NAME = "ClickHouseManagementRole"
ACCOUNT = "222222222222"
GOOD = {
    "Arn": f"arn:aws:iam::{ACCOUNT}:role/{NAME}",
    "RoleName": NAME,
    "Path": "/",
    "PermissionsBoundary": {"PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/ClickHouseByocBoundary"},
    "MaxSessionDuration": 3600,
    "Tags": [{"Key": "clickhouse-byoc-version", "Value": "3"}],
}


def tagged(version):
    return {"Tags": [{"Key": "clickhouse-byoc-version", "Value": version}]}


def bounded(arn):
    return {"PermissionsBoundary": {"PermissionsBoundaryArn": arn}}


def judged(version="3", **changes):
    document = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return check_role(RoleFact.from_aws(document), name=NAME, account=ACCOUNT, version=version)


def unread():
    return check_role(None, name=NAME, account=ACCOUNT, version="3")


OTHER = f"arn:aws:iam::{ACCOUNT}:policy/Other"
STRANGE = "arn:aws:iam::999999999999:policy/ClickHouseByocBoundary"
MOVED = f"arn:aws:iam::{ACCOUNT}:policy/clickhouse-byoc/ClickHouseByocBoundary"

CASES = [
    ("right account", judged, "role.account", "passed", ACCOUNT),
    (
        "other account",
        lambda: judged(Arn=f"arn:aws:iam::999999999999:role/{NAME}"),
        "role.account",
        "failed",
        "999999999999",
    ),
    ("strange ARN", lambda: judged(Arn="x"), "role.account", "failed", ACCOUNT),
    ("account unread", unread, "role.account", "unknown", "could not be read"),
    ("current", judged, "role.version", "passed", "version 3"),
    ("newer", lambda: judged(**tagged("4")), "role.version", "passed", "version 4"),
    ("by number, not by letter", lambda: judged(version="9", **tagged("10")), "role.version", "passed", "version 10"),
    ("with parts", lambda: judged(version="3.0.0", **tagged("3")), "role.version", "passed", "version 3"),
    ("with a suffix", lambda: judged(version="2.1", **tagged("2.1.44-b5d5d92")), "role.version", "passed", "2.1.44"),
    ("behind", lambda: judged(**tagged("2")), "role.version", "warning", "the current one is 3"),
    ("without the tag", lambda: judged(Tags=[]), "role.version", "failed", "lacks the tag"),
    ("no version", lambda: judged(**tagged("latest")), "role.version", "unknown", "no version"),
    ("version unread", unread, "role.version", "unknown", "could not be read"),
    ("boundary", judged, "role.boundary", "passed", "ClickHouseByocBoundary"),
    ("boundary with a path", lambda: judged(**bounded(MOVED)), "role.boundary", "passed", "ClickHouseByocBoundary"),
    ("no boundary", lambda: judged(PermissionsBoundary=None), "role.boundary", "failed", "no permissions boundary"),
    ("other boundary", lambda: judged(**bounded(OTHER)), "role.boundary", "failed", OTHER),
    ("another account's", lambda: judged(**bounded(STRANGE)), "role.boundary", "failed", STRANGE),
    ("boundary unread", unread, "role.boundary", "unknown", "could not be read"),
    ("root path", judged, "role.path", "passed", "path /"),
    ("a path", lambda: judged(Path="/team/"), "role.path", "warning", "/team/"),
    ("path not stated", lambda: judged(Path=None), "role.path", "unknown", "did not say"),
    ("one hour", judged, "role.session", "passed", "3600"),
    ("twelve hours", lambda: judged(MaxSessionDuration=43200), "role.session", "warning", "43200"),
    ("session not stated", lambda: judged(MaxSessionDuration=None), "role.session", "unknown", "did not say"),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_the_role_is_judged(name, made, code, level, words):
    (finding,) = [finding for finding in made() if finding.code == code]
    assert finding.level == level
    assert words in finding.message


def test_a_good_role_has_five_passes():
    assert [finding.level for finding in judged()] == ["passed"] * 5
