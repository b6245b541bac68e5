"""Service Quotas: what applies here, and what AWS gives by default.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
"""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.quotas import DEFAULTS, Quota, find
from portal.demo.emulator.world import World

NAMES = {
    "vpc": "Amazon Virtual Private Cloud (Amazon VPC)",
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
    "ebs": "Amazon Elastic Block Store (Amazon EBS)",
    "elasticloadbalancing": "Elastic Load Balancing",
    "eks": "Amazon Elastic Kubernetes Service (Amazon EKS)",
    "s3": "Amazon Simple Storage Service (Amazon S3)",
}


def get_service_quota(world: World, call: Call) -> Mapping[str, Any]:
    """The applied value; NoSuchResourceException where there is only a default."""
    quota = _known(call)
    if not world.quotas.is_applied(call.account, call.region, quota):
        raise _missing()
    value = world.quotas.value(call.account, call.region, quota.service, quota.code)
    return {"Quota": _shown(call, quota, value)}


def get_aws_default_service_quota(world: World, call: Call) -> Mapping[str, Any]:
    """AWS's default, whatever was applied."""
    del world
    quota = _known(call)
    return {"Quota": _shown(call, quota, quota.value)}


def list_service_quotas(world: World, call: Call) -> Mapping[str, Any]:
    """The applied values of a service."""
    applied = [quota for quota in _of(call) if world.quotas.is_applied(call.account, call.region, quota)]
    values = [world.quotas.value(call.account, call.region, quota.service, quota.code) for quota in applied]
    return {"Quotas": [_shown(call, quota, value) for quota, value in zip(applied, values, strict=True)]}


def list_aws_default_service_quotas(world: World, call: Call) -> Mapping[str, Any]:
    """The defaults of a service."""
    del world
    return {"Quotas": [_shown(call, quota, quota.value) for quota in _of(call)]}


def list_services(world: World, call: Call) -> Mapping[str, Any]:
    """The services that have quotas here."""
    del world, call
    return {"Services": [{"ServiceCode": code, "ServiceName": name} for code, name in NAMES.items()]}


def _of(call: Call) -> list[Quota]:
    code = str(call.parameters["ServiceCode"])
    if code not in NAMES:
        raise _missing()
    return [quota for quota in DEFAULTS if quota.service == code]


def _known(call: Call) -> Quota:
    quota = find(str(call.parameters["ServiceCode"]), str(call.parameters["QuotaCode"]))
    if quota is None:
        raise _missing()
    return quota


def _missing() -> ServiceError:
    return ServiceError("NoSuchResourceException", "The request failed because the specified quota does not exist.")


def _shown(call: Call, quota: Quota, value: float) -> dict[str, Any]:
    return {
        "ServiceCode": quota.service,
        "ServiceName": NAMES[quota.service],
        "QuotaArn": f"arn:aws:servicequotas:{call.region}:{call.account}:{quota.service}/{quota.code}",
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "Value": value,
        "Unit": "None",
        "Adjustable": quota.adjustable,
        "GlobalQuota": False,
        "QuotaAppliedAtLevel": "ACCOUNT",
    }


OPERATIONS = {
    "GetServiceQuota": get_service_quota,
    "GetAWSDefaultServiceQuota": get_aws_default_service_quota,
    "ListServiceQuotas": list_service_quotas,
    "ListAWSDefaultServiceQuotas": list_aws_default_service_quotas,
    "ListServices": list_services,
}
