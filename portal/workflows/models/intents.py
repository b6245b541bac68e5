"""The ledger: one row per wanted effect in a customer's account."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import TenantOwned
from portal.workflows.models.workflows import Workflow
from portal.workflows.states import EffectClass, IntentState


class Intent(TenantOwned):
    """One effect that we want once. Its id is the client token and the tag of what it makes.

    `key` is the natural key within the workflow (`stack:network:create`). `first_sent_at` opens the window in which a
    lost effect may still become visible.
    """

    workflow = models.ForeignKey(Workflow, models.PROTECT, related_name="intents")
    key = models.CharField(_("key"), max_length=120)
    action = models.CharField(_("action"), max_length=80)
    effect_class = models.CharField(_("class"), max_length=12, choices=EffectClass.choices)
    request_hash = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=12, choices=IntentState.choices, default=IntentState.PLANNED)
    sends = models.PositiveSmallIntegerField(_("times sent"), default=0)
    looks = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    adopted = models.BooleanField(_("found, not made"), default=False)
    result = models.JSONField(default=dict, blank=True)
    error_code = models.CharField(_("error code"), max_length=80, blank=True)
    error_text = models.TextField(_("AWS's words"), blank=True)
    request_id = models.CharField(_("request ID"), max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantOwned.Meta):
        ordering = ["created_at"]
        verbose_name = _("intent")
        verbose_name_plural = _("intents")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["workflow", "key"], name="workflows_intent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.action} · {self.key} · {self.get_state_display()}"
