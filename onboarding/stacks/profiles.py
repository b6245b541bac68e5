"""What the rule profiles mean for the stacks: which components run in the cluster."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from onboarding.rules import profile

_ALWAYS: Final = ("state-exporter", "load-balancer-controller", "ebs-csi-controller", "cluster-autoscaler")
_BY_ROUTE53: Final[Mapping[bool, tuple[str, ...]]] = {True: ("external-dns", "cert-manager"), False: ()}
"""Both write records in Route 53, so they exist where the profile has it."""


@dataclass(frozen=True)
class DeploymentProfile:
    """What a rule profile creates; `workloads` are the suffixes of the roles for pods in the order of the templates."""

    name: str
    workloads: tuple[str, ...]


def profile_named(name: str) -> DeploymentProfile:
    """What the rule profile of that name creates. Raises `onboarding.rules.UnknownProfile`."""
    return DeploymentProfile(name, (*_ALWAYS, *_BY_ROUTE53[profile(name).route53]))
