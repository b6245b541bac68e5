"""The four launch stacks in their order, each with everything a launch or a tear-down needs to know of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.stacks.choices import LaunchChoices
from onboarding.stacks.cluster import cluster_parameters, cluster_template
from onboarding.stacks.naming import stack_name
from onboarding.stacks.network import network_parameters, network_template
from onboarding.stacks.profiles import DeploymentProfile, profile_named
from onboarding.stacks.roles import roles_parameters, roles_template
from onboarding.stacks.sessions import step_policy
from onboarding.stacks.storage import storage_parameters, storage_template
from onboarding.stacks.template import Template

NAMED_IAM: Final = "CAPABILITY_NAMED_IAM"
"""What CreateStack must be told when a template names roles; AWS refuses with InsufficientCapabilities otherwise."""

Outputs = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class StackKind:
    """One of the four. `depends_on` are names of kinds whose outputs `parameters` reads.

    `services` are the IAM prefixes of the services in which the stack creates something.
    """

    name: str
    title: str | Promise
    typical_seconds: int
    render: Callable[[DeploymentProfile], Template]
    bind: Callable[[LaunchChoices, Outputs], Mapping[str, str]]
    services: tuple[str, ...]
    depends_on: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()

    def stack_name(self, slug: str) -> str:
        """The stack's name in the customer's account."""
        return stack_name(slug, self.name)

    def template(self, profile: str) -> str:
        """The template's body in a rule profile: always the same text. Raises UnknownProfile."""
        return self.render(profile_named(profile)).body()

    def parameters(self, choices: LaunchChoices, outputs: Outputs) -> Mapping[str, str]:
        """The parameters, given the outputs of the earlier stacks by kind (`outputs["network"]["VpcId"]`).

        Raises KeyError when an output is missing, ValueError when the stack does not belong to `choices`.
        """
        return self.bind(choices, outputs)

    def session_policy(self, account: str, region: str, slug: str) -> str:
        """The session policy for a management session that works on this stack, and on nothing else."""
        return step_policy(account, region, self.stack_name(slug))


STACKS: Final[tuple[StackKind, ...]] = (
    StackKind("network", _("Network"), 210, network_template, network_parameters, ("ec2",)),
    StackKind("storage", _("Storage"), 60, storage_template, storage_parameters, ("s3",)),
    StackKind(
        "roles", _("Roles"), 60, roles_template, roles_parameters, ("iam",), ("network",), (NAMED_IAM,)
    ),
    StackKind(
        "cluster", _("Cluster"), 1080, cluster_template, cluster_parameters, ("eks", "ec2", "iam"), ("network", "roles")
    ),
)  # fmt: skip


def stacks_for(choices: LaunchChoices) -> tuple[StackKind, ...]:
    """The stacks of one deployment in order: all four, or without the network where the customer has a VPC."""
    return stack_kinds(brings_vpc=choices.customer_managed_vpc)


def stack_kinds(*, brings_vpc: bool) -> tuple[StackKind, ...]:
    """The stacks that a launch makes, in order: no network where the customer brings the VPC."""
    return tuple(kind for kind in STACKS if not (kind.name == "network" and brings_vpc))


def stack_kind(name: str) -> StackKind:
    """The stack of that name. Raises KeyError."""
    return {kind.name: kind for kind in STACKS}[name]
