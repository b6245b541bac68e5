"""One look at both sides of a peering, by the read-only role and, where one is lent, by the target account's role.

The first look is whole; those that follow verify in few calls what it brought, until it is too old for that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from networking.models import Peering
from networking.peering.access import accepter_look_session, is_own_account
from networking.peering.looks import PeeringLook, Recorded, newest_look, record_look
from networking.peering.shapes import PeeringSide
from networking.peering.standing import Standing
from networking.peering.stored_looks import SeenPeering
from onboarding.tasks.subjects import look_session
from portal.aws.peerings import ACCEPTER_LOOKING, REQUESTER_LOOKING, Vantage, read_sides, verify_sides
from portal.findings.languages import spoken
from portal.workflows.shapes import Done, Outcome, Work

#: How long what only a whole look reads is believed: the ranges of the two VPCs before the connection is active, and
#: afterwards, when the connection tells them, what is left: names, zones and tags.
WHOLE_BEFORE, WHOLE_WHILE_ACTIVE = timedelta(hours=1), timedelta(days=7)


@dataclass(frozen=True)
class LookAtPeering:
    """Looks at the peering that the workflow's data names: `peering`."""

    name: str = "look"

    def run(self, work: Work) -> Outcome:
        peering = peering_of(work)
        see(work, peering)
        words = {"vpc": peering.vpc_id}
        return Done(message=spoken(lambda: _("We have looked at the peering with %(vpc)s.") % words))


def peering_of(work: Work) -> Peering:
    """The peering of a workflow; never another deployment's."""
    found: Peering = Peering.objects.select_related("deployment__connection", "organisation").get(
        pk=work.workflow.data["peering"],
        deployment_id=work.workflow.subject_id,
        organisation_id=work.workflow.organisation_id,
    )
    return found


def see(work: Work, peering: Peering) -> Standing:
    """Looks afresh and keeps it; how the peering stands then. Raises AwsProblem when AWS gives no usable answer."""
    return look(work, peering).standing


def look(work: Work, peering: Peering) -> Recorded:
    """As `see`; with what the look changed."""
    requester, accepter = _vantages(work, peering)
    before = newest_look(peering)
    whole_at: datetime | None = timezone.now()
    if before is None or not _is_enough(before, accepter):
        here, there = read_sides(requester, accepter)
    else:
        sides = (before.look.requester, before.look.accepter)
        here, there = verify_sides(requester, accepter, sides, _followed(peering))
        whole_at = before.look.whole_at
    found = PeeringLook(
        requester_vpc=peering.requester_vpc,
        accepter_vpc=peering.vpc_id,
        requester=here,
        accepter=there if accepter is not None else PeeringSide(),
        whole_at=whole_at,
    )
    return record_look(peering, found)


def _vantages(work: Work, peering: Peering) -> tuple[Vantage, Vantage | None]:
    """From where each side is looked at; one session serves both where both VPCs are in one account."""
    own = look_session(work, "look-at-peering", *REQUESTER_LOOKING)
    requester = Vantage(session=own, region=peering.requester_region, vpc_id=peering.requester_vpc)
    there = own if is_own_account(peering) else accepter_look_session(work, peering, *ACCEPTER_LOOKING)
    if there is None:
        return requester, None
    return requester, Vantage(session=there, region=peering.region, vpc_id=peering.vpc_id)


def _is_enough(before: SeenPeering, accepter: Vantage | None) -> bool:
    """Whether the newest look holds all that a lean one leaves out."""
    whole_at, sides = before.look.whole_at, [before.look.requester]
    if accepter is not None:
        sides.append(before.look.accepter)
    if whole_at is None or any(side.network is None for side in sides):
        return False
    is_active = any(fact.status == "active" for fact in before.look.requester.peerings or ())
    return timezone.now() - whole_at < (WHOLE_WHILE_ACTIVE if is_active else WHOLE_BEFORE)


def _followed(peering: Peering) -> str:
    """The id of the connection that the generation follows; empty where there is none yet."""
    row = peering.connections.filter(generation=peering.generation).first()
    return row.pcx_id if row is not None else ""
