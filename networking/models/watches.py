"""Whether somebody has a VPC page open: only then the portal looks again by itself."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding.models import Deployment
from portal.accounts.models import TenantOwned


class VpcWatch(TenantOwned):
    """When an open page last asked what is new."""

    deployment = models.OneToOneField(Deployment, models.CASCADE, related_name="vpc_watch")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantOwned.Meta):
        verbose_name = _("open VPC page")
        verbose_name_plural = _("open VPC pages")

    def __str__(self) -> str:
        return str(self.deployment_id)
