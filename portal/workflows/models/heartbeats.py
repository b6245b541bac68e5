"""Signs of life of the worker."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """When a part of the worker was last alive; `name` is `cluster` or `sweeper`."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
