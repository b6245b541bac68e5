"""Records for external DNS: the seed profile alone. The later profile has no Route 53 at all."""

from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.grants import DNS, Grant, Step

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
        profiles=("seed",),
    ),
)
