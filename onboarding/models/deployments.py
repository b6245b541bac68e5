"""One BYOC deployment in one AWS account, and the findings an admin chose to override."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding.states import AccountKind, DeploymentState
from portal.accounts.models import TenantOwned
from portal.aws.models import Connection

LETTERS = "abcdefghijkmnpqrstuvwxyz"


def new_slug() -> str:
    """Eight characters that name the deployment in AWS: a letter, then letters and digits 2–9 (no look-alikes)."""
    return secrets.choice(LETTERS) + "".join(secrets.choice(LETTERS + "23456789") for _ in range(7))


class Deployment(TenantOwned):
    """Where one onboarding stands. `version` grows with every change a person makes; an old one gets 409."""

    name = models.CharField(_("deployment name"), max_length=60)
    slug = models.CharField(max_length=8, unique=True, default=new_slug, editable=False)
    connection = models.ForeignKey(Connection, models.PROTECT, null=True, blank=True, related_name="deployments")
    account_kind = models.CharField(max_length=12, choices=AccountKind.choices, default=AccountKind.DEDICATED)
    requested_account_id = models.CharField(max_length=12, blank=True)
    requested_region = models.CharField(max_length=32, blank=True)
    state = models.CharField(_("step"), max_length=16, choices=DeploymentState.choices, default=DeploymentState.ACCOUNT)
    state_since = models.DateTimeField(default=timezone.now)
    profile = models.CharField(max_length=20, default="seed")
    version = models.PositiveIntegerField(default=1)
    #: Grows with everything that a page shows; a fragment that was shown this number answers 204.
    shown = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantOwned.Meta):
        ordering = ["created_at"]
        verbose_name = _("deployment")
        verbose_name_plural = _("deployments")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["organisation", "name"], name="onboarding_deployment_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Override(TenantOwned):
    """An admin's recorded reason for going on although a check did not pass."""

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="overrides")
    code = models.CharField(_("check"), max_length=60)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantOwned.Meta):
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["deployment", "code"], name="onboarding_override_once"),
        ]

    def __str__(self) -> str:
        return self.code
