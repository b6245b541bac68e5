"""One look at what a peering can be started with: the VPCs of the target account in a region, and the BYOC VPC."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from networking.kinds import VICINITY
from networking.peering.access import TargetClosed, lent_session, proven_link
from networking.peering.byoc import ByocVpc
from networking.peering.vicinity import Vicinity
from onboarding.models import Deployment
from onboarding.tasks.subjects import deployment_of, look_session
from portal.aws import ec2
from portal.aws.facts.networks import RefusedRead
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import VpcFact
from portal.aws.networks import side_by_side
from portal.aws.recorder import gathering
from portal.aws.sessions import AccountSession, session_policy
from portal.findings.languages import spoken
from portal.findings.models.observations import record_observation
from portal.workflows.shapes import Done, Outcome, Work

#: What the look calls.
LOOKS = ("ec2:DescribeSubnets", "ec2:DescribeVpcs")


@dataclass(frozen=True)
class LookAround:
    """Reads the account and region that the workflow's data names; both come from our own rows and allow list."""

    name: str = "look"

    def run(self, work: Work) -> Outcome:
        deployment = deployment_of(work)
        account, region = str(work.workflow.data["account"]), str(work.workflow.data["region"])
        found = see_vicinity(work, deployment, account, region)
        record_observation(
            organisation=deployment.organisation,
            kind=VICINITY,
            subject_id=deployment.pk,
            profile=deployment.profile,
            judge=tuple,
            facts=found.to_json(),
        )
        words = {"account": account, "region": region}
        return Done(message=spoken(lambda: _("We have read the VPCs of account %(account)s in %(region)s.") % words))


def see_vicinity(work: Work, deployment: Deployment, account: str, region: str) -> Vicinity:
    """The facts; what nobody lets us see is None. Raises WrongAccount, Throttled or Unclear."""
    own = look_session(work, "look-around", *LOOKS)
    byoc = ByocVpc.of(deployment)
    reads: dict[str, Callable[[], Any]] = {}
    if byoc is not None:
        own.reader(ec2.SERVICE, byoc.region)
        reads["byoc"] = lambda: ec2.found_vpcs(own, byoc.region, (byoc.vpc_id,))
    there = own if account == own.connection.account_id else _lent(work, account)
    if there is not None:
        there.reader(ec2.SERVICE, region)
        reads |= {"vpcs": _vpcs(there, region), "subnets": _subnets(there, region)}
    with gathering():
        answers = side_by_side(reads)
    found = {name: answer.value for name, answer in answers.items()}
    refused: tuple[RefusedRead, ...] = tuple(
        dict.fromkeys(one for answer in answers.values() for one in answer.refused)
    )
    return Vicinity(
        account=account,
        region=region,
        byoc=next(iter(found.get("byoc") or ()), None),
        vpcs=found.get("vpcs"),
        subnets=found.get("subnets"),
        refused=refused,
    )


def _vpcs(session: AccountSession, region: str) -> Callable[[], tuple[VpcFact, ...]]:
    return lambda: tuple(ec2.vpcs(session, region))


def _subnets(session: AccountSession, region: str) -> Callable[[], tuple[SubnetFact, ...]]:
    return lambda: tuple(
        SubnetFact.from_aws(one) for one in ec2.everything(session, region, "describe_subnets", "Subnets")
    )


def _lent(work: Work, account: str) -> AccountSession | None:
    """A session of the role that was lent for an earlier peering with that account; None where there is none."""
    link = proven_link(work.workflow.organisation_id, account)
    if link is None:
        return None
    try:
        return lent_session(work, link, "look-around", session_policy(*LOOKS))
    except TargetClosed:
        return None
