"""`manage.py worker`: the queue's cluster under a watchdog, with the sweeper beside it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.workflows.watchdog import Watchdog


class Command(BaseCommand):
    help = "Works on workflows: the django-q2 cluster, the sweeper and a watchdog that restarts a silent cluster."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--silence", type=float, default=120.0, help="seconds without a sign of life (120)")

    def handle(self, *args: Any, **options: Any) -> None:
        Watchdog(silence=options["silence"]).watch()
