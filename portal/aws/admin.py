"""The support desk's view of links to AWS accounts and of the calls made through them.

The External ID is shown to its tenant only, so it is not here.
"""

from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.accounts.readonly import ReadOnlyAdmin, link_by_id, linked
from portal.aws.models import CallRecord, Connection


@admin.register(Connection)
class ConnectionAdmin(ReadOnlyAdmin):
    list_display = ("account_id", "organisation_link", "state", "generation", "proven_at", "probed_at", "created_at")
    list_select_related = ("organisation",)
    search_fields = ("account_id", "organisation__name", "id")
    list_filter = ("state", "created_at")
    hidden = ("external_id",)
    organisation_link = linked("organisation", _("organisation"))


@admin.register(CallRecord)
class CallRecordAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "__str__",
        "organisation_link",
        "connection_link",
        "role",
        "region",
        "resource",
        "outcome",
        "error_code",
        "workflow_link",
    )
    list_select_related = ("organisation", "connection")
    search_fields = ("operation", "resource", "request_id", "error_code", "workflow_id", "intent_id")
    list_filter = ("outcome", "mutating", "role", "at")
    hidden = ("workflow_id", "intent_id")
    shown_extra = ("workflow_link", "intent_link")
    organisation_link = linked("organisation", _("organisation"))
    connection_link = linked("connection", _("connection"))

    @admin.display(description=_("workflow"), ordering="workflow_id")
    def workflow_link(self, row: Any) -> str | SafeString:
        return link_by_id("workflows.workflow", row.workflow_id)

    @admin.display(description=_("intent"))
    def intent_link(self, row: Any) -> str | SafeString:
        return link_by_id("workflows.intent", row.intent_id)
