"""The inventory: all resources of a template with titles and times, and what can block a deletion."""

import pytest

from onboarding.stacks import STACKS, stack_kind
from onboarding.stacks.inventory import BLOCKERS, blockers, inventory
from tests.onboarding.stacks.reading import KINDS, PROFILES, template


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", KINDS)
def test_it_lists_every_resource_of_the_template_in_order(name: str, profile: str) -> None:
    items = inventory(stack_kind(name), profile)
    document = template(name, profile)["Resources"]
    assert [(item.logical_id, item.type) for item in items] == [(key, value["Type"]) for key, value in document.items()]
    assert all(item.typical_seconds > 0 and str(item.title) for item in items)


@pytest.mark.parametrize("kind", STACKS, ids=lambda kind: kind.name)
def test_no_resource_takes_longer_than_its_stack(kind) -> None:
    assert max(item.typical_seconds for item in inventory(kind, "seed")) <= kind.typical_seconds


def test_only_the_storage_stack_leaves_something_behind() -> None:
    for kind in STACKS:
        assert any(item.retained for item in inventory(kind, "seed")) is (kind.name == "storage")


def test_each_stack_knows_what_can_block_it_and_codes_are_unique() -> None:
    assert {blocker.stack for blocker in BLOCKERS} == set(KINDS)
    assert len({blocker.code for blocker in BLOCKERS}) == len(BLOCKERS)
    for kind in STACKS:
        assert all(blocker.stack == kind.name and str(blocker.what) and str(blocker.act) for blocker in blockers(kind))
