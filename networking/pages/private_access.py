"""The one context of the page of private access: the load balancer, the name, the probe, the way to private only."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

from networking.actions.balancers import has_switch
from networking.actions.private_access import LEAVING
from networking.actions.public_removals import PROOF_LASTS, STANDING, newest_proofs
from networking.actions.public_removals import why_not as removal_lacks
from networking.endpoints import private_name
from networking.models import Peering, PrivateAccess, PublicRemoval, ReachProof
from networking.reach.probe import PORTS
from networking.reach.text import findings_of
from networking.states import PeeringState
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.findings.shapes import Finding
from portal.workflows.states import Turn


@dataclass(frozen=True, kw_only=True)
class ShownProof:
    """The newest result of the probe through one peering, judged in the reader's language. `other_name`: it is of a
    name that the deployment had before.
    """

    proof: ReachProof
    findings: tuple[Finding, ...]
    other_name: bool


@dataclass(frozen=True, kw_only=True)
class PrivateAccessPage:
    """`access` may be a row that is not stored yet: looking changes nothing. `removal` is the newest request."""

    deployment: Deployment
    access: PrivateAccess
    peerings: tuple[Peering, ...]
    proofs: tuple[ReachProof, ...]
    removal: PublicRemoval | None

    @classmethod
    def of(cls, deployment: Deployment) -> Self:
        """Four queries."""
        stored = PrivateAccess.objects.filter(deployment=deployment).first()
        rows = Peering.objects.filter(deployment=deployment).exclude(state__in=LEAVING)
        removals = PublicRemoval.objects.filter(deployment=deployment).select_related("ticket", "submitted_by")
        return cls(
            deployment=deployment,
            access=stored or PrivateAccess(organisation_id=deployment.organisation_id, deployment=deployment),
            peerings=tuple(rows),
            proofs=tuple(newest_proofs(deployment)),
            removal=removals.first(),
        )

    @property
    def is_ready(self) -> bool:
        """Whether the deployment is there: before, there is nothing to reach."""
        return bool(self.deployment.state == DeploymentState.READY)

    @property
    def has_switch(self) -> bool:
        """Whether the customer enables the load balancer himself."""
        return has_switch(self.deployment)

    @cached_property
    def private_host(self) -> str:
        """The private name; empty before the public one is given."""
        return private_name(self.access.public_host) if self.access.public_host else ""

    @property
    def ports(self) -> tuple[int, ...]:
        """What the probe tries."""
        return PORTS

    @cached_property
    def shown_proofs(self) -> tuple[ShownProof, ...]:
        """The newest result through each peering."""
        return tuple(
            ShownProof(proof=one, findings=findings_of(one), other_name=one.host != self.private_host)
            for one in self.proofs
        )

    @cached_property
    def removal_lacks(self) -> str:
        """Why the public load balancer cannot be given up now; empty where it can."""
        return removal_lacks(self.proofs, self.access.public_host)

    @property
    def proof_days(self) -> int:
        """For how many days a proof counts."""
        return PROOF_LASTS.days

    @property
    def stands(self) -> bool:
        """Whether a request stands, or the public load balancer is gone."""
        return self.removal is not None and self.removal.state in STANDING

    @property
    def is_shut(self) -> bool:
        """Whether nobody gets in: the public load balancer is gone, and no peering connects."""
        gone = self.removal is not None and self.removal.state in {"removed", "restoring"}
        return gone and not any(row.state == PeeringState.CONNECTED for row in self.peerings)

    @property
    def balancer_turn(self) -> Turn | None:
        """Whose turn it is with the load balancer; None once it is enabled."""
        if self.access.enabled_at is not None or not self.is_ready:
            return None
        return Turn.SUPPORT if self.access.asked_at is not None and not self.has_switch else Turn.YOU

    @property
    def removal_turn(self) -> Turn | None:
        """Whose turn it is with the public load balancer; None where nobody has to do anything."""
        return Turn.SUPPORT if self.removal is not None and self.removal.state in {"submitted", "restoring"} else None
