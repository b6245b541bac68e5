"""Records for external DNS, in the profiles that have Route 53."""

from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.grants import DNS, Grant, Step
from onboarding.rules import profile, profile_names

GRANTS = (
    Grant(
        sid="Records",
        policy=DNS,
        actions=("route53:*",),
        resources=("*",),
        step=Step.OPERATION,
        reason=_(
            "Hosted zones and records of the deployment's host names, which External-DNS keeps and Cert-Manager proves."
        ),
        without=_("Public host names of the services are not kept, and certificates are not renewed."),
        profiles=tuple(name for name in profile_names() if profile(name).route53),
    ),
)
