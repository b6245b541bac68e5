"""What exists once a deployment is ready: the outputs of the stacks, named for people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.models import InfrastructurePlan, Stack
from onboarding.stacks.kinds import STACKS

#: Output → what it is. An output that is not named here is shown by its own name.
TITLES: Final[Mapping[str, str | Promise]] = {
    "VpcId": _("VPC"),
    "VpcCidr": _("Address range of the VPC"),
    "PrivateSubnetIds": _("Private subnets"),
    "PublicSubnetIds": _("Public subnets"),
    "PrivateRouteTableIds": _("Route tables of the private subnets"),
    "NatAddresses": _("Public addresses of outgoing traffic (NAT)"),
    "S3EndpointId": _("S3 gateway endpoint"),
    "SharedBucket": _("Bucket for data"),
    "BackupBucket": _("Bucket for backups"),
    "MonitoringBucket": _("Bucket for monitoring"),
    "ClusterName": _("EKS cluster"),
    "ClusterArn": _("ARN of the cluster"),
    "ClusterEndpoint": _("Kubernetes API"),
    "ClusterSecurityGroupId": _("Security group of the cluster"),
}


@dataclass(frozen=True)
class OutputView:
    """One output; a list has several values."""

    title: str | Promise
    values: tuple[str, ...]


@dataclass(frozen=True)
class OutputGroup:
    """The outputs of one stack: those that people look for, then the rest."""

    title: str | Promise
    outputs: tuple[OutputView, ...]
    more: tuple[OutputView, ...]


def outputs_of(stacks: Iterable[Stack], plan: InfrastructurePlan | None = None) -> tuple[OutputGroup, ...]:
    """One group per stack that has outputs, in the order of the launch; a brought VPC stands in for the network's."""
    by_kind = {stack.kind: stack.outputs for stack in stacks if stack.outputs}
    if plan is not None and plan.brings_vpc:
        subnets = ",".join(plan.subnet_ids)
        by_kind["network"] = {"VpcId": plan.vpc_id, "VpcCidr": plan.cidr, "PrivateSubnetIds": subnets}
    return tuple(_group(kind.title, by_kind[kind.name]) for kind in STACKS if kind.name in by_kind)


def _group(title: str | Promise, outputs: Mapping[str, str]) -> OutputGroup:
    named = tuple(_view(name, outputs[name]) for name in TITLES if name in outputs)
    return OutputGroup(title, named, tuple(_view(name, outputs[name]) for name in sorted(set(outputs) - set(TITLES))))


def _view(name: str, value: str) -> OutputView:
    return OutputView(TITLES.get(name, name), tuple(part.strip() for part in value.split(",") if part.strip()))
