"""How the address block of a new BYOC VPC is cut into subnets.

The rule: four quarters. Each of the first three is a private subnet, as large as three equal power-of-two blocks can
be. From the last quarter come the three public subnets, which hold nothing but NAT gateways and load balancers: a
sixteenth of the VPC each, and never more than a /24. What is left of that quarter stays free, for a later need.

| VPC | private ×3 | public ×3 | usable private addresses |
| --- | --- | --- | --- |
| /16 | /18 | /24 | 49,137 |
| /20 | /22 | /24 | 3,057 |
| /22 | /24 | /26 | 753 |
| /24 | /26 | /28 | 177 |

AWS accepts subnets from /28 to /16 and keeps the first four and the last address of each for itself:
docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html. A load balancer wants 8 free addresses in its subnet
(docs.aws.amazon.com/eks/latest/userguide/network-reqs.html); a /28 has 11.
"""

from dataclasses import dataclass
from ipaddress import IPv4Network, collapse_addresses

from django.utils.translation import gettext as _

RESERVED = 5
"""Addresses that AWS keeps in every subnet."""
LARGEST_PREFIX = 16
SMALLEST_PREFIX = 24
LARGEST_PUBLIC_PREFIX = 24


class UnsplittableBlockError(ValueError):
    """The block cannot hold three private and three public subnets; the message says why and is for people."""


@dataclass(frozen=True)
class PlannedSubnet:
    """One subnet to be: its block and its place in the order of the chosen zones (0, 1, 2)."""

    cidr: IPv4Network
    position: int
    public: bool

    @property
    def usable(self) -> int:
        """Addresses left after AWS's five."""
        return usable_addresses(self.cidr)


@dataclass(frozen=True)
class SubnetPlan:
    """The cut of one VPC: subnets in the order of the zones, and what stays free."""

    vpc: IPv4Network
    private: tuple[PlannedSubnet, PlannedSubnet, PlannedSubnet]
    public: tuple[PlannedSubnet, PlannedSubnet, PlannedSubnet]
    spare: tuple[IPv4Network, ...]

    @property
    def usable_private(self) -> int:
        """Addresses for nodes, pods and load balancers together."""
        return sum(subnet.usable for subnet in self.private)


def usable_addresses(block: IPv4Network) -> int:
    """Addresses that AWS leaves free in a subnet of this size."""
    return block.num_addresses - RESERVED


def subnet_plan(cidr: IPv4Network) -> SubnetPlan:
    """The cut of `cidr`, a block from /16 to /24. Raises UnsplittableBlockError outside of that.

    How small a VPC may be is the rule profile's decision, which is stricter; this is what can be cut at all.
    """
    if not LARGEST_PREFIX <= cidr.prefixlen <= SMALLEST_PREFIX:
        raise UnsplittableBlockError(
            _("%(cidr)s cannot be cut into six subnets. Choose a block from /%(largest)d to /%(smallest)d.")
            % {"cidr": cidr, "largest": LARGEST_PREFIX, "smallest": SMALLEST_PREFIX}
        )
    first, second, third, last = cidr.subnets(prefixlen_diff=2)
    small = list(last.subnets(new_prefix=max(cidr.prefixlen + 4, LARGEST_PUBLIC_PREFIX)))
    return SubnetPlan(
        vpc=cidr,
        private=(_planned(first, 0), _planned(second, 1), _planned(third, 2)),
        public=(
            _planned(small[0], 0, public=True),
            _planned(small[1], 1, public=True),
            _planned(small[2], 2, public=True),
        ),
        spare=tuple(collapse_addresses(small[3:])),
    )


def _planned(cidr: IPv4Network, position: int, *, public: bool = False) -> PlannedSubnet:
    return PlannedSubnet(cidr=cidr, position=position, public=public)
