"""Keys of forms that were posted: the memory behind `portal.accounts.formkeys`."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FormKey(models.Model):
    """One rendered form that was posted, by whom (nobody: an anonymous visitor), and where its answer is."""

    key = models.CharField(max_length=43, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    result_url = models.CharField(max_length=500, blank=True)
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("used form")
        verbose_name_plural = _("used forms")

    def __str__(self) -> str:
        return self.key
