"""The five-fact ticket: the request to approve a customer-managed VPC, with its evidence."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networking.states import VpcRequestState
from onboarding.models import Deployment
from portal.accounts.models import TenantOwned
from portal.findings.models import Observation
from portal.support.models import Ticket


class VpcRequest(TenantOwned):
    """Account, region, VPC, private subnets and their zones as they stood when they were sent.

    `zones` is a list of `{"name": "us-east-1a", "id": "use1-az1"}` in the order of `subnet_ids`. `content_hash` is the
    SHA-256 of the five facts (onboarding.brought_vpc.FiveFacts); the launch compares it.
    """

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="vpc_requests")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="vpc_requests")
    observation = models.ForeignKey(Observation, models.PROTECT, null=True, blank=True, related_name="vpc_requests")
    account_id = models.CharField(_("AWS account ID"), max_length=12)
    region = models.CharField(_("region"), max_length=32)
    vpc_id = models.CharField(_("VPC ID"), max_length=24)
    subnet_ids = models.JSONField(_("private subnet IDs"), default=list)
    zones = models.JSONField(_("zones"), default=list)
    content_hash = models.CharField(max_length=64)
    state = models.CharField(
        _("state"), max_length=12, choices=VpcRequestState.choices, default=VpcRequestState.SUBMITTED
    )
    submitted_at = models.DateTimeField(_("sent"), default=timezone.now)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.TextField(_("support's words"), blank=True)

    class Meta(TenantOwned.Meta):
        ordering = ["-submitted_at"]
        verbose_name = _("request to approve a VPC")
        verbose_name_plural = _("requests to approve VPCs")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["deployment"], condition=~Q(state="withdrawn"), name="networking_vpc_request_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vpc_id} · {self.get_state_display()}"
