"""The launch's CloudFormation stacks, rendered from typed Python. Pure: no models, no AWS."""

from onboarding.stacks.choices import LaunchChoices, Zone
from onboarding.stacks.kinds import STACKS, StackKind, stack_kind, stacks_for
from onboarding.stacks.naming import stack_tags
from onboarding.stacks.profiles import DeploymentProfile, profile_named
from onboarding.stacks.subnets import SubnetPlan, UnsplittableBlockError, subnet_plan

__all__ = [
    "STACKS",
    "DeploymentProfile",
    "LaunchChoices",
    "StackKind",
    "SubnetPlan",
    "UnsplittableBlockError",
    "Zone",
    "profile_named",
    "stack_kind",
    "stack_tags",
    "stacks_for",
    "subnet_plan",
]
