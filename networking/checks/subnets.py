"""The chosen subnets one by one: how many, of this VPC, large enough, with free addresses.

A subnet has five addresses fewer than its range: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""

from collections import Counter
from collections.abc import Sequence
from ipaddress import IPv4Network

from django.utils.translation import gettext as _

from networking.checks.scene import Scene, ids
from portal.aws.facts.subnets import SubnetFact
from portal.findings.shapes import Finding

#: The first four addresses and the last one of a subnet are AWS's.
RESERVED_ADDRESSES = 5
#: What EKS asks of a subnet for its control plane: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
CLUSTER_ADDRESSES = 6
#: What a load balancer asks of a subnet:
#: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/availability-zones.html
LOAD_BALANCER_ADDRESSES = 8
#: Below this share of what the subnet can hold, growth may soon stop.
_NEARLY_USED = 0.25


def check_count(scene: Scene, chosen: Sequence[str]) -> tuple[Finding, ...]:
    """`subnets.count`: enough different subnets that were found. `chosen` may hold an id twice."""
    code, needed = "subnets.count", scene.profile.subnets
    distinct = tuple(sorted(set(chosen)))
    found = tuple(subnet for subnet in distinct if subnet in scene.subnets)
    twice = tuple(sorted(subnet for subnet, times in Counter(chosen).items() if times > 1))
    words = {"found": len(found), "chosen": len(distinct), "needed": needed, "subnets": ids(distinct)}
    where = (scene.network.vpc_id, *distinct)
    note = " " + _("%(subnets)s is named more than once and counts once.") % {"subnets": ids(twice)} if twice else ""
    if len(distinct) < needed:
        said = _("Different subnets chosen: %(chosen)d; needed: %(needed)d. Choose more subnets of the VPC.")
        return (scene.say.failed(code, said % words + note, where),)
    if scene.network.subnets is None:
        return (scene.say.unknown(code, scene.unread("ec2:DescribeSubnets") + note, where),)
    if len(found) < needed:
        said = _("Chosen subnets that were found: %(found)d; needed: %(needed)d. Choose more subnets of the list.")
        return (scene.say.failed(code, said % words + note, where),)
    said = _("%(found)d different subnets are chosen: %(subnets)s.")
    return (scene.say.passed(code, said % {**words, "subnets": ids(found)} + note, found),)


def membership(scene: Scene, subnet_id: str) -> Finding | None:
    """`subnets.membership`: what is wrong with one subnet's VPC or state, None when it is an available one of it."""
    code, subnet = "subnets.membership", scene.subnets.get(subnet_id)
    words = {"subnet": subnet_id, "vpc": scene.network.vpc_id}
    if subnet is None:
        return scene.say.failed(code, scene.not_found(subnet_id), (subnet_id,))
    if not subnet.vpc:
        said = _("The VPC of %(subnet)s was not said. Look again with the answer of ec2:DescribeSubnets.")
        return scene.say.unknown(code, said % words, (subnet_id,))
    if subnet.vpc != scene.network.vpc_id:
        said = _("%(subnet)s is in %(other)s, not in %(vpc)s. Choose a subnet of %(vpc)s instead.")
        return scene.say.failed(code, said % {**words, "other": subnet.vpc}, (subnet_id, subnet.vpc))
    if subnet.state not in {"", "available"}:
        said = _("%(subnet)s is %(state)s. Wait until AWS reports it as available, or choose another subnet.")
        return scene.say.failed(code, said % {**words, "state": subnet.state}, (subnet_id,))
    return None


def members(scene: Scene, chosen: Sequence[str]) -> str:
    """The sentence that all are of the VPC."""
    return _("In %(vpc)s: %(subnets)s.") % {"vpc": scene.network.vpc_id, "subnets": ids(chosen)}


def size(scene: Scene, subnet_id: str) -> Finding | None:
    """`subnets.size`: why the range of one subnet does not do, None when it is large enough."""
    code, subnet, needed = "subnets.size", scene.subnets.get(subnet_id), scene.profile.smallest_subnet
    if subnet is None:
        return scene.say.unknown(code, scene.not_found(subnet_id), (subnet_id,))
    network = range_of(subnet)
    words = {"subnet": subnet_id, "cidr": subnet.cidr, "needed": needed}
    if network is None and subnet.ipv6_cidrs and not subnet.cidr:
        said = _("%(subnet)s has no IPv4 range; one of /%(needed)d or larger is needed. Choose another subnet.")
        return scene.say.failed(code, said % words, (subnet_id,))
    if network is None:
        said = _("The range of %(subnet)s was not said. Look again with the answer of ec2:DescribeSubnets.")
        return scene.say.unknown(code, said % words, (subnet_id,))
    if network.prefixlen > needed:
        said = _(
            "%(subnet)s (%(cidr)s) is too small: it needs /%(needed)d or larger. Choose or create a larger subnet."
        )
        return scene.say.failed(code, said % words, (subnet_id,))
    return None


def sizes(scene: Scene, chosen: Sequence[str]) -> str:
    """The sentence that all are large enough."""
    words = {"needed": scene.profile.smallest_subnet, "subnets": ids(chosen)}
    return _("At least as large as /%(needed)d: %(subnets)s.") % words


def free_addresses(scene: Scene, subnet_id: str) -> Finding | None:
    """`subnets.free-addresses`: why one subnet has too few, None when there are enough."""
    code, subnet = "subnets.free-addresses", scene.subnets.get(subnet_id)
    if subnet is None:
        return scene.say.unknown(code, scene.not_found(subnet_id), (subnet_id,))
    if subnet.free is None:
        said = _("How many addresses are free in %(subnet)s was not said. Look again with ec2:DescribeSubnets.")
        return scene.say.unknown(code, said % {"subnet": subnet_id}, (subnet_id,))
    words = {"subnet": subnet_id, "free": subnet.free, "needed": CLUSTER_ADDRESSES, "usable": usable(subnet)}
    if subnet.free < CLUSTER_ADDRESSES:
        said = _(
            "%(subnet)s has %(free)d free addresses; EKS needs %(needed)d. Free some of them or choose another subnet."
        )
        return scene.say.failed(code, said % words, (subnet_id,))
    if subnet.free < LOAD_BALANCER_ADDRESSES:
        said = _(
            "%(subnet)s has %(free)d free addresses; a load balancer needs %(needed)d. Free some of them or choose "
            "another subnet."
        )
        return scene.say.warning(code, said % {**words, "needed": LOAD_BALANCER_ADDRESSES}, (subnet_id,))
    if subnet.free < _NEARLY_USED * usable(subnet):
        said = _("%(subnet)s has %(free)d of %(usable)d addresses left. Plan for growth or choose an emptier subnet.")
        return scene.say.warning(code, said % words, (subnet_id,))
    return None


def enough_free(scene: Scene, chosen: Sequence[str]) -> str:
    """The sentence that all have enough free addresses."""
    return _("Enough free addresses: %(subnets)s.") % {"subnets": ids(chosen)}


def range_of(subnet: SubnetFact) -> IPv4Network | None:
    """The subnet's IPv4 range; None when it has none or none that can be read."""
    try:
        return IPv4Network(subnet.cidr, strict=False)
    except ValueError:
        return None


def usable(subnet: SubnetFact) -> int:
    """How many addresses the subnet can hand out at all; 0 when its range is not known."""
    network = range_of(subnet)
    return max(network.num_addresses - RESERVED_ADDRESSES, 0) if network else 0
