"""What is known about exactly the VPC and the subnets that were chosen: by our own look, by a facts file, or by both.

The two are never mixed: each keeps its own findings, time and label. A facts file counts where our role could not see
everything, and never instead of something that our role did see.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from networking.looks import SeenVpc, newest_look
from onboarding.brought_vpc import FiveFacts
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.rules.profiles import Profile
from onboarding.rules.profiles import profile as rule_profile
from portal.findings.models import Observation
from portal.findings.shapes import Finding, Level


@dataclass(frozen=True, kw_only=True)
class JudgedLook:
    """One look with its findings for `subnet_ids`, in the reader's language."""

    seen: SeenVpc
    subnet_ids: tuple[str, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, seen: SeenVpc, subnet_ids: Iterable[str], profile: Profile) -> Self:
        """The look's facts, judged for these subnets."""
        chosen = tuple(subnet_ids)
        return cls(seen=seen, subnet_ids=chosen, findings=seen.look.choosing(chosen).findings(profile))

    @property
    def at(self) -> datetime:
        """When it was made; aware."""
        return self.seen.at

    @property
    def stated(self) -> bool:
        """Whether the customer said so; else we saw it ourselves."""
        return self.seen.look.stated

    @property
    def failed(self) -> tuple[Finding, ...]:
        """What breaks a rule."""
        return tuple(finding for finding in self.findings if finding.level is Level.FAILED)

    @property
    def blind(self) -> bool:
        """Whether something could not be seen."""
        return any(finding.level is Level.UNKNOWN for finding in self.findings)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The looks that count for five facts: our own first, then the facts file where ours was blind or is missing."""

    looks: tuple[JudgedLook, ...]

    @classmethod
    def of(cls, deployment: Deployment, facts: FiveFacts) -> Self:
        """The newest looks at these very facts."""
        profile = rule_profile(deployment.profile)
        found = [newest_look(deployment, facts.vpc_id, stated=stated) for stated in (False, True)]
        seen, stated = (
            JudgedLook.of(one, facts.subnet_ids, profile) if one is not None and covers(one, facts) else None
            for one in found
        )
        if seen is not None and not seen.blind:
            return cls(looks=(seen,))
        return cls(looks=tuple(look for look in (seen, stated) if look is not None))

    @property
    def failed(self) -> tuple[Finding, ...]:
        """What breaks a rule, by any look that counts."""
        return tuple(finding for look in self.looks for finding in look.failed)

    @property
    def observation(self) -> Observation | None:
        """The look that carries the request: the last one that was needed; None when nobody looked."""
        return self.looks[-1].seen.observation if self.looks else None


def saved_plan(deployment: Deployment) -> InfrastructurePlan:
    """The deployment's plan, or an empty one that is not stored: whoever only looks makes no row."""
    stored = InfrastructurePlan.objects.filter(deployment=deployment).first()
    return stored or InfrastructurePlan(
        organisation_id=deployment.organisation_id, deployment=deployment, region=deployment.requested_region
    )


def covers(seen: SeenVpc, facts: FiveFacts) -> bool:
    """Whether a look was one at this account, region and VPC, and at each of these subnets: they were asked for by id,
    or were found among the VPC's own.
    """
    network = seen.look.network
    if (network.account, network.region, network.vpc_id) != (facts.account_id, facts.region, facts.vpc_id):
        return False
    asked = set(facts.subnet_ids) == set(seen.look.subnet_ids)
    return asked or all(network.subnet(subnet_id) is not None for subnet_id in facts.subnet_ids)
