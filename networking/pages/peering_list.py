"""The peerings of a deployment, one line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db.models import OuterRef, Subquery

from networking.kinds import PEERING_SEEN
from networking.models import Peering, PeeringConnection, PrivateAccess
from networking.peering.byoc import ByocVpc
from networking.peering.steps import STEPS, SixStep, number_of
from networking.states import PeeringState, PeeringStatus
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.findings.models import Observation
from portal.findings.shapes import Level


@dataclass(frozen=True, kw_only=True)
class PeeringLine:
    """One peering. `step` is the first of the six that the newest look did not find done; None where all are."""

    peering: Peering
    connection: PeeringConnection | None
    step: SixStep | None
    seen_at: datetime | None

    @property
    def number(self) -> int:
        """The step's number, 1 to 6."""
        return number_of(self.step.key) if self.step else len(STEPS)

    @property
    def is_over(self) -> bool:
        """Whether it is removed."""
        return bool(self.peering.state == PeeringState.REMOVED)

    @property
    def expires_at(self) -> datetime | None:
        """When the open request ends."""
        pending = self.connection is not None and self.connection.status == PeeringStatus.PENDING
        return self.connection.expires_at if self.connection and pending else None


@dataclass(frozen=True, kw_only=True)
class PeeringList:
    """`ready`: a peering can be started. `byoc` is None before there is a BYOC VPC."""

    lines: tuple[PeeringLine, ...]
    access: PrivateAccess | None
    byoc: ByocVpc | None
    ready: bool

    @classmethod
    def of(cls, deployment: Deployment) -> Self:
        """Six queries, however many peerings there are."""
        rows = list(Peering.objects.filter(deployment=deployment).prefetch_related("connections"))
        looks = _newest(deployment, [row.pk for row in rows])
        lines = tuple(_line(row, looks.get(row.pk)) for row in rows)
        return cls(
            lines=tuple(sorted(lines, key=lambda line: line.is_over)),
            access=PrivateAccess.objects.filter(deployment=deployment).first(),
            byoc=ByocVpc.of(deployment),
            ready=deployment.state == DeploymentState.READY,
        )


def _newest(deployment: Deployment, ids: list[UUID]) -> Mapping[UUID, Observation]:
    """The newest own look of each."""
    looks = Observation.objects.filter(organisation_id=deployment.organisation_id, kind=PEERING_SEEN)
    newest = looks.filter(subject_id=OuterRef("subject_id")).order_by("-observed_at", "-pk").values("pk")[:1]
    rows = looks.filter(subject_id__in=ids, pk=Subquery(newest))
    return {row.subject_id: row for row in rows.defer("facts")}


def _line(row: Peering, look: Observation | None) -> PeeringLine:
    connection = next((one for one in row.connections.all() if one.generation == row.generation), None)
    found = look.heard_findings() if look else []
    open_codes = {one.code for one in found if one.level in {Level.FAILED, Level.UNKNOWN}}
    step = next((one for one in STEPS if look is None or one.code in open_codes), None)
    return PeeringLine(peering=row, connection=connection, step=step, seen_at=look.observed_at if look else None)
