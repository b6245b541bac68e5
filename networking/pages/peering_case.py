"""What is the case with one step, in one plain sentence: drawn from its findings, never beside them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from networking.pages.peering_states import connection_words
from networking.pages.peering_steps import access_row, asked_at, has_switch
from networking.peering.shapes import PeeringSide
from networking.peering.standing import Standing
from networking.routing import Routing
from networking.states import PeeringStep
from portal.findings.shapes import Level


def case_of(standing: Standing, key: PeeringStep) -> str:
    """The sentence under the step's title."""
    said = {
        PeeringStep.BALANCER: _balancer,
        PeeringStep.CONNECTION: _connection,
        PeeringStep.ACCEPTANCE: _acceptance,
        PeeringStep.ROUTES: _routes,
        PeeringStep.RETURN_ROUTES: _return_routes,
        PeeringStep.SECURITY_GROUP: _security_group,
    }[key]
    return said(standing)


def needed_before(standing: Standing, key: PeeringStep) -> PeeringStep | None:
    """The step without which this one cannot be done yet; None where nothing stands in its way."""
    needs = {
        PeeringStep.ACCEPTANCE: PeeringStep.CONNECTION,
        PeeringStep.ROUTES: PeeringStep.CONNECTION,
        PeeringStep.RETURN_ROUTES: PeeringStep.CONNECTION,
        PeeringStep.SECURITY_GROUP: PeeringStep.BALANCER,
    }
    before = needs.get(key)
    if before is None or standing.is_done(key) or standing.is_done(before):
        return None
    if before == PeeringStep.CONNECTION and standing.connection is None:
        return before
    words = connection_words(standing)
    ended = words is not None and words.ended
    return before if ended or before == PeeringStep.BALANCER else None


def _balancer(standing: Standing) -> str:
    if standing.is_done(PeeringStep.BALANCER):
        return _("The private load balancer is there.")
    access = access_row(standing)
    if access is not None and access.enabled_at is not None:
        return _("It is enabled and being made; that takes a few minutes. We look again by ourselves.")
    if asked_at(standing, PeeringStep.BALANCER) is not None:
        return _("Support was asked to enable it and writes to you when it is done. Go on with step 2 meanwhile.")
    if has_switch(standing):
        return _("The private load balancer is not enabled yet. One press enables it; nothing of yours is changed.")
    return _("The private load balancer is not enabled yet. One press asks support for it.")


def _connection(standing: Standing) -> str:
    words = connection_words(standing)
    if words is not None:
        return words.sentence
    return _("There is no connection between %(byoc)s and %(vpc)s yet. The BYOC side asks for it.") % {
        "byoc": standing.peering.requester_vpc,
        "vpc": standing.peering.vpc_id,
    }


def _acceptance(standing: Standing) -> str:
    words = connection_words(standing)
    if words is not None:
        return words.sentence
    return _("There is nothing to accept yet: step 2 makes the request.")


def _routes(standing: Standing) -> str:
    subnets = standing.registered.requester_subnets
    count = _count(standing, PeeringStep.ROUTES, standing.requester, subnets)
    said = _("%(done)d of %(all)d route tables lead to %(vpc)s. From the subnets of the others, answers go nowhere.")
    unknown = _("Which routes the BYOC VPC has is not known yet. Look again.")
    return _led(standing, count, standing.peering.vpc_id, said) if count else unknown


def _return_routes(standing: Standing) -> str:
    subnets = standing.registered.accepter_subnets
    count = _count(standing, PeeringStep.RETURN_ROUTES, standing.accepter, subnets)
    said = _("%(done)d of %(all)d route tables lead to %(vpc)s. From the subnets of the others nothing reaches it.")
    if count:
        return _led(standing, count, standing.peering.requester_vpc, said)
    words = {"vpc": standing.peering.vpc_id}
    return _("Nobody has shown us the route tables of %(vpc)s yet, so we cannot say whether they are done.") % words


@dataclass(frozen=True)
class _Count:
    """How many of the route tables that the side's subnets follow lead to the other side."""

    done: int
    all: int
    is_done: bool


def _count(standing: Standing, key: PeeringStep, side: PeeringSide, subnets: Iterable[str]) -> _Count | None:
    """None where nobody knows, or the findings do not say which table is to blame."""
    if side.network is None or side.network.route_tables is None:
        return None
    routing = Routing.of(side.network)
    tables = {table.id for subnet in subnets if (table := routing.followed(subnet).table) is not None}
    open_ = {
        finding.resources[0]
        for finding in standing.of_step(key)
        if finding.level in {Level.FAILED, Level.UNKNOWN} and finding.resources
    }
    is_done, blamed = standing.is_done(key), open_ & tables
    if not tables or not (is_done or blamed):
        return None
    return _Count(len(tables - open_), len(tables), is_done)


def _led(standing: Standing, count: _Count, there: str, partly: str) -> str:
    words = {"done": count.done, "all": count.all, "vpc": there}
    if not count.is_done and standing.connection is None:
        return _("Routes to %(vpc)s are lacking; they lead to the connection, which step 2 makes.") % words
    if count.is_done:
        said = ngettext("The one route table leads to %(vpc)s.", "All %(all)d route tables lead to %(vpc)s.", count.all)
        return said % words
    if count.done:
        return partly % words
    said = ngettext(
        "The one route table does not lead to %(vpc)s yet.",
        "None of the %(all)d route tables leads to %(vpc)s yet.",
        count.all,
    )
    return said % words


def _security_group(standing: Standing) -> str:
    found = standing.of_step(PeeringStep.SECURITY_GROUP)
    words = {"vpc": standing.peering.vpc_id}
    if standing.is_done(PeeringStep.SECURITY_GROUP):
        return _("The private load balancer admits %(vpc)s.") % words
    if not standing.is_done(PeeringStep.BALANCER):
        return _("The private load balancer of step 1 is not there yet, so there is no list to put %(vpc)s on.") % words
    if asked_at(standing, PeeringStep.SECURITY_GROUP) is not None:
        return _("Support was asked to admit %(vpc)s and writes to you when it is done.") % words
    if any(finding.level is Level.FAILED for finding in found):
        return _("The private load balancer does not admit %(vpc)s yet.") % words
    return _("Whether the private load balancer admits %(vpc)s is not known yet.") % words
