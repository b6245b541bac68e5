"""`manage.py check_role`: the trust probes and the permission check of one connection, without a workflow."""

from argparse import ArgumentParser
from typing import Any

from botocore.exceptions import NoCredentialsError, PartialCredentialsError
from django.utils import timezone

from onboarding.checks.trust import TrustVerdict, check_probes, trust_verdict
from onboarding.management.subjects import deployment_at
from onboarding.models import Deployment
from onboarding.tasks.permissions import RolesSeen, place_of, see_roles
from onboarding.tasks.trust import probe_role
from portal.aws.errors import AwsProblem
from portal.aws.sessions import DoorClosed, Errand, WrongAccount, open_session
from portal.aws.states import RoleKind
from portal.findings.commands import FindingsCommand, Unusable
from portal.findings.reports import Report
from portal.findings.shapes import Finding

ERRAND = Errand(purpose="check-role", actor="command")


class Command(FindingsCommand):
    help = (
        "Looks at the bootstrap roles of one connection: four probes of each role's trust, then, only if trust is "
        "proven, the roles and their permissions. Changes nothing; each call stands in the connection's call ledger. "
        "Exit status: 0 nothing failed, 1 something failed, 2 something is unknown, 3 wrong arguments."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--connection", metavar="ID", required=True, help="id of the connection")

    def report(self, **options: Any) -> Report:
        deployment = deployment_at(options["connection"])
        assert deployment.connection is not None
        account = deployment.connection.account_id
        seen_at = timezone.now()
        try:
            findings = look(deployment)
        except DoorClosed as closed:
            raise Unusable(f"The connection to {account} is {closed}; no session is opened through it.") from None
        except WrongAccount:
            raise Unusable(f"AWS answered for another account than {account}. The connection is quarantined.") from None
        except (NoCredentialsError, PartialCredentialsError):
            raise Unusable(
                "The portal's own AWS credentials were not found here. Run it where the worker runs."
            ) from None
        return Report(subject=account, profile=deployment.profile, observed_at=seen_at, findings=tuple(findings))


def look(deployment: Deployment) -> list[Finding]:
    """Everything found. Raises DoorClosed, WrongAccount (the connection is quarantined then) or botocore's own words
    on missing credentials.
    """
    connection = deployment.connection
    assert connection is not None
    probes = {role: probe_role(connection, role, ERRAND) for role in connection.roles}
    findings = [
        finding for role, made in probes.items() for finding in check_probes(made, role_arn=connection.role_arn(role))
    ]
    proven = all(trust_verdict(made) is TrustVerdict.PROVEN for made in probes.values())
    return findings + (_see(deployment) if proven else _unseen(deployment)).findings()


def _see(deployment: Deployment) -> RolesSeen:
    """The roles as the verifier role sees them; nothing when AWS gave no usable answer."""
    assert deployment.connection is not None
    try:
        session = open_session(deployment.connection, RoleKind.VERIFIER, errand=ERRAND)
        return see_roles(session, profile=deployment.profile, place=place_of(deployment))
    except AwsProblem:
        return _unseen(deployment)


def _unseen(deployment: Deployment) -> RolesSeen:
    """Through an unproven door we do not go: what depends on it is unknown."""
    assert deployment.connection is not None
    return RolesSeen.nothing(deployment.connection, deployment.profile)
