"""The support desk's view of people."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Invitation, Membership, Organisation, User
from portal.accounts.readonly import ReadOnlyAdmin, linked
from portal.accounts.secondfactor import has_second_factor


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    list_display = ("name", "id", "created_at")
    search_fields = ("name", "id", "memberships__user__email")
    list_filter = ("created_at",)


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("email", "name", "is_staff", "is_active", "last_login")
    search_fields = ("email", "name", "id")
    list_filter = ("is_staff", "is_active")
    hidden = ("password",)
    shown_extra = ("second_factor",)

    @admin.display(description=_("second factor"), boolean=True)
    def second_factor(self, row: Any) -> bool:
        return has_second_factor(row)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "user_link", "organisation_link", "role", "created_at")
    list_select_related = ("user", "organisation")
    search_fields = ("user__email", "organisation__name")
    list_filter = ("role",)
    user_link = linked("user", _("person"))
    organisation_link = linked("organisation", _("organisation"))


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("email", "organisation_link", "role", "created_at", "expires_at", "consumed_at", "revoked_at")
    list_select_related = ("organisation",)
    search_fields = ("email", "organisation__name", "id")
    list_filter = ("role", "created_at")
    hidden = ("token_hash",)
    organisation_link = linked("organisation", _("organisation"))
