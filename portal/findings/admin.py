"""The support desk's view of observations: the same findings as the customer sees, by the same template."""

from typing import Any

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.accounts.readonly import ReadOnlyAdmin, linked
from portal.accounts.subjects import subject_link
from portal.findings.models import Observation
from portal.findings.templatetags.findings import worst_first


@admin.register(Observation)
class ObservationAdmin(ReadOnlyAdmin):
    list_display = ("observed_at", "kind", "verdict", "organisation_link", "subject_id", "profile")
    list_select_related = ("organisation",)
    search_fields = ("kind", "subject_id", "organisation__name", "id")
    list_filter = ("verdict", "kind", "observed_at")
    hidden = ("findings", "subject_id")
    shown_extra = ("subject", "found")
    organisation_link = linked("organisation", _("organisation"))

    @admin.display(description=_("subject"))
    def subject(self, row: Any) -> str | SafeString:
        return subject_link(row)

    @admin.display(description=_("findings"))
    def found(self, row: Any) -> str:
        return render_to_string("findings/_findings.html", {"findings": worst_first(row.heard_findings())})
