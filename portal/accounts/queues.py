"""What waits for somebody: the lines at the top of the support desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Count, Min, Q, Value
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

    @property
    def wanted(self) -> Q:
        """What waits, as the list of the desk narrows it."""
        return Q(**{field: value == "True" if field.endswith("__isnull") else value for field, value in self.narrowed})

    @property
    def address(self) -> str:
        """The list that shows what waits."""
        meta = apps.get_model(self.model)._meta
        listed = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        return f"{listed}?{urlencode(self.narrowed)}"


def waiting() -> list[Waiting]:
    """Every queue as it stands, in the order of `queues`: one query, however many there are."""
    asked = queues()
    first, *others = (_figures(number, queue) for number, queue in enumerate(asked))
    found = {number: (count, since) for number, count, since in first.union(*others, all=True).order_by()}
    return [Waiting(queue.title, *found[number], queue.address) for number, queue in enumerate(asked)]


def _figures(number: int, queue: Queue) -> Any:
    """One row: the queue's number, how many wait, since when the first of them does."""
    rows = apps.get_model(queue.model)._default_manager.filter(queue.wanted).order_by()
    marked = rows.annotate(queue=Value(number)).values("queue")
    return marked.annotate(figure=Count("pk"), first=Min(queue.since)).values_list("queue", "figure", "first")


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
            title=_("Private load balancers to enable"),
            model="networking.PrivateAccess",
            since="asked_at",
            narrowed=(("enabled_at__isnull", "True"), ("asked_at__isnull", "False")),
        ),
        Queue(
            title=_("Public load balancers to remove"),
            model="networking.PublicRemoval",
            since="state_since",
            narrowed=(("state__exact", "submitted"),),
        ),
        Queue(
            title=_("Public load balancers to put back"),
            model="networking.PublicRemoval",
            since="state_since",
            narrowed=(("state__exact", "restoring"),),
        ),
        Queue(
            title=_("Inbound rules to add"),
            model="support.Ticket",
            since="opened_at",
            narrowed=(("state__exact", "open"), ("kind__exact", "inbound_rule")),
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
