"""References between tenants' rows: the database itself refuses one that leads to another tenant."""

import pytest
from django.db import IntegrityError, connection, transaction

from onboarding.models import Deployment
from portal.accounts.keys import TenantKey, tenant_keys
from portal.accounts.models import Organisation
from portal.aws.models import Connection
from tests.people import make_connection, make_deployment, make_organisation

KEYS = list(tenant_keys())


def installed(key: TenantKey) -> int:
    """How many checks of this key the database has: one constraint, or a trigger each for insert and update."""
    if connection.vendor == "postgresql":
        question, name = "SELECT count(*) FROM pg_constraint WHERE conname = %s", key.name
    else:
        question, name = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", f"{key.name}%"
    with connection.cursor() as cursor:
        cursor.execute(question, [name])
        return int(cursor.fetchone()[0])


def now_checked() -> None:
    """PostgreSQL looks at the end of a transaction; from here on it looks at once."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def elsewhere(db: None) -> Connection:
    """A connection of another tenant."""
    return make_connection(make_organisation("Difference Engines"), "210987654321")


def test_there_are_references_to_check() -> None:
    assert {"onboarding_deployment", "workflows_intent", "aws_callrecord"} <= {key.table for key in KEYS}


@pytest.mark.django_db
@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_every_reference_between_tenants_rows_is_checked(key: TenantKey) -> None:
    assert installed(key) == (1 if connection.vendor == "postgresql" else 2)


def test_a_row_cannot_be_made_with_another_tenants_row(organisation: Organisation, elsewhere: Connection) -> None:
    now_checked()
    with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
        Deployment.objects.create(organisation=organisation, name="theirs", connection=elsewhere)


def test_a_row_cannot_be_led_to_another_tenants_row(organisation: Organisation, elsewhere: Connection) -> None:
    deployment = make_deployment(organisation)
    now_checked()
    with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
        Deployment.objects.filter(pk=deployment.pk).update(connection=elsewhere)


def test_a_row_cannot_move_to_another_tenant_while_it_refers_to_the_first(
    organisation: Organisation, elsewhere: Connection
) -> None:
    deployment = make_deployment(organisation)
    mine = make_connection(organisation, "210987654322")
    Deployment.objects.filter(pk=deployment.pk).update(connection=mine)
    now_checked()
    with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
        Deployment.objects.filter(pk=deployment.pk).update(organisation=elsewhere.organisation)
