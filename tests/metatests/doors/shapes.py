"""The shape of a row, and the scene on which the rows are tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from networking.models import HandOff, Peering
from onboarding.models import DeclaredRange, Deployment
from portal.accounts.actions import token_hash
from portal.accounts.models import Invitation
from tests.journeys import Walk
from tests.people import People, make_deployment

#: The columns of a row.
PERSONS = ("anonymous", "stranger", "viewer", "admin", "owner", "staff")
#: The secret of the scene's hand-off link.
LINK = "link-of-the-scene-" + "x" * 25


@dataclass(frozen=True)
class Scene:
    """One organisation with its people and one of everything; elsewhere a stranger."""

    people: People
    deployment: Deployment
    invitation: Invitation
    declared: DeclaredRange
    hand_off: HandOff
    peering: Peering

    @classmethod
    def set(cls, people: People) -> "Scene":
        """Builds it: the deployment has an account and waits for the bootstrap roles; nothing is chosen yet."""
        home = people.organisation
        assert people.owner.user is not None
        walk = Walk(make_deployment(home), people.owner.user).register()
        invitation = Invitation.objects.create(
            organisation=home, email="new@customer.example", role="viewer", token_hash="0" * 64
        )
        declared = DeclaredRange.objects.create(
            organisation=home, deployment=walk.deployment, kind="peer", label="reports", cidr="10.9.0.0/16"
        )
        hand_off = HandOff.objects.create(
            organisation=home, deployment=walk.deployment, vpc_id="vpc-0a1b2c3d", label="network team",
            token_hash=token_hash(LINK), created_by=people.owner.user,
        )  # fmt: skip
        peering = Peering.objects.create(
            organisation=home, deployment=walk.deployment, label="hub", account_id="333333333333",
            region="us-east-1", vpc_id="vpc-0e0e0e0e", requester_vpc="vpc-0b0b0b0b", requester_region="us-east-1",
            created_by=people.owner.user,
        )  # fmt: skip
        return cls(people, walk.deployment, invitation, declared, hand_off, peering)


@dataclass(frozen=True)
class Door:
    """One address: the status for each of PERSONS on GET and on an empty POST (no fields, valid CSRF token).

    `with_` makes arguments that ARGUMENTS does not know: name → function of the scene.
    """

    name: str
    get: str
    post: str
    with_: Mapping[str, Callable[[Scene], Any]] = field(default_factory=dict)

    def statuses(self, method: str) -> dict[str, int]:
        """Person → status."""
        row = (self.get if method == "get" else self.post).split()
        if len(row) != len(PERSONS):
            raise ValueError(
                f"{self.name}: {method} has {len(row)} statuses, not {len(PERSONS)} ({', '.join(PERSONS)})"
            )
        return dict(zip(PERSONS, map(int, row), strict=True))

    def arguments(self, names: tuple[str, ...], scene: Scene) -> dict[str, Any]:
        """The address's arguments, all of them of the scene's organisation."""
        return {name: {**ARGUMENTS, **self.with_}[name](scene) for name in names}


#: Argument of a route → what stands there on the scene.
ARGUMENTS: Mapping[str, Callable[[Scene], Any]] = {
    "deployment_id": lambda scene: scene.deployment.pk,
    "connection_id": lambda scene: scene.deployment.connection_id,
    "organisation_id": lambda scene: scene.people.organisation.pk,
    "user_id": lambda scene: scene.people.viewer.user.pk,  # type: ignore[union-attr]
    "range_id": lambda scene: scene.declared.pk,
    "invitation_id": lambda scene: scene.invitation.pk,
    "hand_off_id": lambda scene: scene.hand_off.pk,
    "peering_id": lambda scene: scene.peering.pk,
}
