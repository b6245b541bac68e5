"""`manage.py check_peering`: judges the six steps of one peering, from a facts file without AWS, or looking at it."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from networking.facts.files import UnreadableFacts
from networking.management.doors import through
from networking.management.given import given_bytes
from networking.models import Peering
from networking.peering.access import is_own_account, proven_target
from networking.peering.checks.judge import judge_peering
from networking.peering.facts_file import parse_peering_facts
from networking.peering.shapes import PeeringSide
from networking.peering.standing import standing_with
from networking.peering.stored_looks import PeeringLook
from onboarding.rules.profiles import DEFAULT_PROFILE, profile, profile_names
from portal.aws.errors import AwsProblem
from portal.aws.facts.networks import VpcNetwork
from portal.aws.models import Connection
from portal.aws.peerings import ACCEPTER_LOOKING, REQUESTER_LOOKING, Vantage, read_sides
from portal.aws.sessions import AccountSession, Errand, open_session, session_policy
from portal.aws.states import RoleKind
from portal.findings.commands import FindingsCommand, Unusable, identity
from portal.findings.reports import Report

ERRAND = Errand(purpose="check-peering", actor="command")


class Command(FindingsCommand):
    help = (
        "Judges one VPC peering: from a facts file of one side or of both, without AWS and without the database, or "
        "looking at both sides with the roles that the customer gave. Changes nothing. "
        "Exit status: 0 nothing failed, 1 something failed, 2 something is unknown, 3 wrong arguments."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--facts", metavar="FILE", help="a peering's facts file; - for standard input")
        source.add_argument("--peering", metavar="ID", help="id of the peering to look at")
        parser.add_argument(
            "--profile",
            choices=profile_names(),
            help=f"edition of the rules; default: that of the deployment, for a facts file {DEFAULT_PROFILE}",
        )

    def report(self, **options: Any) -> Report:
        return _stated(options) if options["facts"] is not None else self._seen(options)

    def _seen(self, options: dict[str, Any]) -> Report:
        """The peering as AWS shows it now; without a session nothing of it is known, which is said on stderr."""
        peering, at = _peering_at(options["peering"]), timezone.now()
        try:
            here, there = self._look(peering)
        except AwsProblem as problem:
            self._say(problem)
            here, there = PeeringSide(network=_unseen(peering)), PeeringSide()
        look = PeeringLook(
            requester_vpc=peering.requester_vpc, accepter_vpc=peering.vpc_id, requester=here, accepter=there
        )
        standing = standing_with(peering, look, at)
        edition = options["profile"] or standing.profile.name
        found = judge_peering(
            standing.registered, standing.requester, standing.accepter, profile=profile(edition)
        )  # fmt: skip
        subject = standing.registered.id or str(peering.pk)
        return Report(subject=subject, profile=edition, observed_at=at, findings=found)

    def _look(self, peering: Peering) -> tuple[PeeringSide, PeeringSide]:
        """Both sides. Raises Unusable, or AwsProblem when AWS gives no answer about the BYOC side."""
        connection = peering.deployment.connection
        if connection is None:
            raise Unusable(f"The deployment of the peering {peering.pk} has no connection.")
        with through(connection):
            own = _session(connection, RoleKind.VERIFIER, peering.requester_region, REQUESTER_LOOKING)
            requester = Vantage(session=own, region=peering.requester_region, vpc_id=peering.requester_vpc)
            return read_sides(requester, self._target(peering, own))

    def _target(self, peering: Peering, own: AccountSession) -> Vantage | None:
        """From where the target side is looked at; None where nobody lets us."""
        session, link = (own if is_own_account(peering) else None), proven_target(peering)
        if session is None and link is not None:
            try:
                session = _session(link, RoleKind.PEERING, peering.region, ACCEPTER_LOOKING)
            except AwsProblem as problem:
                self._say(problem)
        return Vantage(session=session, region=peering.region, vpc_id=peering.vpc_id) if session else None

    def _say(self, problem: AwsProblem) -> None:
        self.stderr.write(f"AWS gave no usable answer to {problem.operation}: {problem.code}. Nothing was seen there.")


def _peering_at(text: str) -> Peering:
    """The peering with this id. Raises Unusable."""
    wanted = identity(text)
    found: Peering | None = (
        Peering.objects.select_related("deployment__connection", "organisation").filter(pk=wanted).first()
    )
    if found is None:
        raise Unusable(f"There is no peering with the id {wanted}.")
    return found


def _session(connection: Connection, role: RoleKind, region: str, actions: tuple[str, ...]) -> AccountSession:
    return open_session(connection, role, errand=ERRAND, policy=session_policy(*actions), region=region)


def _unseen(peering: Peering) -> VpcNetwork:
    account = peering.deployment.connection.account_id if peering.deployment.connection else ""
    return VpcNetwork(account=account, region=peering.requester_region, vpc_id=peering.requester_vpc)


def _stated(options: dict[str, Any]) -> Report:
    """What the facts file says. Raises Unusable."""
    try:
        facts = parse_peering_facts(given_bytes(options["facts"]))
    except UnreadableFacts as unreadable:
        raise Unusable(str(unreadable)) from None
    edition = options["profile"] or DEFAULT_PROFILE
    return Report(
        subject=facts.registered.id,
        profile=edition,
        observed_at=facts.collected_at or timezone.now(),
        findings=judge_peering(facts.registered, facts.requester, facts.accepter, profile=profile(edition)),
    )
