"""What holds for all four templates in every profile."""

import json
import re

import pytest

from onboarding.rules import UnknownProfile
from onboarding.stacks import STACKS, stack_kind
from onboarding.stacks.naming import is_slug
from onboarding.stacks.template import BODY_LIMIT, Template
from tests.cfn_lint import lint
from tests.onboarding.stacks.reading import KINDS, PROFILES, resolved, template

EVERY = [(name, profile) for name in KINDS for profile in PROFILES]
TAGLESS = {
    "AWS::EC2::Route", "AWS::EC2::SubnetRouteTableAssociation", "AWS::EC2::VPCGatewayAttachment",
    "AWS::IAM::ManagedPolicy", "AWS::S3::BucketPolicy",
}  # fmt: skip


def test_the_stacks_come_in_order_and_depend_only_on_earlier_ones() -> None:
    assert tuple(kind.name for kind in STACKS) == KINDS
    for position, kind in enumerate(STACKS):
        assert set(kind.depends_on) <= set(KINDS[:position])
        assert kind.typical_seconds > 0
        assert str(kind.title)


@pytest.mark.parametrize(("name", "profile"), EVERY)
def test_cfn_lint_finds_nothing(name: str, profile: str) -> None:
    assert [str(match) for match in lint(stack_kind(name).template(profile), regions=["us-east-1"])] == []


@pytest.mark.parametrize(("name", "profile"), EVERY)
def test_a_body_is_the_same_each_time_and_fits_into_the_call(name: str, profile: str) -> None:
    body = stack_kind(name).template(profile)
    assert body == stack_kind(name).template(profile)
    assert len(body.encode()) <= BODY_LIMIT


def test_a_body_past_the_limit_is_refused() -> None:
    huge = Template(description="x" * BODY_LIMIT, parameters={}, resources={}, outputs={})
    with pytest.raises(ValueError, match="CloudFormation takes 51200"):
        huge.body()


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(UnknownProfile):
        stack_kind("network").template("2030-01")


@pytest.mark.parametrize(("name", "profile"), EVERY)
def test_everything_that_can_carry_tags_carries_ours(name: str, profile: str) -> None:
    for logical_id, resource in template(name, profile)["Resources"].items():
        if resource["Type"] in TAGLESS:
            continue
        properties = resource["Properties"]
        given = properties.get("Tags") or properties["TagSpecifications"][0]["Tags"]
        pairs = given if isinstance(given, dict) else {tag["Key"]: tag["Value"] for tag in given}
        assert pairs["clickhouse-byoc"] == "true", logical_id
        assert pairs["clickhouse-byoc-deployment"] == {"Ref": "Slug"}, logical_id


@pytest.mark.parametrize(("name", "profile"), EVERY)
def test_values_pass_between_stacks_as_parameters_alone(name: str, profile: str) -> None:
    body = stack_kind(name).template(profile)
    for function in ("Fn::ImportValue", "Fn::Cidr", "Fn::GetAZs", "Fn::Transform", "AWS::CloudFormation::Stack"):
        assert function not in body
    assert all("Export" not in output for output in json.loads(body)["Outputs"].values())


@pytest.mark.parametrize(("name", "profile"), EVERY)
def test_every_physical_name_holds_the_slug_or_is_aws_own(name: str, profile: str) -> None:
    named = {"RoleName", "ManagedPolicyName", "BucketName", "LaunchTemplateName"}
    for resource in template(name, profile)["Resources"].values():
        for key in named & resource["Properties"].keys():
            text = resolved(resource["Properties"][key], {"Slug": "abcd1234"})
            assert re.fullmatch(r"clickhouse-cloud-abcd1234-[a-z0-9-]+", text)
            assert len(text) <= 63


def test_only_the_roles_stack_asks_for_the_capability_to_name_roles() -> None:
    assert {kind.name: kind.capabilities for kind in STACKS} == {
        "network": (), "storage": (), "roles": ("CAPABILITY_NAMED_IAM",), "cluster": (),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "right"),
    [("abcd1234", True), ("a1234567", True), ("1bcd1234", False), ("Abcd1234", False), ("abcd123", False),
     ("abcd12345", False), ("abcd-123", False), ("abcd123４", False), ("abcd1234\n", False)],
)  # fmt: skip
def test_a_slug_is_exactly_eight_small_characters(text: str, right: bool) -> None:
    assert is_slug(text) is right
