"""Quotas needed against quotas present, as the rows of a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from onboarding.checks.quotas import check_quotas
from onboarding.rules.profiles import Profile
from onboarding.rules.quotas import Per, QuotaNeed
from onboarding.surveys import Survey
from portal.findings.shapes import Level, verdict

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class QuotaRow:
    """One quota in one scope. `limit` and `used` are None when they are not known.

    `source` is `live` (the account's own value) or `default` (AWS's, the account has none of its own). `request` is
    the smallest value that leaves room, None when there is room or nobody can tell. `for_new_vpc` says that only a new
    VPC needs it.
    """

    name: "StrOrPromise"
    scope: str
    needed: int
    used: int | None
    limit: int | None
    source: str
    level: Level
    url: str
    request: int | None
    for_new_vpc: bool = False


def quota_rows(survey: Survey, profile: Profile, zones: Sequence[str], *, new_vpc: bool = True) -> tuple[QuotaRow, ...]:
    """A row per quota; those that count per zone have one per chosen zone. The verdict is the check's own."""
    return tuple(row for need in profile.needs(new_vpc=new_vpc) for row in _rows(need, survey, zones))


def _rows(need: QuotaNeed, survey: Survey, zones: Sequence[str]) -> Iterator[QuotaRow]:
    quota = next((one for one in survey.quotas or () if (one.service, one.code) == (need.service, need.code)), None)
    limit = round(quota.value) if quota and quota.value is not None else None
    for scope in (tuple(dict.fromkeys(zones)) or ("",)) if need.per is Per.ZONE else ("",):
        used = _used(need, survey, scope)
        judged = check_quotas((need,), quotas=survey.quotas, usage=survey.usage, zones=(scope,) if scope else ())
        level = verdict(judged)
        yield QuotaRow(
            name=need.name,
            scope=scope,
            needed=need.amount,
            used=used,
            limit=limit,
            source=quota.source if quota else "",
            level=level,
            url=console_url(survey.region, need),
            request=(used or 0) + need.amount if level is Level.FAILED else None,
            for_new_vpc=need.for_new_vpc,
        )


def _used(need: QuotaNeed, survey: Survey, scope: str) -> int | None:
    wanted = (need.service, need.code, scope)
    found = next((one for one in survey.usage or () if (one.service, one.code, one.scope) == wanted), None)
    if found is not None:
        return found.used
    return 0 if need.per in {Per.VPC, Per.CLUSTER} else None


def console_url(region: str, need: QuotaNeed) -> str:
    """The page of this quota in the Service Quotas console, from which an increase is requested.

    https://docs.aws.amazon.com/servicequotas/latest/userguide/request-quota-increase.html
    """
    console = settings.AWS_CONSOLE_URL.format(region=region)
    return f"{console}/servicequotas/home/services/{need.service}/quotas/{need.code}?region={region}"
