"""The support desk's view of durable work: workflows with two buttons, their intents, events and letters."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.accounts.readonly import DeskButton, ReadOnlyAdmin, linked
from portal.accounts.refusals import ActionRefused
from portal.accounts.subjects import subject_link
from portal.findings.languages import heard
from portal.workflows import actions
from portal.workflows.models import Event, Heartbeat, Intent, Letter, Workflow
from portal.workflows.states import TRANSITIONS, Turn, WorkflowState

#: The secret part of an invitation's link.
_TOKEN = re.compile(r"(/people/invitation/)[A-Za-z0-9_-]+")


def _pressed(act: Callable[..., None]) -> Callable[[Any, User, str], None]:
    """A workflow action as a button performs it."""

    def perform(row: Workflow, by: User, reason: str) -> None:
        try:
            act(workflow=row, by=by, reason=reason)
        except actions.NotAllowed as refused:
            state = row.get_state_display()
            raise ActionRefused(
                _("This is not possible while the workflow is in the state “%(state)s”. Nothing was changed.")
                % {"state": state}
            ) from refused

    return perform


def _may_go_on(row: Workflow) -> bool:
    return row.is_live


def _may_be_handed(row: Workflow) -> bool:
    return WorkflowState.NEEDS_HUMAN in TRANSITIONS[WorkflowState(row.state)]


#: Whose turn it is, as support reads it: `you` is the customer.
DESK_TURNS = {**dict(Turn.choices), Turn.YOU.value: gettext_lazy("the customer's turn")}


class TurnFilter(admin.SimpleListFilter):
    """By whose turn it is."""

    title = gettext_lazy("whose turn")
    parameter_name = "turn"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(DESK_TURNS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(turn=self.value()) if self.value() else queryset


@admin.register(Workflow)
class WorkflowAdmin(ReadOnlyAdmin):
    list_display = (
        "__str__",
        "organisation_link",
        "connection_link",
        "step",
        "whose_turn",
        "in_this_turn",
        "attempts",
        "started_at",
        "ended_at",
    )
    list_select_related = ("organisation", "connection")
    search_fields = ("id", "kind", "subject_id", "organisation__name", "connection__account_id")
    list_filter = ("state", TurnFilter, "kind", "started_at")
    hidden = ("subject_id", "message", "turn")
    shown_extra = ("subject", "says", "whose_turn", "in_this_turn")
    organisation_link = linked("organisation", gettext_lazy("organisation"))
    connection_link = linked("connection", gettext_lazy("connection"))
    buttons = (
        DeskButton(
            name="ring-again",
            label=gettext_lazy("Ring again"),
            question=gettext_lazy(
                "The workflow is looked at now and goes on where it stands, under all its own rules."
            ),
            offered=_may_go_on,
            perform=_pressed(actions.ring_again),
        ),
        DeskButton(
            name="hand-to-human",
            label=gettext_lazy("Hand to a human"),
            question=gettext_lazy("The workflow stops. No further call is made until somebody rings it again."),
            offered=_may_be_handed,
            perform=_pressed(actions.hand_to_human),
        ),
    )

    @admin.display(description=gettext_lazy("subject"))
    def subject(self, row: Any) -> str | SafeString:
        return subject_link(row)

    @admin.display(description=gettext_lazy("what it says"))
    def says(self, row: Any) -> str:
        return str(heard(row.message, ""))

    @admin.display(description=gettext_lazy("whose turn"), ordering="turn")
    def whose_turn(self, row: Any) -> str:
        return str(DESK_TURNS[row.turn])

    @admin.display(description=gettext_lazy("in this turn for"), ordering="turn_since")
    def in_this_turn(self, row: Any) -> str:
        return timesince(row.turn_since)


@admin.register(Intent)
class IntentAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "action",
        "key",
        "state",
        "organisation_link",
        "workflow_link",
        "sends",
        "error_code",
        "settled_at",
    )
    list_select_related = ("organisation", "workflow")
    search_fields = ("id", "key", "action", "request_id", "error_code", "workflow__id")
    list_filter = ("state", "effect_class", "adopted", "created_at")
    organisation_link = linked("organisation", gettext_lazy("organisation"))
    workflow_link = linked("workflow", gettext_lazy("workflow"))


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "says", "code", "actor", "organisation_link", "workflow_link")
    list_select_related = ("organisation", "workflow")
    search_fields = ("code", "actor", "subject_id", "organisation__name")
    list_filter = ("at",)
    hidden = ("sentence", "subject_id")
    shown_extra = ("says", "subject")
    organisation_link = linked("organisation", gettext_lazy("organisation"))
    workflow_link = linked("workflow", gettext_lazy("workflow"))

    @admin.display(description=gettext_lazy("what happened"))
    def says(self, row: Any) -> str:
        return str(heard(row.sentence, ""))

    @admin.display(description=gettext_lazy("subject"))
    def subject(self, row: Any) -> str | SafeString:
        return subject_link(row)


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    """Mails that wait, but for the secret in an invitation's link: it is the invited person's alone.

    The text of one that was sent is gone.
    """

    list_display = ("created_at", "to", "subject", "attempts", "due_at", "sent_at")
    search_fields = ("to", "subject", "key")
    list_filter = ("sent_at", "created_at")
    hidden = ("body",)
    shown_extra = ("text",)

    @admin.display(description=gettext_lazy("text"))
    def text(self, row: Any) -> str:
        if row.sent_at is not None:
            return _("The text was removed when it was sent.")
        return _TOKEN.sub(r"\1…", row.body)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("name", "at")
