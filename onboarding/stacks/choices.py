"""What a person has chosen for one deployment, as the stacks need it."""

from dataclasses import dataclass
from ipaddress import IPv4Network


@dataclass(frozen=True)
class Zone:
    """An availability zone of the customer's account: the name is the account's own, the id is the same everywhere."""

    name: str
    id: str


@dataclass(frozen=True, kw_only=True)
class LaunchChoices:
    """Everything that goes into the parameters of the four stacks.

    `cidr` is the block of the new VPC and None for a customer-managed one, which has `vpc_id` and three or more
    `private_subnet_ids` instead. A new VPC has exactly three `zones`, a customer-managed one three or more, each once.
    `vendor_account_id` owns the queue that the state exporter writes to.
    """

    account_id: str
    region: str
    slug: str
    zones: tuple[Zone, ...]
    profile: str
    vendor_account_id: str
    cidr: IPv4Network | None = None
    vpc_id: str | None = None
    private_subnet_ids: tuple[str, ...] = ()
    kubernetes_version: str = "1.35"
    node_type: str = "m6i.2xlarge"
    node_count: int = 6
    node_count_max: int = 12
    endpoint_cidrs: tuple[str, ...] = ("0.0.0.0/0",)

    def __post_init__(self) -> None:
        """Raises ValueError when the two kinds of VPC are mixed or neither is complete."""
        managed_by_customer = self.vpc_id is not None
        if managed_by_customer == (self.cidr is not None):
            raise ValueError("A deployment has either the block of a new VPC or the id of an existing one.")
        if managed_by_customer and len(self.private_subnet_ids) < 3:
            raise ValueError("A customer-managed VPC needs the ids of at least three private subnets.")
        distinct = len({zone.id for zone in self.zones})
        if distinct != len(self.zones) or distinct < 3 or (distinct > 3 and not managed_by_customer):
            raise ValueError("A new VPC has three different zones, a customer-managed one three or more.")

    @property
    def customer_managed_vpc(self) -> bool:
        """True when the VPC exists already, so that no network stack is launched."""
        return self.vpc_id is not None
