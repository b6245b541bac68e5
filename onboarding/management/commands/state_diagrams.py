"""`manage.py state_diagrams`: draws docs/states.md from the tables of transitions."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from onboarding.diagrams import states_page


class Command(BaseCommand):
    help = "Writes the state machines as Mermaid diagrams to docs/states.md."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, default=Path(settings.BASE_DIR) / "docs" / "states.md")

    def handle(self, *args: Any, **options: Any) -> None:
        options["output"].write_text(states_page())
        self.stdout.write(f"{options['output']} written")
