"""docs/states.md shows the states as the code has them."""

import importlib
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from onboarding.diagrams import Machine, machines, register, states_page
from tests.metatests.sources import ROOT

PAGE = ROOT / "docs" / "states.md"
ARROW = re.compile(r"^    (\w+) --> (\w+)$", re.MULTILINE)
TABLE = re.compile(r"^((?:[A-Z]+_)*TRANSITIONS)\b", re.MULTILINE)


def test_the_page_is_what_the_tables_draw() -> None:
    assert PAGE.read_text() == states_page(), "docs/states.md is stale: run manage.py state_diagrams"


def test_it_is_drawn_the_same_whatever_language_is_active() -> None:
    with translation.override("ja"):
        assert states_page() == PAGE.read_text()


@pytest.mark.parametrize("machine", machines(), ids=lambda machine: machine.title)
def test_every_transition_is_one_arrow(machine: Machine) -> None:
    section = next(part for part in PAGE.read_text().split("\n## ") if part.startswith(machine.title))
    arrows = sorted(ARROW.findall(section))
    assert arrows == sorted(
        (state.value, target.value) for state, targets in machine.table.items() for target in targets
    )
    assert (ROOT / machine.source).exists()


def test_every_table_of_transitions_is_drawn() -> None:
    files = (path for package in ("portal", "onboarding", "networking") for path in (ROOT / package).rglob("states.py"))
    tables = [
        (str(path.relative_to(ROOT)), getattr(importlib.import_module(_dotted(path)), name))
        for path in files
        for name in TABLE.findall(path.read_text())
    ]
    drawn = [(machine.source, machine.table) for machine in machines()]
    assert len(tables) == len(drawn) > 2
    assert all(table in drawn for table in tables)


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_a_table_that_is_made_known_twice_is_drawn_once_and_a_namesake_is_refused() -> None:
    before, last = machines(), machines()[-1]
    register(last)
    assert machines() == before
    with pytest.raises(ValueError, match=last.title):
        register(Machine(last.title, last.source, {}))
    assert machines() == before


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    target, said = tmp_path / "states.md", StringIO()
    call_command("state_diagrams", output=target, stdout=said)
    assert target.read_text() == states_page()
    assert str(target) in said.getvalue()
