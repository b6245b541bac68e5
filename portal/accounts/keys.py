"""References between tenant-owned rows, checked by the database: both ends carry the same organisation.

PostgreSQL gets composite foreign keys, SQLite (which cannot add a constraint to a table) triggers. They are
derived from the models after each `migrate`, so a new model is covered without anybody remembering it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.accounts.models import TenantOwned


@dataclass(frozen=True)
class TenantKey:
    """One reference from a tenant-owned table to another."""

    table: str
    column: str
    parent: str

    @property
    def name(self) -> str:
        return f"{self.table}_{self.column}_same_tenant"[:63]


def tenant_keys() -> Iterator[TenantKey]:
    """Every reference between two tenant-owned models."""
    for model in apps.get_models():
        if not issubclass(model, TenantOwned):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantOwned):
                yield TenantKey(model._meta.db_table, field.column, field.related_model._meta.db_table)


def install(using: str = "default", **_: Any) -> None:
    """Creates the checks that are missing; a `post_migrate` receiver."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    for key in tenant_keys():
        if key.table in tables and key.parent in tables:
            create = _create_foreign_key if connection.vendor == "postgresql" else _create_triggers
            create(connection, key)


def _create_foreign_key(connection: BaseDatabaseWrapper, key: TenantKey) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [key.name])
        if cursor.fetchone():
            return
        cursor.execute(
            f"ALTER TABLE {quote(key.table)} ADD CONSTRAINT {quote(key.name)}"
            f" FOREIGN KEY (organisation_id, {quote(key.column)})"
            f" REFERENCES {quote(key.parent)} (organisation_id, id) DEFERRABLE INITIALLY DEFERRED"
        )


def _create_triggers(connection: BaseDatabaseWrapper, key: TenantKey) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for moment, suffix in (
            ("INSERT", "insert"),
            (f"UPDATE OF organisation_id, {quote(key.column)}", "update"),
        ):
            cursor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {quote(f'{key.name}_{suffix}')} BEFORE {moment} ON {quote(key.table)}"  # noqa: S608 - names of our own tables
                f" WHEN NEW.{quote(key.column)} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {quote(key.parent)}"
                f" WHERE id = NEW.{quote(key.column)} AND organisation_id = NEW.organisation_id)"
                f" BEGIN SELECT RAISE(ABORT, '{key.name}'); END"
            )
