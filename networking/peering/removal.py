"""What a removal takes back, in reverse: rule, return routes, routes, connection; and what it leaves. Pure.

It touches what carries our mark, and routes, which carry no tags, where they lead to the registered connection. What
somebody else made goes only when a person names it.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from networking.peering.change import ACCEPTER, REQUESTER, PeeringChange
from networking.peering.connection_changes import Link
from networking.peering.subjects import former_connections, link_of, routes_of, rules_of

if TYPE_CHECKING:
    from networking.peering.standing import Standing


@dataclass(frozen=True, kw_only=True)
class Stay:
    """Something that a removal leaves. `id` is what a person puts into `named` to have it go too; empty where nobody
    can name it here.
    """

    id: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, kw_only=True)
class Removal:
    """The changes in their order, and what stays."""

    changes: tuple[PeeringChange, ...]
    stays: tuple[Stay, ...]


def removal_of(standing: "Standing", *, named: Set[str] = frozenset()) -> Removal:
    """What is taken back. `named` holds ids of `stays` that a person ticked: a connection that we did not make, rules
    that others added.
    """
    link, rules = link_of(standing), rules_of(standing)
    going = frozenset({link.id} if link.id and not link.is_foreign else ()) | former_connections(standing)
    found = rules.found()
    slug = standing.peering.deployment.slug
    deletion = link.deletion(slug)
    deletes = deletion is not None and (link.is_made_for(slug) or link.id in named)
    changes = (
        *rules.revocations(tuple(rule for rule in found if rule.ours or rule.id in named)),
        *_seen_routes(standing, ACCEPTER, going),
        *_seen_routes(standing, REQUESTER, going),
        *((deletion,) if deletion is not None and deletes else ()),
    )
    return Removal(changes=changes, stays=tuple(_stays(standing, named, goes=deletes)))


def _seen_routes(standing: "Standing", side: str, going: frozenset[str]) -> tuple[PeeringChange, ...]:
    """Nothing of what somebody stated: nobody of ours would ever see it gone, so the removal would have no end."""
    routes = routes_of(standing, side)
    return routes.leading(going) if routes.is_seen else ()


def _stays(standing: "Standing", named: Set[str], *, goes: bool) -> Iterator[Stay]:
    """What is left, each thing with what a person can do about it. `goes`: the connection does."""
    link = link_of(standing)
    for rule in rules_of(standing).found():
        if not rule.ours and rule.id not in named:
            said = _("The rule for %(range)s on TCP %(port)d in %(group)s was not added by this portal; it stays.")
            yield Stay(id=rule.id, sentence=said % {"range": rule.range, "port": rule.port, "group": rule.group})
    if link.is_standing and not goes:
        yield _standing_link(link, standing.peering.deployment.slug)
    if link.is_foreign:
        said = _("%(id)s does not have the registered sides; it stays.")
        yield Stay(id="", sentence=said % {"id": link.id})
    for side, view in ((ACCEPTER, link.scene.accepter), (REQUESTER, link.scene.requester)):
        if link.id and not routes_of(standing, side).is_seen:
            said = _(
                "Nobody of ours sees the route tables of %(vpc)s in account %(account)s. Delete the routes to %(id)s"
                " there yourself: left behind, they are blackholes."
            )
            yield Stay(id="", sentence=said % {"vpc": view.vpc_id, "account": view.account, "id": link.id})
    yield Stay(id="", sentence=_("The private load balancer stays: it belongs to the deployment, not to a peering."))


def _standing_link(link: Link, slug: str) -> Stay:
    """The connection that somebody else made; only who asked for it can take back a request that waits."""
    if link.deletion(slug) is None:
        said = _("%(id)s was not made by this portal and waits to be accepted. Whoever asked for it can take it back.")
        return Stay(id="", sentence=said % {"id": link.id})
    said = _("%(id)s was not made by this portal; it stays, unless you say that it goes too.")
    return Stay(id=link.id, sentence=said % {"id": link.id})
