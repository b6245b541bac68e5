"""A ticket: something that staff must look at, with its evidence."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import TenantOwned
from portal.support.states import TicketKind, TicketState
from portal.workflows.models import Workflow


class Ticket(TenantOwned):
    """Opened by the portal itself. `key` keeps one matter from opening two; customers do not see it."""

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=TicketKind.choices)
    state = models.CharField(_("state"), max_length=8, choices=TicketState.choices, default=TicketState.OPEN)
    summary = models.JSONField(_("summary"), default=dict)
    subject_id = models.UUIDField(_("subject"), db_index=True)
    workflow = models.ForeignKey(Workflow, models.PROTECT, null=True, blank=True, related_name="tickets")
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.CharField(max_length=254, blank=True)
    reason = models.TextField(_("how it ended"), blank=True)

    class Meta(TenantOwned.Meta):
        ordering = ["-opened_at"]
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [models.Index(fields=["state", "-opened_at"], name="support_tickets_queue")]

    def __str__(self) -> str:
        return self.get_kind_display()
