"""What all commands have in common that look at something and print findings."""

import sys
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from portal.findings.reports import WRONG_ARGUMENTS, Report


class Unusable(CommandError):
    """Wrong arguments, or something that cannot be looked at: one line on stderr, exit status 3."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()), returncode=WRONG_ARGUMENTS)


class LineCommand(BaseCommand):
    """A command for scripts: whatever is wrong is one line on stderr and exit status 3, never a traceback."""

    requires_system_checks: tuple[str, ...] = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser, which raises where argparse would print its usage and end with 2."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.called_from_command_line = False
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        """Runs; what the parser refuses is said in one line."""
        try:
            super().run_from_argv(argv)
        except CommandError as refusal:
            self.stderr.write(str(refusal).removeprefix("Error: "))
            sys.exit(WRONG_ARGUMENTS)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Runs; a database that cannot be read is said in one line."""
        try:
            return super().execute(*args, **options)
        except DatabaseError as error:
            raise Unusable(f"The database cannot be read: {error}") from error


class FindingsCommand(LineCommand):
    """Prints a report; the exit status tells the verdict."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        report = self.report(**options)
        self.stdout.write(report.as_json() if options["json"] else report.as_text())
        if report.exit_status:
            sys.exit(report.exit_status)

    def report(self, **options: Any) -> Report:
        """Looks and judges. Raises Unusable."""
        raise NotImplementedError


def identity(text: str) -> UUID:
    """The id in an argument. Raises Unusable."""
    try:
        return UUID(text)
    except ValueError:
        raise Unusable(f"{text!r} is no id. Ids look like 5f0c7a52-3b0e-4f6a-9d57-0a8f3c1e2b4d.") from None
