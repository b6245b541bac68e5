"""The text of trust policies, ours and others."""

import pytest

from onboarding.checks.trust_policies import check_trust_policy

ROLE = "arn:aws:iam::222222222222:role/ClickHouseManagementRole"
VENDOR = "111111111111"
ID = "byoc-3f9a"
ACTIONS = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
EXACT = {"StringEquals": {"sts:ExternalId": ID}}


def statement(**changes):
    base = {
        "Sid": "Vendor",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{VENDOR}:root"},
        "Action": ACTIONS,
        "Condition": EXACT,
    }
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


def judged(*statements):
    document = None if statements == (None,) else {"Version": "2012-10-17", "Statement": list(statements)}
    return check_trust_policy(document, role_arn=ROLE, vendor_account=VENDOR, external_id=ID)


def condition(value):
    return lambda: judged(statement(Condition=value))


def principal(value):
    return lambda: judged(statement(Principal=value))


OURS = f"arn:aws:iam::{VENDOR}:role/Controller"
THEIRS = "arn:aws:iam::999999999999:root"
OTHER = {"Sid": "Mine", "Effect": "Allow", "Principal": {"AWS": THEIRS}, "Action": "sts:AssumeRole"}
LAMBDA = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
SPLIT = statement(Sid="Tags", Action=["sts:TagSession", "sts:SetSourceIdentity"])

CASES = [
    ("the template's policy", lambda: judged(statement()), "trust.principal", "passed", VENDOR),
    ("the bare account as principal", principal({"AWS": VENDOR}), "trust.principal", "passed", VENDOR),
    ("a role of ours as principal", principal({"AWS": [OURS]}), "trust.principal", "passed", VENDOR),
    ("everybody", principal("*"), "trust.principal", "failed", "everybody"),
    ("everybody, in long", principal({"AWS": "*"}), "trust.principal", "failed", "Vendor"),
    (
        "everybody but one",
        lambda: judged(statement(Principal=None, NotPrincipal={"AWS": THEIRS})),
        "trust.principal",
        "failed",
        "everybody",
    ),
    ("somebody else only", principal({"AWS": THEIRS}), "trust.principal", "failed", "does not name"),
    ("somebody else beside us", principal({"AWS": [VENDOR, THEIRS]}), "trust.principal", "failed", THEIRS),
    ("only a denial", lambda: judged(statement(Effect="Deny")), "trust.principal", "failed", "does not name"),
    ("no statements", judged, "trust.principal", "failed", "does not name"),
    ("unread", lambda: judged(None), "trust.principal", "unknown", "could not be read"),
    ("exactly our ID", condition(EXACT), "trust.condition", "passed", "exactly"),
    ("our ID in a list", condition({"StringEquals": {"sts:ExternalId": [ID]}}), "trust.condition", "passed", "exactly"),
    ("keys know no case", condition({"stringequals": {"STS:externalid": ID}}), "trust.condition", "passed", "exactly"),
    ("more conditions", condition({**EXACT, "StringLike": {"sts:ExternalId": "*"}}), "trust.condition", "passed", "ex"),
    ("no condition", condition(None), "trust.condition", "failed", "no condition on sts:ExternalId"),
    ("another key", condition({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), "trust.condition", "failed", "no cond"),
    ("another ID", condition({"StringEquals": {"sts:ExternalId": "x"}}), "trust.condition", "failed", "another value"),
    (
        "one of two IDs",
        condition({"StringEquals": {"sts:ExternalId": [ID, "x"]}}),
        "trust.condition",
        "failed",
        "another",
    ),
    (
        "IfExists",
        condition({"StringEqualsIfExists": {"sts:ExternalId": ID}}),
        "trust.condition",
        "failed",
        "StringEqualsIfExists, which is true without",
    ),
    ("a wildcard", condition({"StringLike": {"sts:ExternalId": "*"}}), "trust.condition", "failed", "wildcard"),
    (
        "a wildcard at the end",
        condition({"StringLike": {"sts:ExternalId": "byoc-*"}}),
        "trust.condition",
        "failed",
        "wild",
    ),
    (
        "StringLike",
        condition({"StringLike": {"sts:ExternalId": ID}}),
        "trust.condition",
        "failed",
        "in place of StringE",
    ),
    (
        "any of a set",
        condition({"ForAllValues:StringEquals": {"sts:ExternalId": ID}}),
        "trust.condition",
        "failed",
        "ForAllValues:StringEquals in place",
    ),
    ("a negation", condition({"StringNotEquals": {"sts:ExternalId": "x"}}), "trust.condition", "failed", "in place"),
    (
        "a second open door",
        lambda: judged(statement(), statement(Sid="Back", Condition=None)),
        "trust.condition",
        "failed",
        "Statement Back",
    ),
    ("nobody let in", lambda: judged(OTHER), "trust.condition", "unknown", "no statement for us"),
    ("what we use", lambda: judged(statement()), "trust.actions", "passed", "allows what we use"),
    ("all of STS", lambda: judged(statement(Action="sts:*")), "trust.actions", "passed", "allows"),
    ("two statements", lambda: judged(statement(Action="sts:AssumeRole"), SPLIT), "trust.actions", "passed", "allows"),
    (
        "AssumeRole only",
        lambda: judged(statement(Action="sts:AssumeRole")),
        "trust.actions",
        "failed",
        "sts:SetSourceIdentity, sts:TagSession",
    ),
    ("no actions to read", lambda: judged(OTHER), "trust.actions", "unknown", "no statement for us"),
    ("nobody else", lambda: judged(statement(), SPLIT), "trust.statements", "passed", "no other"),
    ("another account", lambda: judged(statement(), OTHER), "trust.statements", "warning", THEIRS),
    ("a service", lambda: judged(statement(), LAMBDA), "trust.statements", "warning", "Statement 2"),
    ("unread statements", lambda: judged(None), "trust.statements", "unknown", "could not be read"),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_a_trust_policy_is_read(name, made, code, level, words):
    found = [finding for finding in made() if finding.code == code]
    assert [finding.level for finding in found] == [level]
    assert words in found[0].message
    assert ROLE in found[0].resources


def test_the_templates_policy_has_nothing_to_say():
    assert {finding.level for finding in judged(statement())} == {"passed"}


def test_one_statement_need_not_stand_in_a_list():
    found = check_trust_policy({"Statement": statement()}, role_arn=ROLE, vendor_account=VENDOR, external_id=ID)
    assert {finding.level for finding in found} == {"passed"}


@pytest.mark.parametrize(
    "document", [{}, {"Statement": "x"}, {"Statement": [1, None]}, {"Statement": [{"Effect": "Allow"}]}]
)
def test_a_strange_document_passes_nothing_that_matters(document):
    found = check_trust_policy(document, role_arn=ROLE, vendor_account=VENDOR, external_id=ID)
    assert {finding.level for finding in found if finding.code == "trust.principal"} == {"failed"}
    assert "passed" not in {finding.level for finding in found if finding.code == "trust.condition"}


def test_the_policy_that_the_bootstrap_deploys_has_nothing_to_say():
    from onboarding.bootstrap.policies import rendered, vendor_trust

    deployed = rendered(vendor_trust(), {"VendorAccountId": VENDOR, "ExternalId": ID})
    found = check_trust_policy(deployed, role_arn=ROLE, vendor_account=VENDOR, external_id=ID)
    assert {finding.level for finding in found} == {"passed"}
