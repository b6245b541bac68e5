"""Invitations: a hashed, single-use token that lives 72 hours."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models.tenancy import TenantOwned
from portal.accounts.states import Role

LIFETIME = timedelta(hours=72)


def expiry() -> datetime:
    """When an invitation made now stops working."""
    return timezone.now() + LIFETIME


class Invitation(TenantOwned):
    """An offer of one role to one address. Only the SHA-256 of its token is kept."""

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=8, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=expiry)
    consumed_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantOwned.Meta):
        ordering = ["-created_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.email} · {self.organisation}"

    @property
    def is_open(self) -> bool:
        """Whether the token still works."""
        return self.consumed_at is None and self.revoked_at is None and self.expires_at > timezone.now()
