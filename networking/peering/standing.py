"""How a peering stands: what is registered, what was last seen or stated of both sides, and what that means.

Read from rows alone; nothing here asks AWS.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from networking.models import Peering, PeeringConnection, PrivateAccess, StepNote
from networking.peering.checks.judge import judge_peering
from networking.peering.connections import adoptable, remembered, settled, taken
from networking.peering.registration import registered_of, stated_target
from networking.peering.shapes import PeeringSide, RegisteredPeering
from networking.peering.steps import STEPS
from networking.peering.stored_looks import PeeringLook, newest_look
from networking.states import PeeringStep
from onboarding.rules.profiles import Profile
from onboarding.rules.profiles import profile as rule_profile
from portal.findings.shapes import Evidence, Finding, Level

#: A step with such a finding is not done.
_OPEN = frozenset({Level.FAILED, Level.UNKNOWN})
_CODES = {step.key: step.code for step in STEPS}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One peering as it is known now.

    `seen_at` is when we last looked, `stated_at` of when the facts file is that speaks for the target side; each None
    where there is none. `notes` and `connection` are those of the generation that counts.
    """

    peering: Peering
    registered: RegisteredPeering
    requester: PeeringSide
    accepter: PeeringSide
    findings: tuple[Finding, ...]
    profile: Profile
    seen_at: datetime | None = None
    stated_at: datetime | None = None
    notes: tuple[StepNote, ...] = ()
    connection: PeeringConnection | None = None

    def of_step(self, step: PeeringStep) -> tuple[Finding, ...]:
        """What was found of one step."""
        return self.of_code(_CODES[step])

    def of_code(self, code: str) -> tuple[Finding, ...]:
        """What was found under one code of the catalogue; the ranges of the two VPCs belong to no step."""
        return tuple(finding for finding in self.findings if finding.code == code)

    def is_done(self, step: PeeringStep) -> bool:
        """Whether nothing of the step failed or is unknown."""
        found = self.of_step(step)
        return bool(found) and not any(finding.level in _OPEN for finding in found)

    def judged(self) -> tuple[Finding, ...]:
        """The findings once more, in the reader's language of this moment."""
        return judge_peering(self.registered, self.requester, self.accepter, profile=self.profile)

    @property
    def current(self) -> PeeringStep | None:
        """The first step that is not done; None when all six are."""
        return next((step.key for step in STEPS if not self.is_done(step.key)), None)

    @property
    def is_whole(self) -> bool:
        """Whether all six are done and nothing else failed, whoever said so."""
        return self.current is None and not any(finding.level is Level.FAILED for finding in self.findings)

    @property
    def is_observed(self) -> bool:
        """Whether all six are done and we saw all of it ourselves: nobody's word stands in it."""
        return self.current is None and all(
            finding.evidence is Evidence.OBSERVED for step in STEPS for finding in self.of_step(step.key)
        )


def standing_of(peering: Peering) -> Standing:
    """How the peering stands. No call to AWS; five queries at most."""
    row, seen = _row(peering), newest_look(peering)
    look, at = (seen.look, seen.at) if seen is not None else (_nothing(row), None)
    return _judged(row, look, at, _connection(row))


def standing_with(peering: Peering, look: PeeringLook, at: datetime) -> Standing:
    """How it would stand with a look that was made at `at` (aware) and that nobody keeps."""
    row = _row(peering)
    connection = _connection(row)
    if connection is None:
        facts = (fact for side in (look.requester, look.accepter) for fact in side.peerings or ())
        found = adoptable(row, facts, taken(row))
        connection = PeeringConnection(peering=row, pcx_id=found.id, status=found.status) if found else None
    return _judged(row, look, at, connection)


def _row(peering: Peering) -> Peering:
    found: Peering = Peering.objects.select_related("deployment__connection", "deployment__private_access").get(
        pk=peering.pk
    )
    return found


def _connection(peering: Peering) -> PeeringConnection | None:
    found: PeeringConnection | None = PeeringConnection.objects.filter(
        peering=peering, generation=peering.generation
    ).first()
    return found


def _nothing(peering: Peering) -> PeeringLook:
    return PeeringLook(
        requester_vpc=peering.requester_vpc,
        accepter_vpc=peering.vpc_id,
        requester=PeeringSide(),
        accepter=PeeringSide(),
    )


def _judged(
    peering: Peering, look: PeeringLook, at: datetime | None, connection: PeeringConnection | None
) -> Standing:  # fmt: skip
    # The record of the connection may have gone on since the look: other work follows it, too.
    requester = remembered(peering, settled(look.requester, None, connection), connection, at)
    accepter = settled(look.accepter, None, connection)
    stated = newest_look(peering, stated=True) if accepter.network is None else None
    if accepter.network is None:
        accepter = stated.look.accepter if stated else stated_target(peering)
    profile = rule_profile(peering.deployment.profile)
    registered = registered_of(
        peering, requester=requester, accepter=accepter, connection=connection, access=_access(peering)
    )
    return Standing(
        peering=peering,
        registered=registered,
        requester=requester,
        accepter=accepter,
        findings=judge_peering(registered, requester, accepter, profile=profile),
        profile=profile,
        seen_at=at,
        stated_at=stated.at if stated else None,
        notes=tuple(_notes(peering)),
        connection=connection,
    )


def _access(peering: Peering) -> PrivateAccess | None:
    found: PrivateAccess | None = getattr(peering.deployment, "private_access", None)
    return found


def _notes(peering: Peering) -> Iterable[StepNote]:
    return StepNote.objects.filter(peering=peering, generation=peering.generation)
