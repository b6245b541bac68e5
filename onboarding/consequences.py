"""What an infrastructure decision brings with it, in sentences: room, finality, cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from onboarding.address_plan import ADDRESSES_PER_NODE, nodes_for
from onboarding.review import Review
from onboarding.stacks.choices import LaunchChoices
from onboarding.stacks.subnets import SubnetPlan, subnet_plan


@dataclass(frozen=True, kw_only=True)
class Consequences:
    """Three lists of sentences; prices are AWS's and are not guessed here."""

    room: tuple[str, ...]
    final: tuple[str, ...]
    cost: tuple[str, ...]


def consequences_of(review: Review, free: Sequence[int | None] = ()) -> Consequences:
    """The consequences of launching exactly this. `free` counts the free addresses of each subnet of a brought VPC,
    None where AWS did not say.
    """
    if review.vpc_id:
        return Consequences(room=_brought_room(free), final=_brought_final(review), cost=_cost(review))
    return Consequences(room=_room(subnet_plan(IPv4Network(review.cidr))), final=_final(review), cost=_cost(review))


def _brought_room(free: Sequence[int | None]) -> tuple[str, ...]:
    known = [count for count in free if count is not None]
    words = {"total": _grouped(sum(known)), "nodes": _grouped(nodes_for(sum(known)))}
    counted = _(
        "The chosen subnets have %(total)s free addresses together: room for about %(nodes)s nodes if each takes as"
        " many as it can."
    )
    uncounted = _("How many addresses are free in the chosen subnets is not known.")
    return (
        counted % words if known and len(known) == len(free) else uncounted,
        _(
            "Nodes, pods and load balancers take their addresses from these subnets, beside what you run there: a node"
            " takes up to %(most)d."
        )
        % {"most": ADDRESSES_PER_NODE},
    )


def _brought_final(review: Review) -> tuple[str, ...]:
    words = {"region": review.region, "vpc": review.vpc_id, "subnets": ", ".join(review.subnet_ids)}
    return (
        _("The region stays %(region)s. Another region means another deployment.") % words,
        _("The deployment stays in %(vpc)s, in the subnets %(subnets)s.") % words,
        _("The network is yours: the launch makes none, and subnets, routes, endpoints and gateways stay yours to run.")
        % words,
        _("If they change, the deployment may lose its way to S3, to its load balancers or to us.") % words,
        _("A network that overlaps any range of %(vpc)s can never be peered with it.") % words,
        _("A tear-down leaves %(vpc)s as it is; deleting it later is up to you.") % words,
    )


def _room(split: SubnetPlan) -> tuple[str, ...]:
    private, public = split.private[0], split.public[0]
    words = {
        "each": _grouped(private.usable),
        "total": _grouped(split.usable_private),
        "nodes": _grouped(nodes_for(split.usable_private)),
    }
    return (
        _("Each private subnet has %(each)s usable addresses, all three together %(total)s.") % words,
        _("That is room for about %(nodes)s nodes if each takes as many addresses as it can.") % words,
        _("Each public subnet has %(usable)s usable addresses, for NAT gateways and load balancers only.")
        % {"usable": _grouped(public.usable)},
    )


def _grouped(number: int) -> str:
    """The number as the reader's language groups it."""
    return str(number_format(number, force_grouping=True))


def _final(review: Review) -> tuple[str, ...]:
    words = {"region": review.region, "cidr": review.cidr, "zones": ", ".join(zone for _name, zone in review.zones)}
    return (
        _("The region stays %(region)s. Another region means another deployment.") % words,
        _("The VPC keeps %(cidr)s as its first range, and the subnets keep theirs.") % words,
        _("The zones stay %(zones)s.") % words,
        _("A network that overlaps %(cidr)s can never be peered with it.") % words,
    )


def _network_cost(review: Review) -> str:
    if review.vpc_id:
        return _("What passes through the gateways and endpoints of your VPC, as it does today.")
    said = _("%(count)d NAT gateways, by the hour and for what passes through them, each with a public IPv4 address.")
    return said % {"count": len(review.zones)}


def _cost(review: Review) -> tuple[str, ...]:
    return (
        _("One EKS cluster, by the hour."),
        _("%(count)d EC2 nodes of type %(type)s at first and up to %(most)d under load, with their EBS volumes.")
        % {
            "count": LaunchChoices.node_count,
            "type": LaunchChoices.node_type,
            "most": LaunchChoices.node_count_max,
        },
        _network_cost(review),
        _("Three S3 buckets, for what is stored and asked."),
        _("Load balancers, and traffic between zones and to the internet."),
    )
