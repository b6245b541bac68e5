"""The ledger of each role as HTML, written once: all of it but the frame is the same each time.

It depends on rules, options, the values that stand for placeholders, the chosen step and the language; on no row.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from onboarding.bootstrap.grants import Option, Step
from onboarding.permission_table import PermissionTable, RoleTable, Row, permission_table

#: Placeholder and value, in order of the placeholder.
Values = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class WrittenRole:
    """A role with its statements as HTML: its own, and those that it shares with a role shown before."""

    role: RoleTable
    rows: SafeString
    shared: SafeString


@dataclass(frozen=True)
class PermissionPage:
    """The table and its roles, ready to be shown."""

    table: PermissionTable
    roles: tuple[WrittenRole, ...]


def permission_page(profile: str, *, options: frozenset[Option], values: Values, step: str = "") -> PermissionPage:
    """The page of a profile under the customer's options, in the active language. An unknown `step` leaves all."""
    known = step if step in set(Step) else ""
    return _page(profile, options, values, known, get_language() or "")


@lru_cache(maxsize=32)
def _page(profile: str, options: frozenset[Option], values: Values, step: str, _language: str) -> PermissionPage:
    table = permission_table(profile, options=options, values=dict(values), step=step)
    return PermissionPage(
        table, tuple(WrittenRole(role, _written(role, role.rows), _written(role, role.shared)) for role in table.roles)
    )


def _written(role: RoleTable, rows: tuple[Row, ...]) -> SafeString:
    return render_to_string("onboarding/_ledger.html", {"role": role, "rows": rows}) if rows else SafeString()
