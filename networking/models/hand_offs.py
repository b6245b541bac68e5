"""Hand-off links: a network admin without an account sees one VPC's findings and remedies, and may send a file."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networking.models.peerings import Peering
from networking.states import HandOffAct
from onboarding.models import Deployment
from portal.accounts.models import TenantOwned

LIFETIME = timedelta(days=7)


def expiry() -> datetime:
    """When a link made now stops working."""
    return timezone.now() + LIFETIME


class HandOff(TenantOwned):
    """One link, for one VPC of one deployment: the one to bring, or with a `peering` its target VPC.

    Only the SHA-256 of its token is kept.
    """

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="hand_offs")
    peering = models.ForeignKey(Peering, models.CASCADE, null=True, blank=True, related_name="hand_offs")
    vpc_id = models.CharField(_("VPC ID"), max_length=24)
    label = models.CharField(_("for whom"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=expiry)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantOwned.Meta):
        ordering = ["-created_at"]
        verbose_name = _("hand-off link")
        verbose_name_plural = _("hand-off links")

    def __str__(self) -> str:
        return f"{self.label} · {self.vpc_id}"

    @property
    def is_open(self) -> bool:
        """Whether the link still works."""
        return self.revoked_at is None and self.expires_at > timezone.now()


class HandOffUse(TenantOwned):
    """One use of a link: when and what. `note` says what became of it: a file's verdict, or why it was refused."""

    hand_off = models.ForeignKey(HandOff, models.CASCADE, related_name="uses")
    at = models.DateTimeField(_("time"), auto_now_add=True)
    act = models.CharField(_("what"), max_length=10, choices=HandOffAct.choices)
    note = models.JSONField(_("note"), default=dict, blank=True)

    class Meta(TenantOwned.Meta):
        ordering = ["-at"]
        verbose_name = _("use of a hand-off link")
        verbose_name_plural = _("uses of hand-off links")

    def __str__(self) -> str:
        return self.get_act_display()
