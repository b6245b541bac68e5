"""What a removal takes back, in its order, and what stays; before anybody types the confirmation."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _

from networking.actions.peering_work import REMOVABLE
from networking.models import Peering, PublicRemoval
from networking.peering.change import PeeringChange
from networking.peering.changes import sentence
from networking.peering.plan import PeeringPlan
from networking.peering.remedies.removal import removal_remedies
from networking.peering.removal import Stay, removal_of
from networking.peering.rights import cannot_undo
from networking.peering.standing import Standing, standing_of
from networking.remedies.shapes import Remedy
from networking.states import PeeringState, PublicRemovalState


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """One change of a removal. `cannot`: why the portal may not make it, so that it is left to the customer."""

    change: PeeringChange
    sentence: str
    cannot: str


@dataclass(frozen=True, kw_only=True)
class RemovalPage:
    """Everything that the page says. `named` are the things of others that the customer says go too."""

    standing: Standing
    named: frozenset[str]
    taken: tuple[TakenBack, ...]
    stays: tuple[Stay, ...]
    plan: PeeringPlan
    remedies: tuple[Remedy, ...] = ()

    @classmethod
    def of(cls, peering: Peering, named: Set[str] = frozenset()) -> Self:
        """Reads rows only. What is named and is not there counts as not named."""
        standing = standing_of(peering)
        can_be_named = {stay.id for stay in removal_of(standing).stays if stay.id}
        wanted = frozenset(named & can_be_named)
        removal = removal_of(standing, named=wanted)
        return cls(
            standing=standing,
            named=wanted,
            taken=tuple(
                TakenBack(change=one, sentence=sentence(one), cannot=cannot_undo(one, standing))
                for one in removal.changes
            ),
            stays=removal.stays,
            plan=PeeringPlan.of_removal(standing, wanted),
            remedies=removal_remedies(standing),
        )

    @property
    def peering(self) -> Peering:
        """The row."""
        return self.standing.peering

    @property
    def made(self) -> tuple[TakenBack, ...]:
        """What the portal takes back, in order."""
        return tuple(one for one in self.taken if not one.cannot)

    @property
    def left(self) -> tuple[TakenBack, ...]:
        """What would have to go and is left to the customer."""
        return tuple(one for one in self.taken if one.cannot)

    @property
    def choices(self) -> tuple[Stay, ...]:
        """What stays unless the customer names it, and what they named already."""
        return tuple(stay for stay in removal_of(self.standing).stays if stay.id)

    @property
    def kept(self) -> tuple[Stay, ...]:
        """What stays in any case."""
        return tuple(stay for stay in self.stays if not stay.id)

    @property
    def here(self) -> bool:
        """Whether it may be removed now."""
        return self.peering.state in REMOVABLE

    @property
    def is_last_way_in(self) -> bool:
        """Whether the public load balancer is given up and no other peering connects: nobody gets in then."""
        mine = self.peering
        gone = PublicRemoval.objects.filter(
            deployment_id=mine.deployment_id, state__in=(PublicRemovalState.REMOVED, PublicRemovalState.RESTORING)
        )
        others = Peering.objects.filter(deployment_id=mine.deployment_id, state=PeeringState.CONNECTED)
        return gone.exists() and not others.exclude(pk=mine.pk).exists()

    @property
    def consequences(self) -> list[str]:
        """What follows from the confirmation, in sentences."""
        said = [_last_way_in()] if self.is_last_way_in else []
        return [*said, *self._consequences()]

    def _consequences(self) -> list[str]:
        watched = _("The portal no longer watches this peering.")
        if not self.made:
            return [_("Nothing is changed in AWS: nothing that the portal made is left."), watched]
        return [
            _("Applications in %(vpc)s no longer reach the deployment privately.") % {"vpc": self.peering.vpc_id},
            _("A deleted connection cannot be revived; a new peering begins with another request."),
            watched,
        ]


def _last_way_in() -> str:
    return _(
        "Nobody reaches the deployment any more: its public load balancer is removed and no other peering connects."
        " Have it put back first, on the page of private access."
    )
