"""Peerings of a deployment, each with the connections it has had and what people said of its steps."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networking.states import PeeringState, PeeringStatus, PeeringStep, StepWord
from onboarding.models import Deployment
from portal.accounts.models import TenantOwned
from portal.aws.models import Connection


class Peering(TenantOwned):
    """What the customer registered: the BYOC VPC (requester) and the target VPC (accepter), and how far it is.

    What AWS shows is compared with this row; nothing that AWS shows changes who the two sides are. `subnet_ids` are the
    target's subnets that must reach the deployment, `stated_ranges` the target's ranges where nobody could look.
    `target` is the link to the target account, once somebody lends a role there. `version` grows with every change a
    person makes.
    """

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="peerings")
    label = models.CharField(_("name"), max_length=60)
    account_id = models.CharField(_("target account ID"), max_length=12)
    region = models.CharField(_("region of the target VPC"), max_length=32)
    vpc_id = models.CharField(_("target VPC ID"), max_length=24)
    subnet_ids = models.JSONField(_("target subnet IDs"), default=list, blank=True)
    stated_ranges = models.JSONField(_("stated ranges of the target VPC"), default=list, blank=True)
    target = models.ForeignKey(Connection, models.PROTECT, null=True, blank=True, related_name="peerings")
    requester_vpc = models.CharField(_("BYOC VPC ID"), max_length=24)
    requester_region = models.CharField(_("region of the BYOC VPC"), max_length=32)
    requester_subnets = models.JSONField(_("private subnet IDs"), default=list)
    generation = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(_("state"), max_length=12, choices=PeeringState.choices, default=PeeringState.SETTING_UP)
    state_since = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantOwned.Meta):
        ordering = ["created_at"]
        verbose_name = _("peering")
        verbose_name_plural = _("peerings")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["deployment", "vpc_id"], condition=~Q(state="removed"), name="networking_peering_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.vpc_id}"


class PeeringConnection(TenantOwned):
    """One generation's connection as it was last seen; our own record outlives AWS's, which is gone within hours.

    `adopted`: somebody else made it. `expires_at` is when an unanswered request ends, by AWS's own word.
    """

    peering = models.ForeignKey(Peering, models.CASCADE, related_name="connections")
    generation = models.PositiveSmallIntegerField(default=1)
    pcx_id = models.CharField(_("peering connection ID"), max_length=32)
    status = models.CharField(_("status"), max_length=20, choices=PeeringStatus.choices, blank=True)
    message = models.TextField(_("AWS's words"), blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    adopted = models.BooleanField(_("found, not made"), default=False)
    first_seen_at = models.DateTimeField(_("first seen"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta(TenantOwned.Meta):
        ordering = ["generation"]
        verbose_name = _("peering connection")
        verbose_name_plural = _("peering connections")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["peering", "generation"], name="networking_connection_once"),
            models.UniqueConstraint(fields=["organisation", "pcx_id"], name="networking_pcx_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pcx_id} · {self.status}"


class StepNote(TenantOwned):
    """What somebody said about a step of one generation: that support was asked, or that it is done. Never proof."""

    peering = models.ForeignKey(Peering, models.CASCADE, related_name="notes")
    generation = models.PositiveSmallIntegerField(default=1)
    step = models.CharField(_("step"), max_length=24, choices=PeeringStep.choices)
    word = models.CharField(_("what"), max_length=8, choices=StepWord.choices)
    by = models.CharField(_("by"), max_length=254)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta(TenantOwned.Meta):
        ordering = ["at"]
        verbose_name = _("word about a step")
        verbose_name_plural = _("words about steps")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["peering", "generation", "step", "word"], name="networking_step_word_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} · {self.get_word_display()}"


class PeeringWatch(TenantOwned):
    """When an open page of a peering last asked what is new: only then the portal looks again by itself."""

    peering = models.OneToOneField(Peering, models.CASCADE, related_name="watch")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantOwned.Meta):
        verbose_name = _("open peering page")
        verbose_name_plural = _("open peering pages")

    def __str__(self) -> str:
        return str(self.peering_id)


class PeeringFault(TenantOwned):
    """Since when a code of a peering that worked is no longer fine, and whether people were told. One row per fault.

    It ends (`mended_at`) when a look shows the code fine again; a later one is a new row.
    """

    peering = models.ForeignKey(Peering, models.CASCADE, related_name="faults")
    code = models.CharField(_("check"), max_length=60)
    since = models.DateTimeField(_("since"), default=timezone.now)
    sentence = models.JSONField(_("what is wrong"), default=dict)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    mended_at = models.DateTimeField(_("mended"), null=True, blank=True)

    class Meta(TenantOwned.Meta):
        ordering = ["-since"]
        verbose_name = _("fault of a peering")
        verbose_name_plural = _("faults of peerings")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["peering", "code"], condition=Q(mended_at__isnull=True), name="networking_fault_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code
