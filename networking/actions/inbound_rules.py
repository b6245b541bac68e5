"""Support's answer to a request for the inbound rule: the work is begun, and the ticket has been dealt with."""

from django.db import transaction
from django.utils.translation import gettext as _

from networking.actions.peering_work import add_inbound_rule
from networking.models import Peering
from onboarding.actions.versions import Stale, WrongStep
from portal.accounts.models import User
from portal.accounts.refusals import ActionRefused
from portal.support.actions import close_ticket
from portal.support.models import Ticket
from portal.support.states import TicketKind, TicketState
from portal.workflows.actions import Busy, NotAllowed


@transaction.atomic
def answer_rule_request(*, peering: Peering, by: User, reason: str) -> None:
    """Adds what lacks in the security group and closes the request for it, if one was sent. Work that gets stuck opens
    a ticket of its own. Raises ActionRefused with a sentence for support.
    """
    try:
        add_inbound_rule(peering=peering, by=by, reason=reason)
    except Busy:
        said = _("Something else is at work in this account just now. Press again when it is done.")
        raise ActionRefused(said) from None
    except (WrongStep, Stale):
        raise ActionRefused(_("The peering stands elsewhere by now. Look at it again.")) from None
    except NotAllowed as refused:
        raise ActionRefused(str(refused)) from refused
    asked = Ticket.objects.filter(
        key=f"inbound-rule:{peering.pk}:{peering.generation}", kind=TicketKind.INBOUND_RULE, state=TicketState.OPEN
    )
    for ticket in asked:
        close_ticket(ticket=ticket, reason=reason, by=by)
