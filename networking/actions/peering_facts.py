"""Taking a facts file about the target side of a peering: what somebody states, beside what we saw.

It sets no state and moves nothing (docs/safety.md, F): the peering, its connection and its faults follow our own looks
alone.
"""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from networking.actions.facts import FactsRefused, TooLate
from networking.facts.strict_json import UnreadableFacts
from networking.kinds import PEERING_STATED
from networking.models import Peering
from networking.peering.facts_file import parse_target_facts
from networking.peering.shapes import PeeringSide
from networking.peering.standing import standing_of
from networking.peering.stored_looks import PeeringLook, newest_look
from networking.peering.target import target_findings
from networking.states import PeeringState
from onboarding.actions.versions import show_anew
from portal.accounts.models import User
from portal.findings.models import Observation
from portal.findings.models.observations import record_observation
from portal.workflows.journal import tell

#: Peerings that nobody sets up any more.
LEAVING = frozenset({PeeringState.REMOVING, PeeringState.REMOVED})


@transaction.atomic
def take_peering_facts(*, peering: Peering, data: bytes, by: User | str) -> Observation:
    """Judges and keeps the facts file `data` about the peering's target VPC.

    `by` is a person, or `hand-off:<label>` for a link. Raises FactsRefused: it cannot be read, or is of another
    account, region or VPC; TooLate.
    """
    side = checked_target(peering=peering, data=data)
    peering = Peering.objects.select_for_update(of=("self",)).get(pk=peering.pk)
    observation = _kept(peering, side)
    show_anew(peering.deployment_id)
    tell(
        "peering.facts_taken",
        lambda: (
            _("A facts file about the target VPC %(vpc)s of the peering %(label)s was taken.")
            % {"vpc": peering.vpc_id, "label": peering.label}
        ),
        organisation=peering.organisation_id,
        subject_id=peering.deployment_id,
        by=by,
    )
    return observation


def checked_target(*, peering: Peering, data: bytes) -> PeeringSide:
    """The target side in the file, once it is of the registered account, region and VPC. Stores nothing.

    Raises FactsRefused, in the reader's language, or TooLate.
    """
    if peering.state in LEAVING:
        raise TooLate(_("This peering is being removed or is gone. A facts file would change nothing."))
    try:
        said = parse_target_facts(data, account=peering.account_id, region=peering.region, vpc_id=peering.vpc_id)
    except UnreadableFacts as unreadable:
        raise FactsRefused(str(unreadable)) from unreadable
    return said.side


def _kept(peering: Peering, side: PeeringSide) -> Observation:
    """The row of what was stated. A file that says what the newest said only renews its time.

    The connection itself we see in the BYOC account, whoever accepts it: what a file says of it is not kept, since it
    would be older than our next look.
    """
    look = PeeringLook(
        requester_vpc=peering.requester_vpc,
        accepter_vpc=peering.vpc_id,
        requester=PeeringSide(),
        accepter=replace(side, peerings=None),
        stated=True,
    )
    newest = newest_look(peering, stated=True)
    if newest is not None and newest.look == look:
        Observation.objects.filter(pk=newest.observation.pk).update(observed_at=timezone.now())
        newest.observation.refresh_from_db()
        return newest.observation
    standing = standing_of(peering)
    return record_observation(
        organisation=peering.organisation,
        kind=PEERING_STATED,
        subject_id=peering.pk,
        profile=peering.deployment.profile,
        judge=lambda: target_findings(standing, look.accepter),
        facts=look.to_json(),
    )
