"""docs/states.md shows the states as the code has them."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from onboarding.diagrams import MACHINES, Machine, states_page
from tests.metatests.sources import ROOT

PAGE = ROOT / "docs" / "states.md"
ARROW = re.compile(r"^    (\w+) --> (\w+)$", re.MULTILINE)


def test_the_page_is_what_the_tables_draw() -> None:
    assert PAGE.read_text() == states_page(), "docs/states.md is stale: run manage.py state_diagrams"


def test_it_is_drawn_the_same_whatever_language_is_active() -> None:
    with translation.override("ja"):
        assert states_page() == PAGE.read_text()


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.title)
def test_every_transition_is_one_arrow(machine: Machine) -> None:
    section = next(part for part in PAGE.read_text().split("\n## ") if part.startswith(machine.title))
    arrows = sorted(ARROW.findall(section))
    assert arrows == sorted(
        (state.value, target.value) for state, targets in machine.table.items() for target in targets
    )
    assert (ROOT / machine.source).exists()


def test_every_table_of_transitions_is_drawn() -> None:
    tables = {
        str(path.relative_to(ROOT))
        for package in ("portal", "onboarding", "networking")
        for path in (ROOT / package).rglob("states.py")
        if re.search(r"^TRANSITIONS\b", path.read_text(), re.MULTILINE)
    }
    assert tables == {machine.source for machine in MACHINES}


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    target, said = tmp_path / "states.md", StringIO()
    call_command("state_diagrams", output=target, stdout=said)
    assert target.read_text() == states_page()
    assert str(target) in said.getvalue()
