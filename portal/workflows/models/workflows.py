"""A workflow: one piece of durable work on one connection."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import TenantOwned
from portal.aws.models import Connection
from portal.workflows.states import LIVE, Turn, WorkflowState


class Workflow(TenantOwned):
    """Where the work stands, who may work on it now (lease and fence), and when it is looked at next.

    `kind` names the registered workflow (`onboarding.launch`), `subject_id` what it works on. `version` grows with
    every change that a page shows. `attempts` counts runs since the last progress and is committed before the work.
    """

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="workflows")
    kind = models.CharField(_("kind"), max_length=60)
    subject_id = models.UUIDField(_("subject"), db_index=True)
    state = models.CharField(_("state"), max_length=12, choices=WorkflowState.choices, default=WorkflowState.ACTIVE)
    step = models.CharField(_("step"), max_length=60, blank=True)
    turn = models.CharField(_("whose turn"), max_length=16, choices=Turn.choices, default=Turn.US)
    turn_since = models.DateTimeField(default=timezone.now)
    message = models.JSONField(_("what it says"), default=dict, blank=True)
    data = models.JSONField(default=dict, blank=True)
    started_by = models.CharField(max_length=64, default="system")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(default=timezone.now, null=True, blank=True)
    deadline_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    waits = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantOwned.Meta):
        ordering = ["-started_at"]
        verbose_name = _("workflow")
        verbose_name_plural = _("workflows")
        constraints = [
            *TenantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["connection"],
                condition=Q(state__in=[*LIVE]),
                name="workflows_one_live_per_connection",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="active"), name="workflows_due"),
            models.Index(fields=["subject_id", "kind", "-started_at"], name="workflows_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.get_state_display()}"

    @property
    def is_live(self) -> bool:
        """Whether it still holds its connection."""
        return self.state in LIVE
