"""Service Quotas: the live value of a quota, or AWS's default where the account has none of its own.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/
"""

from typing import Any

from portal.aws.errors import Refused, speaking
from portal.aws.facts.quotas import QuotaFact
from portal.aws.sessions import AccountSession

SERVICE = "service-quotas"
NO_OWN_VALUE = "NoSuchResourceException"


def quota(session: AccountSession, region: str, service: str, code: str) -> QuotaFact | None:
    """The quota; None when neither the account nor AWS's defaults know it, or we may not read it."""
    client = session.reader(SERVICE, region)
    live = _ask(client.get_service_quota, "GetServiceQuota", service, code)
    if live is not None:
        return QuotaFact.from_aws(live)
    default = _ask(client.get_aws_default_service_quota, "GetAWSDefaultServiceQuota", service, code)
    return None if default is None else QuotaFact.from_aws(default, source="default")


def _ask(call: Any, operation: str, service: str, code: str) -> dict[str, Any] | None:
    try:
        with speaking(f"servicequotas:{operation}"):
            return dict(call(ServiceCode=service, QuotaCode=code)["Quota"])
    except Refused as refusal:
        if refusal.code in {NO_OWN_VALUE, "AccessDeniedException", "AccessDenied"}:
            return None
        raise
