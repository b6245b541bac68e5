"""What every test may ask for. Fixtures of one kind live beside this file:

- tests/people.py     people, organisations, connections, deployments (plain functions; the fixtures are here)
- tests/journeys.py   walks a deployment through the real steps; the fixture `walk` is here
- tests/emulators.py  `emulator`, `aws_env`, `journal`
- tests/processes.py  `worker`, `live_portal`
- tests/browsers.py   `browser_page`, `open_page`
"""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from onboarding.models import Deployment
from portal.accounts.models import Organisation
from portal.aws.models import Connection
from tests import quick_clients
from tests.journeys import Walk
from tests.people import People, fresh_account_id, make_connection, make_deployment, make_people

# In this order: what another one imports comes before it.
pytest_plugins = ["tests.processes", "tests.emulators", "tests.browsers"]

quick_clients.install()

#: Seconds: a workflow that is walked in a test looks again at once.
QUICK_WORKFLOW = {"poll": 0.25, "window": 4.0, "window_first": 0.1, "trust_patience": 4.0}

#: A test that asks for one of these touches the database.
DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--only-database", action="store_true", help="run only the tests that touch the database")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begins with what takes longest, so that no process is left alone with it at the end. With --only-database, leaves
    out what would do the same on any database.
    """
    items.sort(key=lambda item: item.get_closest_marker("crash") is None)
    if not config.getoption("--only-database"):
        return
    kept = [item for item in items if touches_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not touches_database(item)])
    items[:] = kept


def touches_database(item: pytest.Item) -> bool:
    """Whether a test is marked `django_db` or asks, at any remove, for a database fixture."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & DATABASE_FIXTURES) or item.get_closest_marker("django_db") is not None


def is_loopback(address: Any) -> bool:
    """Whether a socket address stays on this machine."""
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = address[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """No test reaches beyond this machine, whatever a forgotten setting says."""
    patch = pytest.MonkeyPatch()

    def guarded(really: Any) -> Any:
        def connect(self: socket.socket, address: Any) -> Any:
            if not is_loopback(address):
                raise RuntimeError(f"A test tried to connect to {address}; tests stay on loopback.")
            return really(self, address)

        return connect

    patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    yield
    patch.undo()


@pytest.fixture
def people(db: None) -> People:
    """Owner, admin, colleague (viewer), stranger, staff (with a second factor) and nobody, each with a client."""
    return make_people()


@pytest.fixture
def organisation(people: People) -> Organisation:
    """The organisation of `people`."""
    return people.organisation


@pytest.fixture
def account_id() -> str:
    """An AWS account that only this test uses."""
    return fresh_account_id()


@pytest.fixture
def connection(organisation: Organisation, account_id: str) -> Connection:
    """The organisation's unproven link to `account_id`."""
    return make_connection(organisation, account_id)


@pytest.fixture
def deployment(organisation: Organisation) -> Deployment:
    """A deployment at its first step, without an account."""
    return make_deployment(organisation)


@pytest.fixture
def anonymous() -> Client:
    """A client in which nobody is signed in."""
    return Client()


@pytest.fixture
def walk(people: People, aws_env: object, settings: Any) -> Walk:
    """A deployment at its first step, ready to be walked along the journey: `walk.prove()`."""
    settings.WORKFLOW = {**settings.WORKFLOW, **QUICK_WORKFLOW}
    assert people.owner.user is not None
    return Walk(make_deployment(people.organisation), people.owner.user)
