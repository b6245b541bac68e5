"""What there is no room for in the picture is folded into one box of each row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from networking.maps import words
from networking.maps.nodes import Judged, Link, TableNode, judged
from networking.maps.ways_out import WayOut
from portal.findings.shapes import SEVERITY, Level

TABLES_DRAWN, TARGETS_DRAWN = 8, 8
#: The key of what was folded; and of the way of a table that has none.
REST, NOWHERE = "rest", "nowhere"


@dataclass(frozen=True, kw_only=True)
class Target:
    """A box of the row of targets: a way out, none at all, or the rest of them; and the tables that lead there."""

    key: str
    label: str
    tables: tuple[str, ...]
    way: WayOut | None = None


def tables_drawn(tables: Sequence[TableNode]) -> dict[str, TableNode]:
    """Key → table, in the given order; the last one stands for those that are too many."""
    if len(tables) <= TABLES_DRAWN:
        return {table.key: table for table in tables}
    shown, rest = tables[: TABLES_DRAWN - 1], tables[TABLES_DRAWN - 1 :]
    return {table.key: table for table in shown} | {REST: _rest(rest)}


def _rest(tables: Sequence[TableNode]) -> TableNode:
    """Many tables as one: with the worst level and line of all, and every way out."""
    links = {table.s3 for table in tables}
    levels = {table.judged.level for table in tables}
    said = judged(finding for table in tables for finding in table.judged.findings)
    worst = next((level for level in SEVERITY if level in levels), Level.UNKNOWN)
    return TableNode(
        key=REST,
        fact=None,
        judged=Judged(level=worst, findings=said.findings),
        ways=tuple({way.target: way for table in tables for way in table.ways}.values()),
        s3=next(link for link in (Link.MISSING, Link.UNKNOWN, Link.THERE) if link in links),
        count=len(tables),
    )


def table_key(key: str, drawn: Mapping[str, TableNode]) -> str:
    """Under which key a table is drawn."""
    return key if key in drawn else REST


def targets_drawn(tables: Sequence[TableNode]) -> dict[str, Target]:
    """Key → target, in the order of the tables; the last one stands for those that are too many."""
    found: dict[str, Target] = {}
    for table in tables:
        for way in table.ways:
            _lead(found, way.target, way.label, table, way)
        if table.fact is not None and not table.ways:
            _lead(found, NOWHERE, words.no_way(), table, None)
    if len(found) <= TARGETS_DRAWN:
        return found
    rest = list(found.values())[TARGETS_DRAWN - 1 :]
    for target in rest:
        del found[target.key]
    leading = tuple(dict.fromkeys(key for target in rest for key in target.tables))
    return found | {REST: Target(key=REST, label=words.more_targets(len(rest)), tables=leading)}


def _lead(found: dict[str, Target], key: str, label: str, table: TableNode, way: WayOut | None) -> None:
    before = found[key].tables if key in found else ()
    found[key] = Target(key=key, label=label, tables=(*before, table.key), way=way)
