"""The support desk's view of private access: the load balancer to enable, the proofs, the public one to remove."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networking.actions import public_removals
from networking.actions.balancers import enable_balancer
from networking.desk import pressed, shown_findings, ticket_text
from networking.models import PrivateAccess, PublicRemoval, ReachProof
from networking.reach.text import findings_of
from networking.states import PublicRemovalState
from onboarding.actions.versions import WrongStep
from portal.accounts.models import User
from portal.accounts.readonly import EMPTY, DeskButton, ReadOnlyAdmin, linked
from portal.accounts.refusals import ActionRefused


def _is_wanted(row: PrivateAccess) -> bool:
    return row.enabled_at is None


def _enable(row: PrivateAccess, by: User, reason: str) -> None:
    try:
        enable_balancer(deployment=row.deployment, by=by, reason=reason)
    except WrongStep:
        raise ActionRefused(_("The deployment is not ready any more. Nothing was changed.")) from None


@admin.register(PrivateAccess)
class PrivateAccessAdmin(ReadOnlyAdmin):
    list_display = ("asked_at", "deployment_link", "organisation_link", "waiting", "enabled_at", "enabled_by")
    list_select_related = ("organisation", "deployment")
    search_fields = ("deployment__name", "organisation__name", "public_host")
    list_filter = ("asked_at", "enabled_at")
    shown_extra = ("text",)
    organisation_link = linked("organisation", gettext_lazy("organisation"))
    deployment_link = linked("deployment", gettext_lazy("deployment"))
    buttons = (
        DeskButton(
            name="enable",
            label=gettext_lazy("Private load balancer enabled"),
            question=gettext_lazy(
                "Press this once it is enabled. The customer is told, and our looks find it in the BYOC VPC."
            ),
            offered=_is_wanted,
            perform=_enable,
            about=ticket_text,
        ),
    )

    @admin.display(description=gettext_lazy("waiting for"), ordering="asked_at")
    def waiting(self, row: Any) -> str:
        return timesince(row.asked_at) if row.asked_at and _is_wanted(row) else EMPTY

    @admin.display(description=gettext_lazy("the text as the customer sees it"))
    def text(self, row: Any) -> str | SafeString:
        return ticket_text(row)


@admin.register(ReachProof)
class ReachProofAdmin(ReadOnlyAdmin):
    """What customers state: nothing here was seen by us."""

    list_display = ("host", "proven", "peering_link", "organisation_link", "by", "at")
    list_select_related = ("organisation", "peering")
    search_fields = ("host", "by", "peering__label", "peering__vpc_id", "organisation__name")
    list_filter = ("proven", "at")
    shown_extra = ("evidence",)
    organisation_link = linked("organisation", gettext_lazy("organisation"))
    peering_link = linked("peering", gettext_lazy("peering"))

    @admin.display(description=gettext_lazy("findings, as the customer sees them"))
    def evidence(self, row: Any) -> str | SafeString:
        return shown_findings(findings_of(row))


def _in(state: PublicRemovalState) -> Any:
    def offered(row: PublicRemoval) -> bool:
        return bool(row.state == state)

    return offered


def _about(row: PublicRemoval) -> SafeString:
    return format_html("<p>{}</p>{}", ticket_text(row), shown_findings(findings_of(row.proof)))


@admin.register(PublicRemoval)
class PublicRemovalAdmin(ReadOnlyAdmin):
    list_display = ("deployment_link", "state", "waiting", "organisation_link", "submitted_at", "submitted_by")
    list_display_links = ("state",)
    list_select_related = ("organisation", "deployment", "submitted_by")
    search_fields = ("deployment__name", "organisation__name", "proof__host", "reason", "id")
    list_filter = ("state", "state_since")
    shown_extra = ("evidence", "text")
    organisation_link = linked("organisation", gettext_lazy("organisation"))
    deployment_link = linked("deployment", gettext_lazy("deployment"))
    buttons = (
        DeskButton(
            name="removed",
            label=gettext_lazy("Public load balancer removed"),
            question=gettext_lazy(
                "Press this once it is removed: from then on only peered VPCs get in. What you write is mailed to the"
                " customer."
            ),
            offered=_in(PublicRemovalState.SUBMITTED),
            perform=pressed(public_removals.note_removed, "removal"),
            about=_about,
        ),
        DeskButton(
            name="decline",
            label=gettext_lazy("Decline"),
            question=gettext_lazy("The public load balancer stays. What you write is mailed to the customer."),
            offered=_in(PublicRemovalState.SUBMITTED),
            perform=pressed(public_removals.decline_removal, "removal"),
            about=_about,
        ),
        DeskButton(
            name="restored",
            label=gettext_lazy("It is back"),
            question=gettext_lazy(
                "Press this once the public load balancer is there again. What you write is mailed to the customer."
            ),
            offered=_in(PublicRemovalState.RESTORING),
            perform=pressed(public_removals.note_restored, "removal"),
            about=ticket_text,
        ),
    )

    @admin.display(description=gettext_lazy("waiting for"), ordering="state_since")
    def waiting(self, row: Any) -> str:
        waits = {PublicRemovalState.SUBMITTED, PublicRemovalState.RESTORING}
        return timesince(row.state_since) if row.state in waits else EMPTY

    @admin.display(description=gettext_lazy("what the customer's probe found"))
    def evidence(self, row: Any) -> str | SafeString:
        return shown_findings(findings_of(row.proof))

    @admin.display(description=gettext_lazy("the text as the customer sees it"))
    def text(self, row: Any) -> str | SafeString:
        return ticket_text(row)
