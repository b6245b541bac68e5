"""Starts the demo: emulator, web and worker, with seeded accounts and people."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.demo.environment import BASE_DIR


class Command(BaseCommand):
    """Gives its place to the supervisor, which is far smaller than a process with Django in it."""

    help = "Starts the AWS emulator, the web server and the worker. PORT, EMULATOR_PORT, DEMO_DIR, RESET=1."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        sys.stdout.flush()
        os.chdir(BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "portal.demo"])  # noqa: S606 - our own Python
