"""What happened, append-only: people's acts, steps and turns."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import TenantOwned
from portal.workflows.models.workflows import Workflow


class Event(TenantOwned):
    """One thing that happened, as a sentence in every language. Never changed, never deleted."""

    at = models.DateTimeField(_("time"), auto_now_add=True)
    code = models.CharField(_("code"), max_length=60)
    sentence = models.JSONField(_("what happened"), default=dict)
    actor = models.CharField(_("actor"), max_length=254)
    subject_id = models.UUIDField(_("subject"), db_index=True)
    workflow = models.ForeignKey(Workflow, models.PROTECT, null=True, blank=True, related_name="events")

    class Meta(TenantOwned.Meta):
        ordering = ["-at"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["subject_id", "-at"], name="workflows_events_newest")]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Appends. Raises TypeError when the event already exists."""
        if not self._state.adding:
            raise TypeError("An event is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuses. Raises TypeError."""
        raise TypeError("An event is never deleted.")
