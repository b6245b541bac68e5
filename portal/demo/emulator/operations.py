"""Which module answers which operation; what none of them answers goes to moto as it is."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from portal.demo.emulator.calls import Call
from portal.demo.emulator.world import World

Operation = Callable[[World, Call], Mapping[str, Any] | None]

# Loaded when a service is first called, so that the emulator starts fast and small.
_MODULES: Mapping[str, tuple[str, ...]] = {
    "account": ("services.account",),
    "cloudtrail": ("services.cloudtrail",),
    "eks": ("services.eks", "services.eks_addons", "services.eks_access"),
    "elbv2": ("services.elbv2",),
    "iam": ("services.iam", "services.iam_simulation"),
    "s3": ("services.s3",),
    "service-quotas": ("services.service_quotas",),
    "sns": ("services.sns",),
    "sts": ("services.sts",),
}


@cache
def _table(service: str) -> Mapping[str, Operation]:
    table: dict[str, Operation] = {}
    for name in _MODULES.get(service, ()):
        table |= import_module(f"portal.demo.emulator.{name}").OPERATIONS
    return table


def find(call: Call) -> Operation | None:
    """The strict implementation of an operation, if there is one."""
    if call.service == "ec2":
        whole: Operation = import_module("portal.demo.emulator.services.ec2").answer
        return whole
    return _table(call.service).get(call.operation)


def after(world: World, call: Call) -> None:
    """What has to be put right after moto has done an operation by itself."""
    if call.service == "s3":
        settle = import_module("portal.demo.emulator.services.s3").AFTERWARDS.get(call.operation)
        if settle is not None:
            settle(world, call)
