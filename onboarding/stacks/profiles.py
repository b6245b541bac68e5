"""The rule profiles as far as the stacks and the bootstrap differ by them. Data with a source and a date."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


class UnknownProfileError(LookupError):
    """There is no rule profile of that name."""


@dataclass(frozen=True)
class DeploymentProfile:
    """What one profile creates. `workloads` are the suffixes of the roles for pods, in the order of the templates."""

    name: str
    source: str
    date: str
    workloads: tuple[str, ...]
    route53: bool


_ALWAYS = ("state-exporter", "load-balancer-controller", "ebs-csi-controller", "cluster-autoscaler")

PROFILES: Final[Mapping[str, DeploymentProfile]] = {
    profile.name: profile
    for profile in (
        DeploymentProfile(
            name="seed",
            source="The vendor's BYOC onboarding guide for AWS: bootstrap with route53:*, roles for External-DNS and Cert-Manager",
            date="2025-01-01",
            workloads=(*_ALWAYS, "external-dns", "cert-manager"),
            route53=True,
        ),
        DeploymentProfile(
            name="2026-08",
            source="What the vendor asks for since August 2026: no Route 53, no External-DNS, no Cert-Manager",
            date="2026-08-01",
            workloads=_ALWAYS,
            route53=False,
        ),
    )
}


def profile_named(name: str) -> DeploymentProfile:
    """The profile of that name. Raises UnknownProfileError."""
    try:
        return PROFILES[name]
    except KeyError:
        raise UnknownProfileError(f"There is no rule profile {name!r}; there are {', '.join(PROFILES)}.") from None
