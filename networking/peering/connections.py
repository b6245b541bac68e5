"""The connection of a peering's generation as rows: which one is ours, and that its state only goes forward.

AWS forgets a connection that ended within hours or days; the row stays. AWS's lists lag behind its own answers, so an
older state that is shown after a newer one changes nothing.
https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-lifecycle
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from networking.models import Peering, PeeringConnection
from networking.peering.checks.connection import ENDED, LIVE
from networking.peering.registration import byoc_account
from networking.peering.shapes import PeeringSide
from networking.states import PeeringState
from onboarding.stacks.naming import DEPLOYMENT_TAG
from portal.aws.facts.peerings import PeeringFact, PeeringSideFact
from portal.aws.facts.shapes import tag_value

#: How far a connection is; what ended in one of the last four ways stays so.
_RANK = {
    "": 0, "initiating-request": 1, "pending-acceptance": 2, "provisioning": 3, "active": 4, "deleting": 5,
    "rejected": 6, "expired": 6, "failed": 6, "deleted": 6,
}  # fmt: skip
#: How long a connection that AWS showed may be missing from its lists before we believe that it is gone.
LAG = timedelta(minutes=2)


@dataclass(frozen=True)
class Ends:
    """One end of a connection: the VPC, its account and its region (empty where AWS did not say)."""

    vpc: str
    account: str
    region: str

    @classmethod
    def of(cls, side: PeeringSideFact) -> "Ends":
        """As AWS shows it."""
        return cls(side.vpc, side.owner, side.region)

    def is_shown(self, other: "Ends") -> bool:
        """Whether AWS shows just this end; a region that it leaves out is none against it."""
        return (self.vpc, self.account) == (other.vpc, other.account) and other.region in {"", self.region}


def ends_of(peering: Peering) -> tuple[Ends, Ends]:
    """The registered ends: the BYOC VPC, then the target VPC."""
    return (
        Ends(peering.requester_vpc, byoc_account(peering), peering.requester_region),
        Ends(peering.vpc_id, peering.account_id, peering.region),
    )


def joins(peering: Peering, fact: PeeringFact) -> bool:
    """Whether the BYOC VPC asked the target VPC, just as registered."""
    mine, theirs = ends_of(peering)
    return mine.is_shown(Ends.of(fact.requester)) and theirs.is_shown(Ends.of(fact.accepter))


def joins_turned(peering: Peering, fact: PeeringFact) -> bool:
    """Whether the target VPC asked the BYOC VPC."""
    mine, theirs = ends_of(peering)
    return theirs.is_shown(Ends.of(fact.requester)) and mine.is_shown(Ends.of(fact.accepter))


def adoptable(peering: Peering, facts: Iterable[PeeringFact], taken: frozenset[str]) -> PeeringFact | None:
    """The live connection of the registered pair, if there is one that no row holds yet; never a foreign one.

    One that the target VPC asked for counts once it is active: until then it is a request to us.
    """
    straight, turned = [], []
    for fact in facts:
        if fact.id in taken or fact.status not in LIVE:
            continue
        if joins(peering, fact):
            straight.append(fact)
        elif joins_turned(peering, fact) and fact.status == "active":
            turned.append(fact)
    return max((*straight, *turned), key=lambda fact: (_RANK[fact.status], joins(peering, fact), fact.id), default=None)


def taken(peering: Peering) -> frozenset[str]:
    """Connections that another generation or another peering holds; those of removed peerings are free."""
    rows = PeeringConnection.objects.filter(organisation_id=peering.organisation_id)
    return frozenset(rows.exclude(peering__state=PeeringState.REMOVED).values_list("pcx_id", flat=True))


def adopt(peering: Peering, fact: PeeringFact) -> PeeringConnection:
    """The row of a connection that was found; `adopted` unless it carries the deployment's own tag."""
    made = tag_value(fact.tags, DEPLOYMENT_TAG) == peering.deployment.slug
    values = {"peering": peering, "generation": peering.generation, "adopted": not made}
    # What a removed peering left behind belongs to the one that is registered anew.
    left = PeeringConnection.objects.filter(
        organisation_id=peering.organisation_id, pcx_id=fact.id, peering__state=PeeringState.REMOVED
    ).first()
    row = left or PeeringConnection(organisation_id=peering.organisation_id, pcx_id=fact.id)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return follow(row, fact)


def follow(row: PeeringConnection, fact: PeeringFact) -> PeeringConnection:
    """Writes down what AWS shows of the row's connection; an older state than the row's changes only `seen_at`."""
    now = timezone.now()
    row.seen_at = now
    if _RANK.get(fact.status, -1) > _RANK.get(row.status, 0) or fact.status == row.status:
        row.status, row.message = fact.status, fact.message
        row.expires_at = fact.expires_at or row.expires_at
        row.ended_at = (row.ended_at or now) if fact.status in ENDED else None
    row.save()
    return row


def miss(row: PeeringConnection) -> PeeringConnection:
    """AWS listed all connections and not the row's: after a while, it is gone. One that is shown again is followed."""
    now = timezone.now()
    if row.ended_at is None and now - row.seen_at > LAG:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
    return row


def settled(side: PeeringSide, before: PeeringSide | None, row: PeeringConnection | None) -> PeeringSide:
    """The side with the row's connection no older than the row: what was seen before counts where AWS lags."""
    if side.peerings is None or row is None:
        return side
    old = next((fact for fact in (before.peerings or () if before else ()) if fact.id == row.pcx_id), None)
    facts = tuple(_newer(fact, old, row) if fact.id == row.pcx_id else fact for fact in side.peerings)
    lags = row.status in LIVE and timezone.now() - row.seen_at <= LAG
    if old is not None and lags and all(fact.id != row.pcx_id for fact in facts):
        facts = (*facts, old)
    return replace(side, peerings=facts)


def _newer(fact: PeeringFact, old: PeeringFact | None, row: PeeringConnection) -> PeeringFact:
    if _RANK.get(fact.status, 9) >= _RANK.get(row.status, 0):
        return fact
    if old is not None and old.status == row.status:
        return old
    return replace(fact, status=row.status, message=row.message)


def remembered(
    peering: Peering, side: PeeringSide, row: PeeringConnection | None, looked_at: datetime | None
) -> PeeringSide:
    """The requester's side with the row's connection where AWS does not show it: because it ended and is forgotten, or
    because it is so new that lists lag behind. `looked_at` is when the side was looked at.
    """
    if row is None or any(fact.id == row.pcx_id for fact in side.peerings or ()):
        return side
    is_new = row.ended_at is None and looked_at is not None and looked_at - row.first_seen_at <= LAG
    if row.status not in ENDED and not is_new:
        return side
    mine, theirs = (PeeringSideFact(vpc=end.vpc, owner=end.account, region=end.region) for end in ends_of(peering))
    fact = PeeringFact(
        id=row.pcx_id, status=row.status or "initiating-request", message=row.message, requester=mine,
        accepter=theirs, expires_at=row.expires_at,
    )  # fmt: skip
    return replace(side, peerings=(*(side.peerings or ()), fact))
