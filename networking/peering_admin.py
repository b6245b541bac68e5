"""The support desk's view of peerings: how each stands, its connections and faults, and the button for step 6."""

from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from networking.actions.inbound_rules import answer_rule_request
from networking.desk import pressed, shown_findings
from networking.models import Peering, PeeringConnection, PeeringFault
from networking.peering.standing import standing_of
from networking.states import PeeringState
from portal.accounts.readonly import DeskButton, ReadOnlyAdmin, linked
from portal.findings.languages import heard


def _is_live(row: Peering) -> bool:
    return row.state not in {PeeringState.REMOVING, PeeringState.REMOVED}


def _evidence(row: Peering) -> SafeString:
    return shown_findings(standing_of(row).findings)


@admin.register(Peering)
class PeeringAdmin(ReadOnlyAdmin):
    """The two sides are the customer's word, what was found AWS's: nobody edits them here."""

    list_display = (
        "label", "state", "state_since", "deployment_link", "organisation_link", "account_id", "region", "vpc_id",
        "generation",
    )  # fmt: skip
    list_select_related = ("organisation", "deployment")
    search_fields = ("label", "vpc_id", "account_id", "requester_vpc", "deployment__name", "organisation__name", "id")
    list_filter = ("state", "region", "state_since")
    shown_extra = ("evidence",)
    organisation_link = linked("organisation", gettext_lazy("organisation"))
    deployment_link = linked("deployment", gettext_lazy("deployment"))
    buttons = (
        DeskButton(
            name="add-rule",
            label=gettext_lazy("Add the inbound rule"),
            question=gettext_lazy(
                "The management role adds what lacks for the target VPC's ranges to the security group of the private"
                " load balancer, and nothing else. What you write here stands in the history that the customer reads."
            ),
            offered=_is_live,
            perform=pressed(answer_rule_request, "peering"),
            about=_evidence,
        ),
    )

    @admin.display(description=gettext_lazy("findings, as the customer sees them"))
    def evidence(self, row: Any) -> str | SafeString:
        return _evidence(row)


@admin.register(PeeringConnection)
class PeeringConnectionAdmin(ReadOnlyAdmin):
    list_display = (
        "pcx_id", "status", "peering_link", "organisation_link", "generation", "adopted", "expires_at", "seen_at",
    )  # fmt: skip
    list_select_related = ("organisation", "peering")
    search_fields = ("pcx_id", "peering__label", "peering__vpc_id", "organisation__name")
    list_filter = ("status", "adopted", "seen_at")
    organisation_link = linked("organisation", gettext_lazy("organisation"))
    peering_link = linked("peering", gettext_lazy("peering"))


@admin.register(PeeringFault)
class PeeringFaultAdmin(ReadOnlyAdmin):
    list_display = ("code", "says", "peering_link", "organisation_link", "since", "told_at", "mended_at")
    list_select_related = ("organisation", "peering")
    search_fields = ("code", "peering__label", "peering__vpc_id", "organisation__name")
    list_filter = ("mended_at", "code", "since")
    hidden = ("sentence",)
    shown_extra = ("says",)
    organisation_link = linked("organisation", gettext_lazy("organisation"))
    peering_link = linked("peering", gettext_lazy("peering"))

    @admin.display(description=gettext_lazy("what is wrong"))
    def says(self, row: Any) -> str:
        return str(heard(row.sentence, ""))
