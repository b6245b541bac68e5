"""Runs a management command as a shell would: its exit status and both streams."""

from dataclasses import dataclass

import pytest
from django.core.management import load_command_class


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """Runs commands within this process, so that they see the test's database."""

    capture: pytest.CaptureFixture[str]

    def run(self, name: str, *arguments: str) -> Ran:
        """`manage.py NAME ARGUMENTS`. Any exception but the exit itself would be a traceback, and fails the test."""
        self.capture.readouterr()
        status = 0
        try:
            load_command_class("onboarding", name).run_from_argv(["manage.py", name, *arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        streams = self.capture.readouterr()
        return Ran(status, streams.out, streams.err)
