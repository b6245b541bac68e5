"""Private access of a deployment: its private load balancer, what customers proved from their side, and the request
to remove the public load balancer.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networking.models.peerings import Peering
from networking.states import PublicRemovalState
from onboarding.models import Deployment
from portal.accounts.models import TenantOwned
from portal.support.models import Ticket


class PrivateAccess(TenantOwned):
    """Whether support, or the customer's switch, enabled the private load balancer, and the public host name."""

    deployment = models.OneToOneField(Deployment, models.CASCADE, related_name="private_access")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    enabled_at = models.DateTimeField(_("enabled"), null=True, blank=True)
    enabled_by = models.CharField(_("enabled by"), max_length=254, blank=True)
    public_host = models.CharField(_("public host name"), max_length=253, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantOwned.Meta):
        verbose_name = _("private access")
        verbose_name_plural = _("private accesses")

    def __str__(self) -> str:
        return str(self.deployment)


class ReachProof(TenantOwned):
    """What the customer's probe found on their side of a peering: the name's addresses and which ports connect.

    `facts` is the parsed file, `proven` whether every address is private and every port connects. Stated by the
    customer: it opens the request to remove the public load balancer and sets nothing else.
    """

    peering = models.ForeignKey(Peering, models.CASCADE, related_name="proofs")
    host = models.CharField(_("private host name"), max_length=253)
    facts = models.JSONField(_("what the probe found"), default=dict)
    proven = models.BooleanField(_("reachable"), default=False)
    by = models.CharField(_("by"), max_length=254)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta(TenantOwned.Meta):
        ordering = ["-at"]
        verbose_name = _("proof of private access")
        verbose_name_plural = _("proofs of private access")

    def __str__(self) -> str:
        return self.host


class PublicRemoval(TenantOwned):
    """A request to remove the public load balancer, with the proof it rests on; support decides."""

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="public_removals")
    proof = models.ForeignKey(ReachProof, models.PROTECT, related_name="removals")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="public_removals")
    state = models.CharField(
        _("state"), max_length=12, choices=PublicRemovalState.choices, default=PublicRemovalState.SUBMITTED
    )
    state_since = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(_("sent"), default=timezone.now)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.TextField(_("support's words"), blank=True)

    class Meta(TenantOwned.Meta):
        ordering = ["-submitted_at"]
        verbose_name = _("request to remove the public load balancer")
        verbose_name_plural = _("requests to remove public load balancers")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["deployment"],
                condition=Q(state__in=["submitted", "removed", "restoring"]),
                name="networking_public_removal_once",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
