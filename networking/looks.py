"""A look at one VPC: the facts and which subnets were chosen, as one value that is stored and judged again at will."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from django.utils import timezone

from networking.checks.judge import judge_vpc
from networking.kinds import SEEN, STATED
from onboarding.models import Deployment
from onboarding.rules.profiles import Profile
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.shapes import Fact
from portal.findings.models import Observation
from portal.findings.models.observations import record_observation
from portal.findings.shapes import Evidence, Finding


@dataclass(frozen=True, kw_only=True)
class VpcLook(Fact):
    """`network` is what was read, `subnet_ids` what was chosen then. `stated`: from a facts file, not seen by us."""

    network: VpcNetwork
    subnet_ids: tuple[str, ...] = ()
    stated: bool = False

    @property
    def evidence(self) -> Evidence:
        """How strong its findings are."""
        return Evidence.DECLARED if self.stated else Evidence.OBSERVED

    def findings(self, profile: Profile) -> tuple[Finding, ...]:
        """All rules of the profile, judged in the reader's language."""
        return judge_vpc(self.network, self.subnet_ids, profile=profile, evidence=self.evidence)

    def choosing(self, subnet_ids: Sequence[str]) -> Self:
        """The same facts with another choice of subnets."""
        return replace(self, subnet_ids=tuple(subnet_ids))


@dataclass(frozen=True)
class SeenVpc:
    """A stored look and when it was made."""

    look: VpcLook
    observation: Observation

    @classmethod
    def of(cls, observation: Observation) -> Self:
        """The look that `observation` holds."""
        return cls(VpcLook.from_json(observation.facts), observation)

    @property
    def at(self) -> datetime:
        """When it was made; aware."""
        at: datetime = self.observation.observed_at
        return at


def record_look(deployment: Deployment, look: VpcLook, profile: Profile) -> Observation:
    """Judges and stores a look. One that shows what the newest showed only renews its time: the page tells the last
    change, and looking often does not fill the database. The evidence of a request to support stays as it was.
    """
    newest = newest_look(deployment, look.network.vpc_id, stated=look.stated)
    if newest is not None and newest.look == look and newest.observation.profile == profile.name:
        unsent = Observation.objects.filter(pk=newest.observation.pk, vpc_requests__isnull=True)
        if unsent.exists() and unsent.update(observed_at=timezone.now()):
            newest.observation.refresh_from_db()
            return newest.observation
    return record_observation(
        organisation=deployment.organisation,
        kind=STATED if look.stated else SEEN,
        subject_id=deployment.pk,
        profile=profile.name,
        judge=lambda: look.findings(profile),
        facts=look.to_json(),
    )


def newest_looks(deployment: Deployment, vpc_id: str, *, stated: bool = False, count: int = 1) -> list[SeenVpc]:
    """The newest looks at a VPC, the newest first. One query."""
    rows: Any = Observation.objects.filter(
        organisation_id=deployment.organisation_id,
        subject_id=deployment.pk,
        kind=STATED if stated else SEEN,
        facts__network__vpc_id=vpc_id,
    )
    return [SeenVpc.of(row) for row in rows.order_by("-observed_at")[:count]]


def newest_look(deployment: Deployment, vpc_id: str, *, stated: bool = False) -> SeenVpc | None:
    """The newest look at a VPC; None when there is none yet."""
    return next(iter(newest_looks(deployment, vpc_id, stated=stated)), None)
