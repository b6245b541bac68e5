"""Waiting until AWS shows the connection as the next changes need it, and writing down what it shows."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from networking.models import Peering, PeeringConnection
from networking.peering.change import ACCEPT, ACCEPTER, CREATE, DELETE, REQUESTER, PeeringChange
from networking.peering.checks.connection import ENDED
from networking.peering.checks.overlap import CODE as OVERLAP
from networking.peering.checks.ranges import Block, outermost
from networking.peering.connections import adopt, adoptable, follow, joins, joins_turned
from networking.peering.plan import PeeringPlan
from networking.peering.standing import Standing, standing_of
from networking.tasks import peering_words as words
from networking.tasks.peering_outlook import Outlook
from networking.tasks.peering_seen import ended, foreign, links_of
from portal.aws.facts.peerings import PeeringFact
from portal.findings.languages import Spoken, heard, spoken
from portal.findings.shapes import Level
from portal.workflows.models import Intent
from portal.workflows.shapes import Outcome, Refusal, Wait, Work
from portal.workflows.times import poll_seconds

#: The kinds after which AWS needs a moment.
LINK_KINDS = frozenset({CREATE, ACCEPT, DELETE})
#: Kind → the states that the next changes may rest on; a request that fails does so before it arrives.
_REACHED = {
    CREATE: frozenset({"pending-acceptance", "provisioning", "active"}),
    ACCEPT: frozenset({"active"}),
    DELETE: ENDED,
}


def is_reached(kind: str, row: PeeringConnection | None) -> bool:
    """Whether our own record shows the connection that far."""
    return row is not None and row.status in _REACHED[kind]


def awaited(outlook: Outlook, peering: Peering, plan: PeeringPlan, change: PeeringChange) -> Outcome | None:
    """Looks at the connection from the requester's side and keeps what it shows; None once it is that far."""
    work, facts = outlook.work, links_of(outlook.session, peering.requester_region)
    row = PeeringConnection.objects.filter(peering=peering, generation=peering.generation).first()
    fact = _own(work, peering, row, facts)
    since = _begun(work, change)
    if fact is None:
        return None if change.kind == DELETE else _wait(since, "–", row.pcx_id if row is not None else "pcx-…")
    if not joins(peering, fact) and not joins_turned(peering, fact):
        return Refusal(message=foreign(fact))
    strange = unfit(peering, plan, fact)
    if strange and change.kind != DELETE:
        return words.strange_ranges(strange)
    row = follow(row, fact) if row is not None else adopt(peering, fact)
    if is_reached(change.kind, row):
        outlook.arrived = facts if change.kind == CREATE else ()
        return None
    if row.status in ENDED:
        return Refusal(message=_failed(peering, plan, fact) if fact.status == "failed" else ended(fact))
    return _wait(since, fact.status, fact.id)


def unfit(peering: Peering, plan: PeeringPlan, fact: PeeringFact | None) -> tuple[str, ...]:
    """The ranges by which AWS's list departs from the plan; none as long as it lists none.

    Those of the BYOC VPC must be the ones that were known, and every route must lead into a listed range.
    """
    if fact is None:
        return ()
    ends = {end.vpc: outermost((end.cidr, *end.cidrs, *end.ipv6_cidrs)) for end in (fact.requester, fact.accepter)}
    mine, theirs = ends.get(peering.requester_vpc, ()), ends.get(peering.vpc_id, ())
    known = outermost(plan.ranges)
    strange = [block.text for block in mine if known and not _lies_in(block, known)]
    for listed, side in ((theirs, REQUESTER), (mine, ACCEPTER)):
        leading = outermost(plan.destinations(side))
        strange += [block.text for block in leading if listed and not _lies_in(block, listed)]
    return tuple(dict.fromkeys(strange))


def _lies_in(block: Block, wide: tuple[Block, ...]) -> bool:
    return any(one.holds(block) for one in wide)


def _own(
    work: Work, peering: Peering, row: PeeringConnection | None, facts: tuple[PeeringFact, ...]
) -> PeeringFact | None:
    """The connection of this generation: by our record, by what the ledger made, else one that others made."""
    if row is None:
        results = Intent.objects.filter(workflow=work.workflow, action="ec2:CreateVpcPeeringConnection")
        own = {str(result.get("id", "")) for result in results.values_list("result", flat=True)} - {""}
        taken = frozenset(PeeringConnection.objects.filter(peering=peering).values_list("pcx_id", flat=True))
        return next((one for one in facts if one.id in own), None) or adoptable(peering, facts, taken)
    return next((one for one in facts if one.id == row.pcx_id), None)


def patience(since: datetime | None) -> float:
    """Seconds until the next look: as long as it has taken so far, a fifth of the poll interval to ten seconds."""
    waited = (timezone.now() - since).total_seconds() if since is not None else 0.0
    return min(max(poll_seconds() / 5, waited), 10.0)


def is_late(since: datetime | None) -> bool:
    """Whether AWS should have shown by now what was there then."""
    return since is not None and timezone.now() - since > timedelta(seconds=settings.WORKFLOW["window"])


def _begun(work: Work, change: PeeringChange) -> datetime | None:
    """When AWS began to work on it for us; None where others began it."""
    done = Intent.objects.filter(workflow=work.workflow, key=change.key, settled_at__isnull=False)
    return done.values_list("settled_at", flat=True).first()


def _wait(since: datetime | None, state: str, pcx_id: str) -> Wait:
    return Wait(seconds=patience(since), message=words.waiting_for(state, pcx_id))


def _failed(peering: Peering, plan: PeeringPlan, fact: PeeringFact) -> Spoken:
    """AWS says `failed` for a wrong id, a wrong account or an overlap. The overlap is named; where nobody could look at
    the target VPC, the ranges that it must not touch are.
    """
    standing, base = standing_of(peering), ended(fact)
    return spoken(lambda: " ".join((heard(base, ""), _clash(standing, plan.ranges))))


def _clash(standing: Standing, ranges: tuple[str, ...]) -> str:
    found = [one.message for one in standing.judged() if one.code == OVERLAP and one.level is Level.FAILED]
    if found or not ranges:
        return " ".join(found)
    said = _(
        "See that no range of %(theirs)s, used or not, has an address of %(ours)s in common, which are those of the"
        " BYOC VPC, and that account, region and VPC are right."
    )
    return said % {"theirs": standing.registered.accepter_vpc, "ours": ", ".join(ranges)}
