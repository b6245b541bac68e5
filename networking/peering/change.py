"""One change of a peering as a value: exactly one AWS call, as a person confirms it. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from networking.states import PeeringStep
from portal.aws.facts.shapes import Fact

#: The kinds of change, as they are stored. The last three take back.
CREATE: Final = "create"
ACCEPT: Final = "accept"
ROUTE: Final = "route"
RULE: Final = "rule"
REVOKE: Final = "revoke"
DELETE_ROUTE: Final = "delete-route"
DELETE: Final = "delete"

#: The two sides of a peering.
REQUESTER: Final = "requester"
ACCEPTER: Final = "accepter"

CALLS: Final[Mapping[str, str]] = {
    CREATE: "ec2:CreateVpcPeeringConnection",
    ACCEPT: "ec2:AcceptVpcPeeringConnection",
    ROUTE: "ec2:CreateRoute",
    RULE: "ec2:AuthorizeSecurityGroupIngress",
    REVOKE: "ec2:RevokeSecurityGroupIngress",
    DELETE_ROUTE: "ec2:DeleteRoute",
    DELETE: "ec2:DeleteVpcPeeringConnection",
}
#: Kind → the step it belongs to; routes belong to the step of their side.
_STEPS: Final[Mapping[str, PeeringStep]] = {
    CREATE: PeeringStep.CONNECTION,
    ACCEPT: PeeringStep.ACCEPTANCE,
    RULE: PeeringStep.SECURITY_GROUP,
    REVOKE: PeeringStep.SECURITY_GROUP,
    DELETE: PeeringStep.CONNECTION,
}

#: One decision within a change: what a confirmation allows, piece by piece.
type Atom = tuple[str, str, str, str, str, int]


@dataclass(frozen=True, kw_only=True)
class PeeringChange(Fact):
    """One effect to be.

    `side` says in whose account; `resource` is what the call changes: the side's VPC (create, accept, delete), a route
    table or a security group. `connection` is `pcx-…`; empty while there is none yet, and the plan's own creation makes
    it. `ranges` are the destinations (one for a route) or what a rule admits on each of `ports`. `subnets` follow the
    table.
    """

    kind: str
    side: str
    account: str
    region: str
    resource: str
    connection: str = ""
    peer_account: str = ""
    peer_region: str = ""
    peer_vpc: str = ""
    ranges: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    subnets: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its natural key within one plan: no two changes of a plan share it."""
        if self.kind in {ROUTE, DELETE_ROUTE}:
            return f"{self.kind}:{self.resource}:{','.join(self.ranges)}"
        if self.kind in {RULE, REVOKE}:
            said = json.dumps([self.ranges, self.ports])
            return f"{self.kind}:{self.resource}:{hashlib.sha256(said.encode()).hexdigest()[:12]}"
        return f"{self.kind}:{self.resource}:{self.peer_vpc}"

    @property
    def call(self) -> str:
        """The IAM action of its one call."""
        return CALLS[self.kind]

    @property
    def step(self) -> PeeringStep:
        """Which of the six it does, or takes back."""
        routes = PeeringStep.ROUTES if self.side == REQUESTER else PeeringStep.RETURN_ROUTES
        return _STEPS.get(self.kind, routes)

    @property
    def atoms(self) -> frozenset[Atom]:
        """The single decisions in it. A connection that was still to be made is none: it is compared apart."""
        pairs = {(text, port) for text in self.ranges or ("",) for port in self.ports or (0,)}
        peer = self.peer_vpc if self.kind in {CREATE, ACCEPT, DELETE} else ""
        return frozenset((self.kind, self.account, self.resource, peer, text, port) for text, port in pairs)


def plan_hash(changes: Iterable[PeeringChange]) -> str:
    """SHA-256 of the canonical JSON of a plan: two plans with one hash are the same decision."""
    plan = [change.to_json() for change in changes]
    return hashlib.sha256(json.dumps(plan, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def is_covered(confirmed: Iterable[PeeringChange], fresh: Iterable[PeeringChange]) -> bool:
    """Whether what is left to do is part of what was confirmed: nothing more, and through no other connection."""
    allowed: dict[Atom, str] = {atom: change.connection for change in confirmed for atom in change.atoms}
    return all(
        atom in allowed and allowed[atom] in {"", change.connection} for change in fresh for atom in change.atoms
    )


def changes_from_json(documents: Iterable[Mapping[str, Any]]) -> tuple[PeeringChange, ...]:
    """A stored plan. Raises UnreadableFactError."""
    return tuple(PeeringChange.from_json(document) for document in documents)
