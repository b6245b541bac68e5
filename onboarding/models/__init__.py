"""Requests, deployments and what was chosen, overridden and made for them."""

from onboarding.models.deployments import Deployment, Override
from onboarding.models.plans import DeclaredRange, InfrastructurePlan
from onboarding.models.requests import OnboardingRequest
from onboarding.models.stacks import Stack, StackResource

__all__ = [
    "DeclaredRange",
    "Deployment",
    "InfrastructurePlan",
    "OnboardingRequest",
    "Override",
    "Stack",
    "StackResource",
]
