"""The table of what CloudFormation calls: complete by the providers' schemas, and covered by both writing roles."""

from functools import cache

import pytest

from onboarding.bootstrap.grants import WRITERS, RoleName
from onboarding.bootstrap.permissions import permissions_for
from onboarding.stacks.actions import CALLED, NOT_CALLED, actions_of
from onboarding.stacks.inventory import TYPE_TITLES
from tests.onboarding.stacks.reading import KINDS, PROFILES, template

TYPES = sorted({item["Type"] for name in KINDS for item in template(name)["Resources"].values()})


@cache
def schema_actions(resource_type: str) -> frozenset[str]:
    """Every action in the handlers of a type's schema, as cfn-lint carries it."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # takes a second, and every test process reads this file

    handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource_type).schema["handlers"]
    return frozenset(
        action
        for step in ("create", "read", "update", "delete")
        for action in handlers.get(step, {}).get("permissions", [])
    )


def test_the_table_has_the_types_of_the_templates_and_no_others() -> None:
    assert sorted(CALLED) == TYPES
    assert set(NOT_CALLED) <= set(CALLED)
    assert set(TYPE_TITLES) == set(TYPES)


@pytest.mark.parametrize("resource_type", TYPES)
def test_every_action_of_a_schema_is_either_called_or_left_out_with_a_reason(resource_type: str) -> None:
    left_out = NOT_CALLED.get(resource_type, {})
    assert schema_actions(resource_type) == actions_of(resource_type) | set(left_out)
    assert not actions_of(resource_type) & set(left_out)
    assert all(reason.endswith(".") for reason in left_out.values())


@pytest.mark.parametrize("role", WRITERS)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_writing_role_has_every_action_that_the_templates_need(role: RoleName, profile: str) -> None:
    given = {permission.action for permission in permissions_for(role, profile, frozenset())}
    for resource_type in TYPES:
        assert actions_of(resource_type) - given == set(), resource_type
