"""What an infrastructure decision brings with it, in sentences: room, finality, cost."""

from dataclasses import dataclass
from ipaddress import IPv4Network

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from onboarding.address_plan import nodes_for
from onboarding.review import Review
from onboarding.stacks.choices import LaunchChoices
from onboarding.stacks.subnets import SubnetPlan, subnet_plan


@dataclass(frozen=True, kw_only=True)
class Consequences:
    """Three lists of sentences; prices are AWS's and are not guessed here."""

    room: tuple[str, ...]
    final: tuple[str, ...]
    cost: tuple[str, ...]


def consequences_of(review: Review) -> Consequences:
    """The consequences of launching exactly this."""
    return Consequences(room=_room(subnet_plan(IPv4Network(review.cidr))), final=_final(review), cost=_cost(review))


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


def _cost(review: Review) -> tuple[str, ...]:
    return (
        _("One EKS cluster, by the hour."),
        _("%(count)d EC2 nodes of type %(type)s at first and up to %(most)d under load, with their EBS volumes.")
        % {
            "count": LaunchChoices.node_count,
            "type": LaunchChoices.node_type,
            "most": LaunchChoices.node_count_max,
        },
        _("%(count)d NAT gateways, by the hour and for what passes through them, each with a public IPv4 address.")
        % {"count": len(review.zones)},
        _("Three S3 buckets, for what is stored and asked."),
        _("Load balancers, and traffic between zones and to the internet."),
    )
