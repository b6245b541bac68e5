"""Service quotas: the defaults AWS documents and the values a demo or test has applied.

https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html and
https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Quota:
    """A default quota. `applied` False: AWS knows only the default until an increase was granted."""

    service: str
    code: str
    name: str
    value: float
    adjustable: bool = True
    applied: bool = True


DEFAULTS: tuple[Quota, ...] = (
    Quota("vpc", "L-F678F1CE", "VPCs per Region", 5),
    Quota("vpc", "L-407747CB", "Subnets per VPC", 200),
    Quota("vpc", "L-83CA0A9D", "IPv4 CIDR blocks per VPC", 5),
    Quota("vpc", "L-A4707A72", "Internet gateways per Region", 5),
    Quota("vpc", "L-FE5A380F", "NAT gateways per Availability Zone", 5),
    Quota("vpc", "L-589F43AA", "Route tables per VPC", 200),
    Quota("vpc", "L-93826ACB", "Routes per route table", 500),
    Quota("vpc", "L-7E9ECCDB", "Active VPC peering connections per VPC", 50),
    Quota("vpc", "L-DC9F7029", "Outstanding VPC peering connection requests", 25),
    Quota("vpc", "L-0EA8095F", "Inbound or outbound rules per security group", 60),
    Quota("vpc", "L-E79EC296", "VPC security groups per Region", 2500),
    Quota("vpc", "L-1B52E74A", "Gateway VPC endpoints per Region", 20),
    Quota("vpc", "L-29B6F2EB", "Interface VPC endpoints per VPC", 50),
    Quota("ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", 5),
    Quota("ec2", "L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 640),
    Quota("ebs", "L-7A658B76", "Storage for General Purpose SSD (gp3) volumes, in TiB", 50),
    Quota("elasticloadbalancing", "L-53DA6B97", "Application Load Balancers per Region", 50, applied=False),
    Quota("elasticloadbalancing", "L-69A177A2", "Network Load Balancers per Region", 50, applied=False),
    Quota("eks", "L-1194D53C", "Clusters", 100, applied=False),
    Quota("eks", "L-6D54EA21", "Managed node groups per cluster", 30, applied=False),
    Quota("eks", "L-BD136A63", "Nodes per managed node group", 450, applied=False),
    Quota("s3", "L-DC2B2D3D", "General purpose buckets", 10000, applied=False),
)
_KNOWN = {(quota.service, quota.code): quota for quota in DEFAULTS}


class Quotas:
    """Values by account and region. Thread-safe."""

    def __init__(self, changes: Iterable[Mapping[str, Any]] = ()) -> None:
        self._lock = threading.Lock()
        self._applied: dict[tuple[str, str, str, str], float] = {}
        self.apply(changes)

    def apply(self, changes: Iterable[Mapping[str, Any]]) -> None:
        """Takes `[{account, region, quota: "vpc/L-F678F1CE", value}]`. Raises ValueError for an unknown quota."""
        for change in changes:
            service, _, code = str(change["quota"]).partition("/")
            if (service, code) not in _KNOWN:
                raise ValueError(f"Unknown quota {change['quota']}")
            with self._lock:
                key = (str(change["account"]), str(change["region"]), service, code)
                self._applied[key] = float(change["value"])

    def value(self, account: str, region: str, service: str, code: str) -> float:
        """The value in force. Raises KeyError for a quota that is not listed."""
        quota = _KNOWN[service, code]
        with self._lock:
            return self._applied.get((account, region, service, code), quota.value)

    def is_applied(self, account: str, region: str, quota: Quota) -> bool:
        """True when GetServiceQuota knows a value, not only GetAWSDefaultServiceQuota."""
        with self._lock:
            return quota.applied or (account, region, quota.service, quota.code) in self._applied


def find(service: str, code: str) -> Quota | None:
    """The default quota of that code."""
    return _KNOWN.get((service, code))
