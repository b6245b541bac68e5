"""The rule profiles: `seed`, the default, and `2026-08`."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from onboarding.rules.quotas import LAUNCH_NEEDS, QuotaNeed
from onboarding.rules.ranges import DOCKER_RANGES, EKS_SERVICE_RANGES, VENDOR_RANGES, Range
from onboarding.rules.regions import REGIONS_OF_2026_08, Region


class UnknownProfile(LookupError):
    """No rule profile has this name."""


class PrivateLoadBalancer(StrEnum):
    """How the private load balancer is switched on."""

    SUPPORT_TICKET = "support-ticket"
    PORTAL_SWITCH = "portal-switch"


@dataclass(frozen=True, kw_only=True)
class RequiredTag:
    """A tag that each resource of a `kind` (`vpc`, `subnet`) must carry with exactly this value."""

    kind: str
    key: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One edition of the rules. Sizes are prefix lengths: a larger number is a smaller network.

    `date` is when the rules were taken from the `source`, to the month where the day is not known.

    `largest_vpc` and `smallest_vpc` are AWS's limits, `smallest_managed_vpc` the vendor's for a VPC that the
    launch creates, `smallest_subnet` the vendor's for a VPC that the customer brings: different rules for
    different modes. `host_pattern` has the fields `service`, `deployment` and `region`. `barred_zone_ids` do
    not run EKS.
    """

    name: str
    source: str
    date: date
    regions: tuple[Region, ...]
    largest_vpc: int = 16
    smallest_vpc: int = 28
    smallest_managed_vpc: int
    smallest_subnet: int = 23
    subnets: int = 3
    zones: int = 3
    required_tags: tuple[RequiredTag, ...]
    egress: bool
    dns: bool
    host_pattern: str
    route53: bool
    private_load_balancer: PrivateLoadBalancer
    barred_zone_ids: tuple[str, ...]
    docker_ranges: tuple[Range, ...] = DOCKER_RANGES
    eks_service_ranges: tuple[Range, ...] = EKS_SERVICE_RANGES
    vendor_ranges: tuple[Range, ...] = VENDOR_RANGES
    quota_needs: tuple[QuotaNeed, ...] = LAUNCH_NEEDS

    @property
    def reserved_ranges(self) -> tuple[Range, ...]:
        """Every range that no BYOC VPC may touch, whatever the account holds."""
        return (*self.docker_ranges, *self.eks_service_ranges, *self.vendor_ranges)

    def needs(self, *, new_vpc: bool = True) -> tuple[QuotaNeed, ...]:
        """What a launch takes from the account's quotas; less where the customer brings the VPC."""
        return tuple(need for need in self.quota_needs if new_vpc or not need.for_new_vpc)

    @property
    def region_codes(self) -> tuple[str, ...]:
        """The codes of the supported regions, in the profile's order."""
        return tuple(region.code for region in self.regions)

    def region(self, code: str) -> Region | None:
        """The supported region with this code, or None."""
        return next((region for region in self.regions if region.code == code), None)

    def host_name(self, *, service: str, deployment: str, region: str, private: bool = False) -> str:
        """The public name of a service, or its private one: `-private` after the first label."""
        label = f"{service}-private" if private else service
        return self.host_pattern.format(service=label, deployment=deployment, region=region)


#: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html, subnet requirements: cluster subnets
#: cannot be in these zones. IDs, not names: a name means another place in another account.
EKS_BARRED_ZONES = ("use1-az3", "usw1-az2", "cac1-az3")

_LOAD_BALANCER_TAG = RequiredTag(kind="subnet", key="kubernetes.io/role/internal-elb", value="1")

_SEED = Profile(
    name="seed",
    source="https://clickhouse.com/docs/cloud/reference/byoc/onboarding/aws",
    date=date(2026, 11, 23),
    regions=REGIONS_OF_2026_08,
    smallest_managed_vpc=22,
    required_tags=(_LOAD_BALANCER_TAG,),
    egress=False,
    dns=False,
    host_pattern="{service}.{deployment}.{region}.aws.byoc.clickhouse.cloud",
    route53=True,
    private_load_balancer=PrivateLoadBalancer.SUPPORT_TICKET,
    barred_zone_ids=EKS_BARRED_ZONES,
)

_AUGUST_2026 = replace(
    _SEED,
    name="2026-08",
    source="https://clickhouse.com/docs/products/bring-your-own-cloud/onboarding/aws",
    date=date(2026, 8, 1),
    smallest_managed_vpc=23,
    required_tags=(
        _LOAD_BALANCER_TAG,
        RequiredTag(kind="vpc", key="clickhouse-byoc", value="true"),
        RequiredTag(kind="subnet", key="clickhouse-byoc", value="true"),
    ),
    egress=True,
    dns=True,
    host_pattern="{service}.{deployment}.{region}.aws.clickhouse-byoc.com",
    route53=False,
    private_load_balancer=PrivateLoadBalancer.PORTAL_SWITCH,
)

_PROFILES = {edition.name: edition for edition in (_SEED, _AUGUST_2026)}

DEFAULT_PROFILE = _SEED.name


def profile_names() -> tuple[str, ...]:
    """The names of all profiles, the default first."""
    return tuple(_PROFILES)


def profile(name: str = DEFAULT_PROFILE) -> Profile:
    """The profile called `name`. Raises `UnknownProfile`."""
    try:
        return _PROFILES[name]
    except KeyError:
        raise UnknownProfile(name) from None
