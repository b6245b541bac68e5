"""The decision: explicit deny, then boundary, session policies, resource-based and identity-based policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.demo.emulator.iam import conditions
from portal.demo.emulator.iam.policies import Policy, Request, Statement


class Verdict(StrEnum):
    """As SimulatePrincipalPolicy spells it."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicitDeny"
    IMPLICIT_DENY = "implicitDeny"


class Layer(StrEnum):
    """Which kind of policy decided, as AWS's messages word it."""

    IDENTITY = "identity-based policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    RESOURCE = "resource-based policy"


@dataclass(frozen=True)
class Grants:
    """The policies that count for one principal. `boundary` None: no boundary set."""

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] = ()
    is_root: bool = False


@dataclass(frozen=True)
class Decision:
    """What came out, which layer decided, and what the simulator reports of it."""

    verdict: Verdict
    layer: Layer
    matched: tuple[tuple[Policy, Statement], ...] = ()
    missing: frozenset[str] = frozenset()
    boundary_allows: bool | None = None

    @property
    def allowed(self) -> bool:
        """True when the request may go on."""
        return self.verdict is Verdict.ALLOWED


def decide(request: Request, grants: Grants) -> Decision:
    """Judges one action on one resource by the principal's own policies."""
    boundary = (grants.boundary,) if grants.boundary is not None else ()
    every = (*grants.identity, *boundary, *grants.session)
    missing = frozenset(_missing(request, every))
    allows_boundary = bool(matching(request, boundary, allows=True)) if boundary else None
    for layer, policies in (
        (Layer.IDENTITY, grants.identity),
        (Layer.BOUNDARY, boundary),
        (Layer.SESSION, grants.session),
    ):
        denials = matching(request, policies, allows=False)
        if denials:
            if layer is Layer.BOUNDARY:
                allows_boundary = False
            return Decision(Verdict.EXPLICIT_DENY, layer, denials, missing, allows_boundary)
    allowed = matching(request, grants.identity, allows=True)
    if not allowed and not grants.is_root:
        return Decision(Verdict.IMPLICIT_DENY, Layer.IDENTITY, (), missing, allows_boundary)
    if allows_boundary is False:
        return Decision(Verdict.IMPLICIT_DENY, Layer.BOUNDARY, (), missing, allows_boundary)
    if not all(matching(request, (policy,), allows=True) for policy in grants.session):
        return Decision(Verdict.IMPLICIT_DENY, Layer.SESSION, (), missing, allows_boundary)
    return Decision(Verdict.ALLOWED, Layer.IDENTITY, allowed, missing, allows_boundary)


def matching(request: Request, policies: Iterable[Policy], *, allows: bool) -> tuple[tuple[Policy, Statement], ...]:
    """The statements of one effect that apply to the request."""
    return tuple(
        (policy, statement)
        for policy in policies
        for statement in policy.statements
        if statement.allows is allows and statement.applies(request)
    )


def _missing(request: Request, policies: Iterable[Policy]) -> Iterable[str]:
    for policy in policies:
        for statement in policy.statements:
            if statement.names(request):
                for key in conditions.keys_of(statement.condition):
                    if key.lower() not in request.context:
                        yield key
