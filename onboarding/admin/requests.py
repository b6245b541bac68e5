"""Requests on the support desk, and the decision about them."""

from typing import Any

from django.contrib import admin
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from onboarding.models import OnboardingRequest
from onboarding.requests import actions
from onboarding.states import RequestState
from portal.accounts.models import User
from portal.accounts.readonly import EMPTY, DeskButton, ReadOnlyAdmin, linked


def _waits(row: OnboardingRequest) -> bool:
    return row.state == RequestState.SUBMITTED


def _approve(row: OnboardingRequest, by: User, reason: str) -> None:
    actions.approve(request=row, by=by)


def _decline(row: OnboardingRequest, by: User, reason: str) -> None:
    actions.decline(request=row, by=by, reason=reason)


@admin.register(OnboardingRequest)
class OnboardingRequestAdmin(ReadOnlyAdmin):
    list_display = ("company", "email", "account_id", "region", "state", "submitted_at", "waiting", "organisation_link")
    list_select_related = ("organisation",)
    search_fields = ("company", "email", "account_id", "id")
    list_filter = ("state", "region", "submitted_at")
    organisation_link = linked("organisation", _("organisation"))
    buttons = (
        DeskButton(
            name="approve",
            label=_("Approve"),
            question=_("This makes the organisation and its first deployment, and mails an invitation to the admin."),
            offered=_waits,
            perform=_approve,
            asks_reason=False,
        ),
        DeskButton(
            name="decline",
            label=_("Decline"),
            question=_("The reason is mailed to the admin's address, as you write it here."),
            offered=_waits,
            perform=_decline,
        ),
    )

    @admin.display(description=_("waiting for"), ordering="submitted_at")
    def waiting(self, row: Any) -> str:
        return timesince(row.submitted_at) if _waits(row) else EMPTY
