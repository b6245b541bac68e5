"""The launch's CloudFormation stacks as they were last seen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from onboarding.models.deployments import Deployment
from portal.accounts.models import TenantOwned


class Stack(TenantOwned):
    """One stack of a deployment. `kind` is network, storage, roles or cluster; a new generation follows a roll-back."""

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="stacks")
    kind = models.CharField(_("stack"), max_length=12)
    generation = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("stack name"), max_length=128)
    region = models.CharField(max_length=32)
    stack_id = models.CharField(_("stack ID"), max_length=255, blank=True)
    status = models.CharField(_("status"), max_length=40, blank=True)
    reason = models.TextField(_("AWS's words"), blank=True)
    outputs = models.JSONField(default=dict, blank=True)
    last_event_id = models.CharField(max_length=255, blank=True)
    last_words = models.TextField(_("the last thing AWS said"), blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    observed_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantOwned.Meta):
        ordering = ["generation"]
        verbose_name = _("stack")
        verbose_name_plural = _("stacks")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["deployment", "kind", "generation"], name="onboarding_stack_once"),
        ]

    def __str__(self) -> str:
        return self.name


class StackResource(TenantOwned):
    """One resource of a stack: its newest state and AWS's words about it."""

    stack = models.ForeignKey(Stack, models.CASCADE, related_name="resources")
    logical_id = models.CharField(_("logical ID"), max_length=255)
    resource_type = models.CharField(_("type"), max_length=120)
    physical_id = models.CharField(_("physical ID"), max_length=255, blank=True)
    status = models.CharField(_("status"), max_length=40)
    reason = models.TextField(_("AWS's words"), blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta(TenantOwned.Meta):
        ordering = ["started_at", "logical_id"]
        verbose_name = _("stack resource")
        verbose_name_plural = _("stack resources")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["stack", "logical_id"], name="onboarding_resource_once"),
        ]

    def __str__(self) -> str:
        return f"{self.logical_id} {self.status}"
