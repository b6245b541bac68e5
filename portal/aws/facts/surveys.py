"""A survey: what one look at an account and region brought, and what could not be looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from portal.aws.facts.gateways import AddressFact, InternetGatewayFact, NatGatewayFact
from portal.aws.facts.quotas import QuotaFact, UsageFact
from portal.aws.facts.regions import RegionFact
from portal.aws.facts.shapes import Fact
from portal.aws.facts.vpcs import VpcFact
from portal.aws.facts.zones import ZoneFact


@dataclass(frozen=True, kw_only=True)
class UnreadFact(Fact):
    """An operation that did not answer: AWS's error code and request id. What depends on it is unknown."""

    operation: str
    error_code: str = ""
    request_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Survey(Fact):
    """The facts behind the infrastructure step. None means *not looked at*, an empty tuple *looked, and there
    is none*.
    """

    account: str
    region: str
    taken_at: datetime
    regions: tuple[RegionFact, ...] | None = None
    zones: tuple[ZoneFact, ...] | None = None
    vpcs: tuple[VpcFact, ...] | None = None
    addresses: tuple[AddressFact, ...] | None = None
    nat_gateways: tuple[NatGatewayFact, ...] | None = None
    internet_gateways: tuple[InternetGatewayFact, ...] | None = None
    quotas: tuple[QuotaFact, ...] | None = None
    usage: tuple[UsageFact, ...] | None = None
    unread: tuple[UnreadFact, ...] = ()

    def unread_operation(self, operation: str) -> UnreadFact | None:
        """Why `operation` (`DescribeVpcs`) brought nothing, None when it did not fail."""
        return next((found for found in self.unread if found.operation == operation), None)

    @classmethod
    def empty(cls, *, account: str, region: str, taken_at: datetime) -> Self:
        """A survey before the first look: everything is unknown."""
        return cls(account=account, region=region, taken_at=taken_at)
