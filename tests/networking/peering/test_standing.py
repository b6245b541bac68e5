"""How a peering stands, from rows alone."""

import pytest

from networking.peering.standing import standing_of
from networking.states import PeeringState, PeeringStep
from tests.networking import peered as scene
from tests.people import People

pytestmark = pytest.mark.django_db


def test_all_six_are_done_where_all_was_seen(people: People) -> None:
    peering = scene.peered(people)
    changed = scene.record(peering)
    assert [one.message for one in changed.standing.findings if one.level.value != "passed"] == []
    assert (changed.was, changed.state) == (PeeringState.SETTING_UP, PeeringState.CONNECTED)
    assert changed.standing.current is None
    assert changed.standing.is_observed


def test_nothing_is_done_before_anything_was(people: People) -> None:
    peering = scene.peered(people)
    standing = scene.record_nothing_yet(peering).standing
    assert [step for step in PeeringStep if standing.is_done(step)] == []
    assert standing.current is PeeringStep.BALANCER
    assert standing.connection is None


def test_a_standing_costs_five_queries_at_most(people, django_assert_max_num_queries) -> None:
    peering = scene.peered(people, access=True)
    scene.record(peering, there=scene.blind())
    with django_assert_max_num_queries(5):
        standing_of(peering)
