"""`manage.py check_vpc`: judges one VPC, from a facts file without AWS, or looking through one connection."""

from argparse import ArgumentParser
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from networking.checks.judge import judge_vpc
from networking.facts.files import UnreadableFacts, parse_facts
from networking.facts.shapes import identifier
from networking.management.doors import through
from networking.management.given import given_bytes
from onboarding.inputs import identifiers
from onboarding.inputs.refusals import Refused as Malformed
from onboarding.management.subjects import deployment_at
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.rules.profiles import DEFAULT_PROFILE, profile, profile_names
from portal.aws.errors import AwsProblem
from portal.aws.facts.networks import VpcNetwork
from portal.aws.models import Connection
from portal.aws.networks import LOOKING, read_network
from portal.aws.sessions import Errand, open_session, session_policy
from portal.aws.states import RoleKind
from portal.findings.commands import FindingsCommand, Unusable
from portal.findings.reports import Report
from portal.findings.shapes import Evidence

ERRAND = Errand(purpose="check-vpc", actor="command")


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What is to be judged: the facts, the chosen subnets, by which profile, of when (aware), and how sure it is."""

    network: VpcNetwork
    subnet_ids: tuple[str, ...]
    profile: str
    at: datetime
    evidence: Evidence


class Command(FindingsCommand):
    help = (
        "Judges a VPC that a customer brings: from a facts file, without AWS and without the database, or looking "
        "through one connection with its read-only role. Changes nothing. "
        "Exit status: 0 nothing failed, 1 something failed, 2 something is unknown, 3 wrong arguments."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--facts", metavar="FILE", help="a facts file; - for standard input")
        source.add_argument("--connection", metavar="ID", help="id of the connection to look through")
        parser.add_argument(
            "--vpc", metavar="vpc-…", help="the VPC; default: the file's, or the one chosen in the plan"
        )
        parser.add_argument("--subnets", metavar="subnet-…,subnet-…", help="the private subnets; default as for --vpc")
        parser.add_argument("--region", help="where the VPC is; default as for --vpc, else the requested region")
        parser.add_argument(
            "--profile",
            choices=profile_names(),
            help=f"edition of the rules; default: that of the deployment, for a facts file {DEFAULT_PROFILE}",
        )

    def report(self, **options: Any) -> Report:
        looked = _stated(options) if options["facts"] is not None else self._seen(options)
        findings = judge_vpc(
            looked.network, looked.subnet_ids, profile=profile(looked.profile), evidence=looked.evidence
        )
        return Report(
            subject=looked.network.vpc_id, profile=looked.profile, observed_at=looked.at, findings=tuple(findings)
        )

    def _seen(self, options: dict[str, Any]) -> Looked:
        """The VPC as AWS shows it now; without a session nothing of it is known, which is said on stderr."""
        deployment = deployment_at(options["connection"])
        assert deployment.connection is not None
        region, vpc_id, subnet_ids = _place(deployment, options)
        at = timezone.now()
        try:
            network = look(deployment.connection, region, vpc_id, subnet_ids)
        except AwsProblem as problem:
            self.stderr.write(f"AWS gave no usable answer to {problem.operation}: {problem.code}. Nothing was seen.")
            network = VpcNetwork(account=deployment.connection.account_id, region=region, vpc_id=vpc_id)
        return Looked(
            network=network,
            subnet_ids=subnet_ids,
            profile=options["profile"] or deployment.profile,
            at=at,
            evidence=Evidence.OBSERVED,
        )


def look(connection: Connection, region: str, vpc_id: str, subnet_ids: tuple[str, ...]) -> VpcNetwork:
    """The VPC through the connection's read-only role. Raises Unusable, or AwsProblem when AWS gives no answer."""
    with through(connection):
        session = open_session(
            connection, RoleKind.VERIFIER, errand=ERRAND, policy=session_policy(*LOOKING), region=region
        )
        return read_network(session, region, vpc_id, subnet_ids)


def _stated(options: dict[str, Any]) -> Looked:
    """What the facts file says; --subnets are judged in place of the file's. Raises Unusable."""
    try:
        facts = parse_facts(given_bytes(options["facts"]), region=options["region"] or "")
    except UnreadableFacts as unreadable:
        raise Unusable(str(unreadable)) from None
    if options["vpc"] not in {None, facts.network.vpc_id}:
        raise Unusable(f"The file is of {facts.network.vpc_id}, not of {options['vpc']!r}.")
    return Looked(
        network=facts.network,
        subnet_ids=facts.subnet_ids if options["subnets"] is None else _stated_ids(options["subnets"]),
        profile=options["profile"] or DEFAULT_PROFILE,
        at=facts.collected_at or timezone.now(),
        evidence=Evidence.DECLARED,
    )


def _stated_ids(text: str) -> tuple[str, ...]:
    """Subnet ids in an argument, of the shape that a facts file may have. Raises Unusable."""
    chosen = _listed(text)
    for subnet_id in chosen:
        try:
            identifier("subnet")(subnet_id, "--subnets")
        except UnreadableFacts:
            raise Unusable(f"{subnet_id!r} in --subnets is no ID of a subnet.") from None
    return chosen


def _place(deployment: Deployment, options: dict[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """Region, VPC and subnets: as the arguments say, else as the plan does. Raises Unusable."""
    plan = InfrastructurePlan.objects.filter(deployment=deployment).first() or InfrastructurePlan()
    region = options["region"] or plan.region or deployment.requested_region
    known = profile(deployment.profile).region_codes
    if region not in known:
        raise Unusable(f"{region!r} is no region that is offered. Give one with --region: {', '.join(known)}.")
    chosen = plan.subnet_ids if options["subnets"] is None else _listed(options["subnets"])
    vpc = options["vpc"] if options["vpc"] is not None else plan.vpc_id
    if not vpc or not chosen:
        raise Unusable("No VPC and subnets are chosen in the portal yet. Name them with --vpc and --subnets.")
    try:
        return region, identifiers.vpc_id(vpc), tuple(identifiers.subnet_id(subnet) for subnet in chosen)
    except Malformed as malformed:
        raise Unusable(malformed.message) from None


def _listed(text: str) -> tuple[str, ...]:
    """The ids in an argument, with commas between them."""
    return tuple(part.strip() for part in text.split(",")) if text.strip() else ()
