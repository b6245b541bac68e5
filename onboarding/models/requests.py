"""The public request with which everything starts. It belongs to no tenant until it is approved."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding.states import RequestState
from portal.accounts.models import Organisation


class OnboardingRequest(models.Model):
    """Company, first admin's address, account and region, as somebody on the internet stated them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.CharField(_("company"), max_length=120)
    email = models.EmailField(_("admin's e-mail address"))
    account_id = models.CharField(_("AWS account ID"), max_length=12)
    region = models.CharField(_("region"), max_length=32)
    language = models.CharField(max_length=8, default="en")
    state = models.CharField(_("state"), max_length=12, choices=RequestState.choices, default=RequestState.SUBMITTED)
    submitted_at = models.DateTimeField(_("submitted"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="requests")

    class Meta:
        ordering = ["-submitted_at"]
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        indexes = [models.Index(fields=["state", "-submitted_at"], name="onboarding_requests_queue")]

    def __str__(self) -> str:
        return f"{self.company} · {self.account_id}"
