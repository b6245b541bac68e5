"""Fixtures of the peering's journeys."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from networking.actions import looks
from portal.demo.seeds.vendor import publish_templates
from tests.e2e.peering_ground import PATIENCE
from tests.emulators import Emulator
from tests.journeys import Walk
from tests.processes import Workers


@pytest.fixture
def peering_portal(
    walk: Walk,
    aws_env: Emulator,
    live_server: Any,
    workers: Workers,
    settings: Any,
    watch: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """Web and worker over real HTTP on the test's database; the AWS console is its stand-in, as in the demo."""
    settings.PORTAL_BASE_URL = live_server.url
    settings.AWS_CONSOLE_URL = f"{live_server.url}/demo/console"
    # A journey goes through in seconds what takes a person minutes.
    monkeypatch.setattr(looks, "MOST_LOOKS", 40)
    publish_templates()
    # A link to the console does not say for which account it is meant: the stand-in says so until it is switched.
    watch.allow(r"404.*/demo/console/vpc/")
    worker = workers.start(PORTAL_MODE="demo", PORTAL_BASE_URL=live_server.url)
    expect.set_options(timeout=PATIENCE)
    yield live_server.url
    expect.set_options(timeout=None)
    print(worker.output()[-4000:])
