"""What the onboarding asks of the app above it: whether a VPC that a customer brings keeps the rules.

Imports run from networking to onboarding only; networking makes its guard known when it starts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from onboarding.models import Deployment, InfrastructurePlan
from portal.accounts.models import User
from portal.aws.facts.subnets import SubnetFact
from portal.findings.shapes import Finding
from portal.workflows.shapes import Work


@dataclass(frozen=True, kw_only=True)
class JudgedVpc:
    """What a look at the plan's VPC and its chosen subnets found, in the reader's language; `seen_at` is aware.

    `subnets` are the chosen subnets that were found.
    """

    findings: tuple[Finding, ...]
    seen_at: datetime
    subnets: tuple[SubnetFact, ...] = ()


class VpcGuard(Protocol):
    """Judges the VPC that a plan names by the rule profile of the deployment."""

    def judged(self, deployment: Deployment, plan: InfrastructurePlan) -> JudgedVpc | None:
        """The newest own look at the plan's VPC, judged for the plan's subnets; None when nobody has looked yet.

        It calls nothing. What a customer states in a facts file is no look of ours and does not count here.
        """

    def look_again(self, work: Work, deployment: Deployment, plan: InfrastructurePlan) -> JudgedVpc:
        """Looks at the VPC now with the verifier role, and records the look. Raises AwsProblem."""

    def dropped(self, deployment: Deployment, by: User) -> None:
        """The plan no longer names its VPC: what was sent to support about it is taken back."""


@dataclass(frozen=True, kw_only=True)
class Attached:
    """Something of the customer's that hangs on the BYOC VPC and goes first; `url` is the page where it is removed."""

    title: str
    url: str


type Holder = Callable[[Deployment], Sequence[Attached]]


class NoVpcGuard(LookupError):
    """No app has made its guard known."""


_guards: list[VpcGuard] = []


def guard_vpcs(guard: VpcGuard) -> None:
    """Makes `guard` the one that is asked; called once when its app starts."""
    _guards[:] = [guard]


def vpc_guard() -> VpcGuard:
    """The guard that was made known. Raises NoVpcGuard."""
    if not _guards:
        raise NoVpcGuard
    return _guards[0]


_holders: dict[str, Holder] = {}


def hold_teardown(name: str, holder: Holder) -> None:
    """Makes known what has to be removed before a tear-down; called once when its app starts."""
    _holders[name] = holder


def attached(deployment: Deployment) -> tuple[Attached, ...]:
    """Everything that has to be removed before the deployment may be taken down."""
    return tuple(one for holder in _holders.values() for one in holder(deployment))
