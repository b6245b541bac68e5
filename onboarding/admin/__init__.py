"""The support desk's view of requests and deployments."""

from onboarding.admin import deployments, requests

__all__ = ["deployments", "requests"]
