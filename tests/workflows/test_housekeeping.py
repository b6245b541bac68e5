"""Chores: every one that is registered fits its row among the heartbeats, on any database."""

from datetime import timedelta

import pytest

from portal.workflows.housekeeping import CHORES, Chore, register
from portal.workflows.models import Heartbeat


def test_a_chore_whose_name_no_row_can_hold_is_refused_at_the_start() -> None:
    most = Heartbeat._meta.get_field("name").max_length
    long = Chore("x" * (most + 1), timedelta(hours=1), lambda: 0)
    with pytest.raises(ValueError, match="more than 20 characters"):
        register(long)
    assert long not in CHORES
    assert all(len(chore.name) <= most for chore in CHORES)
    assert len({chore.name for chore in CHORES}) == len(CHORES)
