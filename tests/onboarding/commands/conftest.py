"""A shell, and a database connection that a command may not close under the test."""

import pytest
from django.core.management import base

from tests.onboarding.commands.running import Shell


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """`shell.run("check_role", "--json")`. A command closes its connections at the end; here they are the test's."""
    monkeypatch.setattr(base.connections, "close_all", lambda: None)
    return Shell(capsys)
