"""A change of a peering in one sentence, for whoever confirms it."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from networking.checks.scene import ids
from networking.peering.change import (
    ACCEPT,
    ACCEPTER,
    CREATE,
    DELETE,
    DELETE_ROUTE,
    REVOKE,
    ROUTE,
    RULE,
    PeeringChange,
)


def sentence(change: PeeringChange) -> str:
    """What will be done, in one sentence, in the reader's language."""
    words = {
        "resource": change.resource,
        "account": change.account,
        "peer": change.peer_vpc,
        "other": change.peer_account,
        "id": change.connection or _("the new connection"),
        "ranges": ids(change.ranges),
        "ports": ids(str(port) for port in change.ports),
    }
    return _said(change) % words


def _said(change: PeeringChange) -> str:
    said: Mapping[str, Callable[[], str]] = {
        CREATE: lambda: _("Ask from %(resource)s for a peering with %(peer)s in account %(other)s."),
        ACCEPT: lambda: _("Accept %(id)s in account %(account)s."),
        ROUTE: lambda: _("Add the route %(ranges)s → %(id)s to the route table %(resource)s."),
        RULE: lambda: _("Admit %(ranges)s on TCP %(ports)s in the security group %(resource)s."),
        REVOKE: lambda: _("Take the rule for %(ranges)s on TCP %(ports)s out of the security group %(resource)s."),
        DELETE_ROUTE: lambda: _("Delete the route %(ranges)s → %(id)s from the route table %(resource)s."),
        DELETE: lambda: _("Delete the peering connection %(id)s between %(resource)s and %(peer)s."),
    }
    text = said[change.kind]()
    if change.side == ACCEPTER and change.kind != ACCEPT:
        return text + " " + _("In account %(account)s.")
    return text
