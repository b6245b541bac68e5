"""The infrastructure choices, decided once."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from onboarding.models.deployments import Deployment
from onboarding.states import VpcMode
from portal.accounts.models import TenantOwned


class InfrastructurePlan(TenantOwned):
    """Region, VPC, CIDR and zones of one deployment.

    `zones` is a list of `{"name": "us-east-1a", "id": "use1-az1"}`. `vpc_id` and `subnet_ids` name a VPC that the
    customer brings, with one entry of `zones` per subnet then; `vpc_sent_hash` and `vpc_approved_hash` are hashes of
    the five facts that support has before it and that it approved (onboarding/brought_vpc.py). `confirmed_hash` is the
    SHA-256 of exactly what the review page showed; the launch compares it with the plan it is about to build.
    """

    deployment = models.OneToOneField(Deployment, models.CASCADE, related_name="plan")
    region = models.CharField(_("region"), max_length=32, blank=True)
    vpc_mode = models.CharField(_("VPC"), max_length=8, choices=VpcMode.choices, default=VpcMode.NEW)
    cidr = models.CharField(_("CIDR of the BYOC VPC"), max_length=18, blank=True)
    zones = models.JSONField(_("zones"), default=list, blank=True)
    other_zone_map = models.JSONField(default=dict, blank=True)
    vpc_id = models.CharField(_("VPC ID"), max_length=24, blank=True)
    subnet_ids = models.JSONField(_("private subnet IDs"), default=list, blank=True)
    vpc_sent_hash = models.CharField(max_length=64, blank=True)
    vpc_approved_hash = models.CharField(max_length=64, blank=True)
    vpc_approved_at = models.DateTimeField(null=True, blank=True)
    confirmed_hash = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(TenantOwned.Meta):
        verbose_name = _("infrastructure plan")
        verbose_name_plural = _("infrastructure plans")

    def __str__(self) -> str:
        return f"{self.region} {self.cidr}"

    @property
    def brings_vpc(self) -> bool:
        """Whether the customer brings the VPC, so that the launch makes no network."""
        return bool(self.vpc_mode == VpcMode.EXISTING)


class DeclaredRange(TenantOwned):
    """An address range the customer says will talk to the deployment: a future peer or an on-premises network."""

    class Kind(models.TextChoices):
        PEER = "peer", _("VPC to be peered")
        ON_PREMISES = "on_premises", _("on-premises network")

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="declared_ranges")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    label = models.CharField(_("name"), max_length=60)
    cidr = models.CharField(_("CIDR"), max_length=18)

    class Meta(TenantOwned.Meta):
        verbose_name = _("declared range")
        verbose_name_plural = _("declared ranges")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["deployment", "cidr"], name="onboarding_range_once"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.cidr}"
