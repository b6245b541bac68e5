"""What waits for somebody: the lines at the top of the support desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Waiting:
    """A queue as it stands: how many wait, since when the first of them does, and the list that shows them."""

    title: Any
    count: int
    since: datetime | None
    address: str


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Rows of one model (by name: it is above this layer) that wait; `since` is the field that says from when."""

    title: Any
    model: str
    since: str
    narrowed: tuple[tuple[str, str], ...]

    def counted(self) -> Waiting:
        """One query."""
        model = apps.get_model(self.model)
        wanted = {field: value == "True" if field.endswith("__isnull") else value for field, value in self.narrowed}
        found = model._default_manager.filter(**wanted).aggregate(count=Count("pk"), since=Min(self.since))
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        return Waiting(self.title, found["count"], found["since"], f"{address}?{urlencode(self.narrowed)}")


def queues() -> tuple[Queue, ...]:
    """The queues of this moment: one of them looks at the clock."""
    now = timezone.now().isoformat(timespec="seconds")
    workflows = "workflows.Workflow"
    return (
        Queue(
            title=_("Requests that wait for a decision"),
            model="onboarding.OnboardingRequest",
            since="submitted_at",
            narrowed=(("state__exact", "submitted"),),
        ),
        Queue(
            title=_("VPCs that wait for approval"),
            model="networking.VpcRequest",
            since="submitted_at",
            narrowed=(("state__exact", "submitted"),),
        ),
        Queue(
            title=_("Open tickets"),
            model="support.Ticket",
            since="opened_at",
            narrowed=(("state__exact", "open"),),
        ),
        Queue(
            title=_("Workflows where a human must look"),
            model=workflows,
            since="turn_since",
            narrowed=(("state__exact", "needs_human"),),
        ),
        Queue(
            title=_("Workflows past their deadline"),
            model=workflows,
            since="deadline_at",
            narrowed=(("state__exact", "active"), ("deadline_at__lt", now)),
        ),
        Queue(
            title=_("Workflows that wait for the customer"),
            model=workflows,
            since="turn_since",
            narrowed=(("state__exact", "paused"),),
        ),
        Queue(
            title=_("Letters that could not be sent"),
            model="workflows.Letter",
            since="created_at",
            narrowed=(("sent_at__isnull", "True"), ("due_at__isnull", "True")),
        ),
    )
