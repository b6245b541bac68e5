"""The support desk's view of brought VPCs: the five facts with their findings, two buttons, and the hand-off links."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from networking.actions import vpc_requests as actions
from networking.actions.hand_offs import revoke
from networking.desk import pressed, shown_findings, ticket_text
from networking.looks import SeenVpc, newest_look
from networking.models import HandOff, HandOffUse, VpcRequest, VpcWatch
from networking.pages.told import told
from networking.requests.proofs import JudgedLook
from networking.states import VpcRequestState
from onboarding.rules.profiles import profile as rule_profile
from portal.accounts.models import User
from portal.accounts.readonly import EMPTY, DeskButton, ReadOnlyAdmin, linked
from portal.accounts.refusals import ActionRefused
from portal.findings.languages import heard


def _waits(row: VpcRequest) -> bool:
    return bool(row.state == VpcRequestState.SUBMITTED)


@admin.register(VpcRequest)
class VpcRequestAdmin(ReadOnlyAdmin):
    """The facts are the customer's choice and AWS's answers: nobody edits them here."""

    list_display = (
        "vpc_id",
        "state",
        "waiting",
        "deployment_link",
        "organisation_link",
        "region",
        "account_id",
        "submitted_at",
    )
    list_select_related = ("organisation", "deployment")
    search_fields = ("vpc_id", "account_id", "deployment__name", "organisation__name", "id")
    list_filter = ("state", "region", "submitted_at")
    # The observation's own verdict is about the subnets of its time; `evidence` judges it for those of the request.
    hidden = ("subnet_ids", "zones", "observation")
    shown_extra = ("subnets", "evidence", "newest", "text")
    organisation_link = linked("organisation", _("organisation"))
    deployment_link = linked("deployment", _("deployment"))
    buttons = (
        DeskButton(
            name="approve",
            label=_("Approve"),
            question=_(
                "The customer may then confirm the launch into exactly these subnets. What you write here is kept with"
                " the request and mailed to them."
            ),
            offered=_waits,
            perform=pressed(actions.approve_request, "request"),
            about=ticket_text,
        ),
        DeskButton(
            name="ask-back",
            label=_("Ask back"),
            question=_("The request goes back to the customer. What you write here is mailed to them as you write it."),
            offered=_waits,
            perform=pressed(actions.ask_back, "request"),
            about=ticket_text,
        ),
    )

    @admin.display(description=_("waiting for"), ordering="submitted_at")
    def waiting(self, row: Any) -> str:
        return timesince(row.submitted_at) if _waits(row) else EMPTY

    @admin.display(description=_("private subnets and their zones"))
    def subnets(self, row: Any) -> str | SafeString:
        pairs = zip(row.subnet_ids, row.zones, strict=False)
        lines = ((subnet, f"{zone['name']} ({zone['id']})" if zone["id"] else EMPTY) for subnet, zone in pairs)
        return format_html_join(SafeString("<br>"), "<code>{}</code> · {}", lines) or EMPTY

    @admin.display(description=_("findings that were sent along"))
    def evidence(self, row: Any) -> str | SafeString:
        return _shown(row, SeenVpc.of(row.observation)) if row.observation else EMPTY

    @admin.display(description=_("findings of the newest look of ours"))
    def newest(self, row: Any) -> str | SafeString:
        """Only where it is another one than the look that was sent along."""
        seen = newest_look(row.deployment, row.vpc_id)
        return _shown(row, seen) if seen and seen.observation.pk != row.observation_id else EMPTY

    @admin.display(description=_("the text as the customer sees it"))
    def text(self, row: Any) -> str | SafeString:
        return ticket_text(row)


def _shown(row: VpcRequest, seen: SeenVpc) -> SafeString:
    """A look's findings for the subnets of the request, by the one template of findings."""
    judged = JudgedLook.of(seen, row.subnet_ids, rule_profile(seen.observation.profile))
    source = _("Stated by the customer with a facts file.") if judged.stated else _("Seen with the read-only role.")
    listed = shown_findings(told(judged.findings))
    return format_html("<p>{} {}</p>{}", source, judged.at.strftime("%Y-%m-%d %H:%M %Z"), listed)


def _still_open(row: HandOff) -> bool:
    return row.is_open


def _revoke(row: HandOff, by: User, _reason: str) -> None:
    if not revoke(hand_off=row, by=by):
        raise ActionRefused(_("Somebody revoked this link before you. Nothing was changed."))


@admin.register(HandOff)
class HandOffAdmin(ReadOnlyAdmin):
    """The hash of the secret stays out: it is nobody's business who could compare it."""

    list_display = ("label", "vpc_id", "deployment_link", "organisation_link", "created_at", "expires_at", "revoked_at")
    list_select_related = ("organisation", "deployment")
    search_fields = ("label", "vpc_id", "deployment__name", "organisation__name", "id")
    list_filter = ("created_at", "expires_at")
    hidden = ("token_hash",)
    buttons = (
        DeskButton(
            name="revoke",
            label=_("Revoke the link"),
            question=_(
                "The link stops working at once. What was sent by it stays, and the customer sees who revoked it."
            ),
            offered=_still_open,
            perform=_revoke,
            asks_reason=False,
        ),
    )
    organisation_link = linked("organisation", _("organisation"))
    deployment_link = linked("deployment", _("deployment"))


@admin.register(HandOffUse)
class HandOffUseAdmin(ReadOnlyAdmin):
    list_display = ("at", "act", "says", "hand_off_link", "organisation_link")
    list_select_related = ("organisation", "hand_off")
    search_fields = ("hand_off__label", "hand_off__vpc_id", "organisation__name")
    list_filter = ("act", "at")
    hidden = ("note",)
    shown_extra = ("says",)
    organisation_link = linked("organisation", _("organisation"))
    hand_off_link = linked("hand_off", _("hand-off link"))

    @admin.display(description=_("note"))
    def says(self, row: Any) -> str:
        return str(heard(row.note, ""))


@admin.register(VpcWatch)
class VpcWatchAdmin(ReadOnlyAdmin):
    list_display = ("deployment_link", "organisation_link", "asked_at")
    list_display_links = ("asked_at",)
    list_select_related = ("organisation", "deployment")
    search_fields = ("deployment__name", "organisation__name")
    organisation_link = linked("organisation", _("organisation"))
    deployment_link = linked("deployment", _("deployment"))


from networking import peering_admin, private_access_admin, screenshot_admin  # noqa: E402, F401
