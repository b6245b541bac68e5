"""Quotas, as Service Quotas states them, and what is used of them."""

from dataclasses import dataclass
from typing import Self

from portal.aws.facts.shapes import Document, Fact, flag, required, text


@dataclass(frozen=True, kw_only=True)
class QuotaFact(Fact):
    """One quota in one region. `source`: `live` from GetServiceQuota, `default` from
    GetAWSDefaultServiceQuota.

    AWS keeps no value of its own for an account that never asked for more (`NoSuchResourceException`); then
    the default holds. `value` is None when AWS left it out.
    https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
    """

    service: str
    code: str
    name: str = ""
    value: float | None = None
    source: str = "live"
    adjustable: bool | None = None

    @classmethod
    def from_aws(cls, document: Document, *, source: str = "live") -> Self:
        """The `Quota` of either answer. Raises `IncompleteAnswerError` without service or code."""
        value = document.get("Value")
        return cls(
            service=required(document, "ServiceCode"),
            code=required(document, "QuotaCode"),
            name=text(document, "QuotaName"),
            value=float(value) if isinstance(value, int | float) else None,
            source=source,
            adjustable=flag(document, "Adjustable"),
        )


@dataclass(frozen=True, kw_only=True)
class UsageFact(Fact):
    """How much of one quota is in use, counted by describing; `scope` is a zone id where the quota counts per
    zone.

    `used` is None when it could not be counted.
    """

    service: str
    code: str
    used: int | None
    scope: str = ""
