"""The state machines as a page of diagrams, drawn from the tables of allowed transitions and from nothing else.

An app above this one makes its tables known when it starts, so that nothing here imports it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils import translation

from onboarding import states as onboarding_states
from portal.workflows import states as workflow_states


@dataclass(frozen=True)
class Machine:
    """One table of transitions: `table` maps a state to the states it may become, the first state is the beginning."""

    title: str
    source: str
    table: Mapping[Any, tuple[Any, ...]]


_machines = [
    Machine("A deployment", "onboarding/states.py", onboarding_states.TRANSITIONS),
    Machine("A workflow", "portal/workflows/states.py", workflow_states.TRANSITIONS),
]
_HEAD = """\
# States

Drawn from the tables of allowed transitions by `manage.py state_diagrams`; do not edit. A test compares this page with
the tables. A change that is not an arrow here is refused in the database, by a conditional update on the state.
"""


def register(machine: Machine) -> None:
    """Makes a further table known. Raises ValueError when its title is already taken by another one."""
    namesake = next((known for known in _machines if known.title == machine.title), None)
    if namesake is None:
        _machines.append(machine)
    elif namesake != machine:
        raise ValueError(f"Two tables of transitions are called {machine.title}.")


def machines() -> tuple[Machine, ...]:
    """Every table that is drawn, in the order of the page."""
    return tuple(_machines)


def states_page() -> str:
    """The whole page in Markdown, in English, the same for the same tables."""
    with translation.override("en"):
        return "\n".join([_HEAD, *(_section(machine) for machine in machines())])


def _section(machine: Machine) -> str:
    drawing = "\n".join(f"    {line}" for line in _lines(machine.table))
    return f"## {machine.title}\n`{machine.source}`\n\n```mermaid\nstateDiagram-v2\n{drawing}\n```\n"


def _lines(table: Mapping[Any, tuple[Any, ...]]) -> Iterator[str]:
    first: TextChoices = next(iter(table))
    for state in table:
        yield f'state "{state.label}" as {state.value}'
    yield f"[*] --> {first.value}"
    for state, targets in table.items():
        yield from (f"{state.value} --> {target.value}" for target in targets)
        if not targets:
            yield f"{state.value} --> [*]"
