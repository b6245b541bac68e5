"""`manage.py check_peering`: judges the six steps of one peering, from a facts file, without AWS.

Peerings are not stored yet, so there is no `--peering ID` that would look through AWS; it comes with them.
"""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from networking.facts.files import UnreadableFacts
from networking.management.given import given_bytes
from networking.peering.checks.judge import judge_peering
from networking.peering.facts_file import parse_peering_facts
from onboarding.rules.profiles import DEFAULT_PROFILE, profile, profile_names
from portal.findings.commands import FindingsCommand, Unusable
from portal.findings.reports import Report


class Command(FindingsCommand):
    help = (
        "Judges one VPC peering from a facts file of one side or of both, without AWS and without the database. "
        "Changes nothing. "
        "Exit status: 0 nothing failed, 1 something failed, 2 something is unknown, 3 wrong arguments."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--facts", metavar="FILE", required=True, help="a peering's facts file; - for stdin")
        parser.add_argument(
            "--profile",
            choices=profile_names(),
            default=DEFAULT_PROFILE,
            help=f"edition of the rules; default: {DEFAULT_PROFILE}",
        )

    def report(self, **options: Any) -> Report:
        try:
            facts = parse_peering_facts(given_bytes(options["facts"]))
        except UnreadableFacts as unreadable:
            raise Unusable(str(unreadable)) from None
        findings = judge_peering(facts.registered, facts.requester, facts.accepter, profile=profile(options["profile"]))
        return Report(
            subject=facts.registered.id,
            profile=options["profile"],
            observed_at=facts.collected_at or timezone.now(),
            findings=findings,
        )
