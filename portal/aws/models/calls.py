"""Every call made in a customer's account, for the customer to see and export."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import TenantOwned
from portal.aws.models.connections import Connection
from portal.aws.states import Outcome, RoleKind


class CallRecord(TenantOwned):
    """One call: when, with which role, what, on what, for whom, and what became of it."""

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="calls")
    at = models.DateTimeField(_("time"), auto_now_add=True)
    role = models.CharField(_("role"), max_length=12, choices=RoleKind.choices)
    region = models.CharField(_("region"), max_length=32)
    service = models.CharField(_("service"), max_length=40)
    operation = models.CharField(_("operation"), max_length=80)
    resource = models.CharField(_("resource"), max_length=255, blank=True)
    mutating = models.BooleanField(_("changes something"), default=False)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    error_code = models.CharField(_("error code"), max_length=80, blank=True)
    request_id = models.CharField(_("request ID"), max_length=80, blank=True)
    purpose = models.CharField(_("purpose"), max_length=64)
    actor = models.CharField(_("actor"), max_length=64)
    workflow_id = models.UUIDField(null=True, blank=True, db_index=True)
    intent_id = models.UUIDField(null=True, blank=True)

    class Meta(TenantOwned.Meta):
        ordering = ["-at"]
        verbose_name = _("call in an account")
        verbose_name_plural = _("calls in accounts")
        indexes = [models.Index(fields=["connection", "-at"], name="aws_calls_newest")]

    def __str__(self) -> str:
        return f"{self.service}:{self.operation}"
