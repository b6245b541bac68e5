"""Whether the portal may do a step of a peering itself, by the roles as they were deployed; read from rows."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from networking.models import Peering
from networking.peering.access import can_act
from networking.peering.change import ACCEPTER, DELETE_ROUTE, REQUESTER, REVOKE, PeeringChange
from networking.peering.subjects import routes_of
from networking.states import PeeringStep
from onboarding.bootstrap.constants import PEERING_SINCE
from onboarding.rules.profiles import PrivateLoadBalancer
from onboarding.rules.profiles import profile as rule_profile
from onboarding.stacks.naming import MANAGEMENT_ROLE, PEERING_ALLOWED, PEERING_TAG
from portal.aws.models import Connection
from portal.aws.states import ConnectionState

if TYPE_CHECKING:
    from networking.peering.standing import Standing


def cannot(step: PeeringStep, peering: Peering) -> str:
    """Why the portal may not do this step when a customer asks for it, with the next act; empty where it may."""
    match step:
        case PeeringStep.BALANCER:
            return "" if _has_switch(peering) else _("Support enables the private load balancer. Ask support.")
        case PeeringStep.CONNECTION | PeeringStep.ROUTES:
            return _cannot_write(peering.deployment.connection)
        case PeeringStep.ACCEPTANCE | PeeringStep.RETURN_ROUTES:
            return _cannot_act(peering)
        case _:
            if not _has_switch(peering):
                return _("Support adds the inbound rule. Ask support.")
            return cannot_admit(peering)


def cannot_undo(change: PeeringChange, standing: "Standing") -> str:
    """Why the portal may not make this change of a removal; a rule that it added it also takes back by itself."""
    peering = standing.peering
    if change.side == ACCEPTER:
        return _cannot_act(peering)
    if change.kind == REVOKE:
        return cannot_admit(peering)
    return cannot(change.step, peering) or _closed_table(change, standing)


def _closed_table(change: PeeringChange, standing: "Standing") -> str:
    """Why a route of the BYOC account is not ours to delete."""
    if change.kind != DELETE_ROUTE or routes_of(standing, REQUESTER).is_open(change.resource):
        return ""
    words = {"table": change.resource, "tag": f"{PEERING_TAG} = {PEERING_ALLOWED}"}
    return (
        _(
            "The route table %(table)s is yours, and it does not carry the tag %(tag)s, so we may not write into it."
            " Put the tag on it and look again, or delete the route yourself."
        )
        % words
    )


def cannot_admit(peering: Peering) -> str:
    """Why the management role may not add the inbound rule, whoever presses the button; empty where it may."""
    return _cannot_use(peering.deployment.connection)


def _has_switch(peering: Peering) -> bool:
    """Whether the vendor's rules let the customer do steps 1 and 6 with a switch."""
    rules = rule_profile(peering.deployment.profile)
    return rules.private_load_balancer == PrivateLoadBalancer.PORTAL_SWITCH


def _cannot_write(connection: Connection | None) -> str:
    if connection is not None and not connection.allows_peering_writes:
        return _(
            "You did not allow peering changes when you deployed the bootstrap roles. Do the step yourself with the"
            " guide, or allow peering changes on the bootstrap page and update the stack."
        )
    return _cannot_use(connection)


def _cannot_use(connection: Connection | None) -> str:
    if connection is None or connection.state != ConnectionState.PROVEN:
        return _(
            "The deployment's account does not let us in at present. See the bootstrap page, or do the step yourself."
        )
    if connection.template_version < PEERING_SINCE:
        words = {"role": MANAGEMENT_ROLE, "found": connection.template_version, "needed": PEERING_SINCE}
        return (
            _(
                "%(role)s was of template version %(found)d when we last looked; version %(needed)d allows these"
                " changes. Update the bootstrap stack and press «Look again» on the bootstrap page, or do the step"
                " yourself."
            )
            % words
        )
    return ""


def _cannot_act(peering: Peering) -> str:
    if can_act(peering):
        return ""
    said = _(
        "Nobody lends us a role in account %(account)s that opens. Lend one on the page of the role, or have that"
        " account's network admin do the step with the guide."
    )
    return said % {"account": peering.account_id}
