"""Signs of life of the worker."""

from django.db import models
from django.utils import timezone


class Heartbeat(models.Model):
    """When a part of the worker was last alive; `name` is `cluster` or `sweeper`."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
