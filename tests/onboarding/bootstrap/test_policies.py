"""Documents: their limits, their linters, and what they let happen."""

import json
import warnings

import pytest

from onboarding.bootstrap.accepted import ACCEPTED, Accepted, Linter
from onboarding.bootstrap.grants import RoleName
from onboarding.bootstrap.policies import (
    MANAGED_POLICY_LIMIT,
    POLICIES_PER_ROLE,
    TRUST_POLICY_LIMIT,
    all_documents,
    bootstrap_roles,
    policies_json,
)
from onboarding.rules import UnknownProfile
from tests.onboarding.bootstrap.deployed import PROFILES, VALUES

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from cloudsplaining.command.scan_policy_file import scan_policy
    from parliament import analyze_policy_string

NOT_A_FINDING = {"ServicesAffected"}


def documents(profile: str) -> dict:
    return dict(all_documents(profile, VALUES))


def findings(profile: str) -> set[tuple[Linter, str, str]]:
    found = set()
    for name, document in documents(profile).items():
        if name.endswith(".trust"):
            continue
        found |= {
            (Linter.PARLIAMENT, name, item.issue) for item in analyze_policy_string(json.dumps(document)).findings
        }
        for issue, result in scan_policy(document).items():
            listed = result.get("findings") if isinstance(result, dict) else result
            if listed and issue not in NOT_A_FINDING:
                found.add((Linter.CLOUDSPLAINING, name, issue))
    return found


def key(item: Accepted) -> tuple[Linter, str, str]:
    return item.linter, item.document, item.issue


@pytest.mark.parametrize("profile", PROFILES)
def test_linters_find_nothing_without_a_written_reason(profile: str) -> None:
    assert findings(profile) - {key(item) for item in ACCEPTED} == set()


def test_no_reason_outlives_its_finding() -> None:
    assert {key(item) for item in ACCEPTED} - findings("seed") == set()
    assert all(str(item.reason).endswith(".") for item in ACCEPTED)


def test_the_linters_would_find_an_open_policy() -> None:
    open_policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]}
    assert {item.issue for item in analyze_policy_string(json.dumps(open_policy)).findings}
    assert scan_policy(open_policy)["PrivilegeEscalation"]["findings"]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_document_fits_its_limit(profile: str) -> None:
    for name, document in documents(profile).items():
        size = len(json.dumps(document, separators=(",", ":")))
        assert size <= (TRUST_POLICY_LIMIT if name.endswith(".trust") else MANAGED_POLICY_LIMIT), name
    assert all(len(role.policies) <= POLICIES_PER_ROLE for role in bootstrap_roles(profile))


def test_the_longest_external_id_still_fits_the_trust_policy() -> None:
    longest = all_documents("seed", VALUES | {"ExternalId": "x" * 1224})
    trust = json.dumps(longest["ClickHouseManagementRole.trust"], separators=(",", ":"))
    assert len(trust) <= TRUST_POLICY_LIMIT


def test_the_vendor_is_the_one_principal_and_needs_the_external_id_for_every_action() -> None:
    for role in (RoleName.MANAGEMENT, RoleName.VERIFIER):
        (statement,) = documents("seed")[f"{role}.trust"]["Statement"]
        assert statement["Principal"] == {"AWS": "arn:aws:iam::426924874929:root"}
        assert statement["Action"] == ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
        assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "ext-0123456789abcdef"}}


def test_the_deployment_role_is_open_to_cloudformation_alone() -> None:
    (statement,) = documents("seed")["ClickHouseDeploymentRole.trust"]["Statement"]
    assert statement["Principal"] == {"Service": "cloudformation.amazonaws.com"}
    assert statement["Action"] == ["sts:AssumeRole"]


def test_values_are_put_in_whole_whatever_characters_they_have() -> None:
    strange = "a+b=c,d.e@f:g/h-i_j"
    (statement,) = all_documents("seed", VALUES | {"ExternalId": strange})["ClickHouseVerifierRole.trust"]["Statement"]
    assert statement["Condition"]["StringEquals"]["sts:ExternalId"] == strange


def test_no_placeholder_is_left_and_without_values_all_stay() -> None:
    assert "${" not in json.dumps(documents("seed"))
    assert "${AccountId}" in policies_json("seed")
    assert json.loads(policies_json("seed", VALUES)) == documents("seed")


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(UnknownProfile):
        all_documents("2030-01")
