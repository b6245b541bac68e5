"""What the roles are and what they may do: read, simulated and judged; a finding may be overridden with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.utils.translation import gettext as _

from onboarding.bootstrap.constants import TEMPLATE_VERSION, VERSION_TAG
from onboarding.bootstrap.grants import RoleName
from onboarding.bootstrap.permissions import permissions_for
from onboarding.bootstrap.simulation import Place, questions
from onboarding.checks.permissions import check_permissions
from onboarding.checks.role import check_role
from onboarding.checks.trust_policies import check_trust_policy
from onboarding.models import Deployment, Override
from onboarding.options import options_of
from onboarding.rules.profiles import profile as rule_profile
from onboarding.tasks.subjects import deployment_of, look_session
from portal.aws import iam
from portal.aws.errors import Refused
from portal.aws.facts.roles import RoleFact
from portal.aws.facts.shapes import tag_value
from portal.aws.facts.simulations import SimulationFact
from portal.aws.models import Connection
from portal.aws.sessions import AccountSession
from portal.findings.languages import spoken
from portal.findings.models import Observation
from portal.findings.models.observations import record_observation
from portal.findings.shapes import Finding, Level
from portal.workflows.shapes import Done, Outcome, Pause, Work

#: The roles that change something; the verifier's own permissions show by what it can read.
SIMULATED = (RoleName.MANAGEMENT, RoleName.DEPLOYMENT)
TRUSTED = (RoleName.MANAGEMENT, RoleName.VERIFIER)


#: What the look calls.
READING = ("iam:GetRole", "iam:SimulatePrincipalPolicy")


@dataclass(frozen=True)
class CheckPermissions:
    """Done when nothing failed, or what failed was overridden with a recorded reason. Where the roles work already
    (`stops` is false) it keeps what it saw and stops nothing.
    """

    name: str = "permissions"
    stops: bool = True

    def run(self, work: Work) -> Outcome:
        deployment = deployment_of(work)
        observation = look_at_permissions(deployment, look_session(work, "read-permissions", *READING))
        left = standing(deployment, observation.heard_findings())
        if not left or not self.stops:
            return Done(
                message=spoken(
                    lambda: (
                        _("The roles may do what the launch needs.")
                        if not left
                        else _("We have looked at the roles; what lacks stands on the bootstrap page.")
                    )
                )
            )
        return Pause(
            message=spoken(
                lambda: _(
                    "Some permissions are not as the template grants them. Update the stack and press «Look again», "
                    "or say why you go on."
                )
            )
        )


def standing(deployment: Deployment, findings: list[Finding]) -> list[Finding]:
    """What failed or stayed unknown and nobody has overridden."""
    overridden = set(Override.objects.filter(deployment=deployment).values_list("code", flat=True))
    wrong = {Level.FAILED, Level.UNKNOWN}
    return [finding for finding in findings if finding.level in wrong and finding.code not in overridden]


@dataclass(frozen=True, kw_only=True)
class RolesSeen:
    """What a look at one account's roles brought: the roles, and what the simulator says of those that write.

    None in place of a role or of answers: it could not be read, and what depends on it is unknown.
    """

    connection: Connection
    profile: str
    roles: Mapping[RoleName, RoleFact | None]
    simulated: Mapping[RoleName, list[SimulationFact] | None]

    @classmethod
    def nothing(cls, connection: Connection, profile: str) -> Self:
        """A look that was not possible."""
        return cls(
            connection=connection,
            profile=profile,
            roles=dict.fromkeys(RoleName),
            simulated=dict.fromkeys(SIMULATED),
        )

    def findings(self) -> list[Finding]:
        """Everything judged: the roles, their trust policies, their permissions."""
        return _judged(self.connection, self.profile, self.roles, self.simulated)

    def to_json(self) -> dict[str, Any]:
        """The facts, as an observation keeps them."""
        return {
            "roles": {name.value: role.to_json() if role else None for name, role in self.roles.items()},
            "simulated": {
                name.value: None if facts is None else [fact.to_json() for fact in facts]
                for name, facts in self.simulated.items()
            },
        }


def look_at_permissions(deployment: Deployment, session: AccountSession) -> Observation:
    """Reads the roles, simulates what they need, judges and records."""
    seen = see_roles(session, profile=deployment.profile, place=place_of(deployment))
    _note_version(seen)
    return record_observation(
        organisation=deployment.organisation,
        kind="permissions",
        subject_id=deployment.pk,
        profile=deployment.profile,
        judge=seen.findings,
        facts=seen.to_json(),
    )


def _note_version(seen: RolesSeen) -> None:
    """Keeps which version of the template the management role is of: what it may do depends on it."""
    role = seen.roles[RoleName.MANAGEMENT]
    version = (tag_value(role.tags, VERSION_TAG) if role else None) or ""
    if version.isascii() and version.isdecimal() and len(version) < 6:
        Connection.objects.filter(pk=seen.connection.pk).update(template_version=int(version))


def see_roles(session: AccountSession, *, profile: str, place: Place) -> RolesSeen:
    """Reads the roles and simulates what they need; records nothing. Raises Unclear when AWS gives no answer."""
    return RolesSeen(
        connection=session.connection,
        profile=profile,
        roles={name: _read(session, name) for name in RoleName},
        simulated={name: _simulated(session, name, profile, place) for name in SIMULATED},
    )


def place_of(deployment: Deployment) -> Place:
    """Where the simulated launch happens: the deployment's account and the region that it asked for."""
    assert deployment.connection is not None
    return Place(
        account_id=deployment.connection.account_id,
        region=deployment.requested_region or rule_profile(deployment.profile).region_codes[0],
        slug=deployment.slug,
    )


def _read(session: AccountSession, name: RoleName) -> RoleFact | None:
    try:
        return iam.read_role(session, name.value)
    except Refused:
        return None


def _simulated(session: AccountSession, name: RoleName, profile: str, place: Place) -> list[SimulationFact] | None:
    """Answers to all questions about one role; None when the simulator may not be asked."""
    connection = session.connection
    facts: list[SimulationFact] = []
    try:
        for question in questions(name, profile, place, options_of(connection)):
            facts += iam.simulate(
                session,
                _arn(connection, name),
                question.actions,
                resources=question.resource_arns,
                context=[entry.as_parameter() for entry in question.context],
            )
    except Refused:
        return None
    return facts


def _arn(connection: Connection, name: RoleName) -> str:
    return f"arn:aws:iam::{connection.account_id}:role/{name.value}"


def _judged(
    connection: Connection,
    profile: str,
    roles: Mapping[RoleName, RoleFact | None],
    simulated: Mapping[RoleName, list[SimulationFact] | None],
) -> list[Finding]:
    findings: list[Finding] = []
    for name, role in roles.items():
        findings += check_role(role, name=name.value, account=connection.account_id, version=str(TEMPLATE_VERSION))
    for name in TRUSTED:
        findings += check_trust_policy(
            _document(roles[name]),
            role_arn=_arn(connection, name),
            vendor_account=settings.VENDOR_ACCOUNT_ID,
            external_id=connection.external_id,
        )
    for name, facts in simulated.items():
        needed = {permission.action for permission in permissions_for(name, profile)} if facts is None else set()
        findings += check_permissions(facts, role_arn=_arn(connection, name), needed=needed)
    return findings


def _document(role: RoleFact | None) -> Mapping[str, Any] | None:
    return role.trust if role else None
