"""Parameters from choices and earlier outputs, and the session policy of each step."""

import json
import re
from ipaddress import IPv4Network

import pytest

from onboarding.stacks import STACKS, Zone, stack_kind, stack_tags, stacks_for
from tests.onboarding.stacks.reading import KINDS, PROFILES, ZONES, choices, template

OUTPUTS = {
    "network": {"VpcId": "vpc-0123456789abcdef0", "PrivateSubnetIds": "subnet-0a,subnet-0b,subnet-0c"},
    "roles": {
        f"{name}RoleArn": f"arn:aws:iam::222222222222:role/clickhouse-byoc/clickhouse-cloud-abcd1234-{name}"
        for name in (
            "ControlPlane", "Worker", "DataPlaneManagement", "StateExporter", "LoadBalancerController",
            "EbsCsiController", "ClusterAutoscaler", "ExternalDns", "CertManager",
        )
    },
}  # fmt: skip
LATER_OUTPUTS = OUTPUTS | {
    "roles": {
        name: arn for name, arn in OUTPUTS["roles"].items() if name not in {"ExternalDnsRoleArn", "CertManagerRoleArn"}
    }
}
NEW = {"cidr": IPv4Network("10.4.0.0/22")}
EXISTING = {"vpc_id": "vpc-0aaaaaaaaaaaaaaaa", "private_subnet_ids": ("subnet-0a", "subnet-0b", "subnet-0c")}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(("profile", "outputs"), [("seed", OUTPUTS), ("2026-08", LATER_OUTPUTS)])
def test_parameters_are_exactly_those_of_the_template_and_match_its_patterns(
    name: str, profile: str, outputs: dict
) -> None:
    given = stack_kind(name).parameters(choices(profile=profile, **NEW), outputs)
    declared = template(name, profile)["Parameters"]
    assert set(given) == set(declared)
    for key, value in given.items():
        assert re.fullmatch(declared[key].get("AllowedPattern", ".*"), value), (key, value)


def test_zones_and_blocks_are_those_of_the_plan_in_order() -> None:
    given = stack_kind("network").parameters(choices(**NEW), {})
    assert [given[f"Zone{zone}"] for zone in (1, 2, 3)] == [zone.name for zone in ZONES]
    assert [given[f"PrivateCidr{zone}"] for zone in (1, 2, 3)] == ["10.4.0.0/24", "10.4.1.0/24", "10.4.2.0/24"]
    assert [given[f"PublicCidr{zone}"] for zone in (1, 2, 3)] == ["10.4.3.0/26", "10.4.3.64/26", "10.4.3.128/26"]


def test_every_output_of_a_role_is_a_parameter_of_the_cluster() -> None:
    for profile in PROFILES:
        outputs = set(template("roles", profile)["Outputs"])
        assert outputs == {name for name in template("cluster", profile)["Parameters"] if name.endswith("RoleArn")}


def test_a_customer_managed_vpc_has_no_network_stack_and_its_own_ids_in_the_others() -> None:
    chosen = choices(**EXISTING)
    assert [kind.name for kind in stacks_for(chosen)] == ["storage", "roles", "cluster"]
    assert stack_kind("roles").parameters(chosen, {})["VpcId"] == "vpc-0aaaaaaaaaaaaaaaa"
    assert stack_kind("cluster").parameters(chosen, OUTPUTS)["SubnetIds"] == "subnet-0a,subnet-0b,subnet-0c"
    with pytest.raises(ValueError, match="no network stack"):
        stack_kind("network").parameters(chosen, {})


def test_a_new_vpc_has_all_four_stacks() -> None:
    assert [kind.name for kind in stacks_for(choices(**NEW))] == list(KINDS)


def test_a_missing_output_is_a_key_error_and_not_an_empty_value() -> None:
    with pytest.raises(KeyError):
        stack_kind("cluster").parameters(choices(**NEW), {"network": {}, "roles": {}})


@pytest.mark.parametrize(
    "wrong", [{}, NEW | EXISTING, {"vpc_id": "vpc-0a", "private_subnet_ids": ("subnet-0a", "subnet-0b")}]
)
def test_choices_are_of_one_kind_and_complete(wrong: dict) -> None:
    with pytest.raises(ValueError, match=r"A deployment has either|at least three"):
        choices(**wrong)


@pytest.mark.parametrize("name", KINDS)
def test_a_session_can_drive_its_stack_and_pass_the_deployment_role_and_nothing_else(name: str) -> None:
    text = stack_kind(name).session_policy("222222222222", "ap-southeast-2", "abcd1234")
    assert len(text) <= 2048
    stack, role = json.loads(text)["Statement"]
    assert stack["Resource"] == (
        f"arn:aws:cloudformation:ap-southeast-2:222222222222:stack/clickhouse-cloud-abcd1234-{name}/*"
    )
    assert {action.split(":")[0] for action in stack["Action"]} == {"cloudformation"}
    assert not [action for action in stack["Action"] if "*" in action]
    assert role["Action"] == "iam:PassRole"
    assert role["Resource"] == "arn:aws:iam::222222222222:role/ClickHouseDeploymentRole"
    assert role["Condition"] == {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}


def test_stack_tags_name_owner_deployment_and_intent() -> None:
    assert stack_tags("abcd1234", "intent-7") == {
        "clickhouse-byoc": "true", "clickhouse-byoc-deployment": "abcd1234", "clickhouse-byoc-intent": "intent-7",
    }  # fmt: skip


def test_stack_names_are_fixed() -> None:
    assert [kind.stack_name("abcd1234") for kind in STACKS] == [f"clickhouse-cloud-abcd1234-{name}" for name in KINDS]


def test_zones_carry_name_and_id() -> None:
    assert Zone("us-east-1a", "use1-az1").id == "use1-az1"
