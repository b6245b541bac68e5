"""Deployments on the support desk: what was chosen, overridden and made."""

from typing import Any

from django.contrib import admin
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from onboarding.models import DeclaredRange, Deployment, InfrastructurePlan, Override, Stack, StackResource
from portal.accounts.readonly import ReadOnlyAdmin, linked


@admin.register(Deployment)
class DeploymentAdmin(ReadOnlyAdmin):
    list_display = ("name", "slug", "organisation_link", "connection_link", "state", "in_this_step", "created_at")
    list_select_related = ("organisation", "connection")
    search_fields = ("name", "slug", "organisation__name", "connection__account_id", "requested_account_id", "id")
    list_filter = ("state", "account_kind", "profile", "created_at")
    organisation_link = linked("organisation", _("organisation"))
    connection_link = linked("connection", _("connection"))

    @admin.display(description=_("in this step for"), ordering="state_since")
    def in_this_step(self, row: Any) -> str:
        return timesince(row.state_since)


@admin.register(InfrastructurePlan)
class InfrastructurePlanAdmin(ReadOnlyAdmin):
    list_display = ("deployment_link", "organisation_link", "region", "vpc_mode", "vpc_id", "cidr", "confirmed_at")
    list_display_links = ("region",)
    list_select_related = ("organisation", "deployment")
    search_fields = ("deployment__name", "organisation__name", "cidr", "region", "vpc_id")
    list_filter = ("vpc_mode", "region")
    organisation_link = linked("organisation", _("organisation"))
    deployment_link = linked("deployment", _("deployment"))


@admin.register(DeclaredRange)
class DeclaredRangeAdmin(ReadOnlyAdmin):
    list_display = ("label", "cidr", "kind", "deployment_link", "organisation_link")
    list_select_related = ("organisation", "deployment")
    search_fields = ("label", "cidr", "deployment__name", "organisation__name")
    list_filter = ("kind",)
    organisation_link = linked("organisation", _("organisation"))
    deployment_link = linked("deployment", _("deployment"))


@admin.register(Override)
class OverrideAdmin(ReadOnlyAdmin):
    list_display = ("code", "reason", "by_link", "at", "deployment_link", "organisation_link")
    list_select_related = ("organisation", "deployment", "by")
    search_fields = ("code", "reason", "by__email", "deployment__name", "organisation__name")
    list_filter = ("at",)
    by_link = linked("by", _("by"))
    organisation_link = linked("organisation", _("organisation"))
    deployment_link = linked("deployment", _("deployment"))


@admin.register(Stack)
class StackAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "generation", "status", "deployment_link", "organisation_link", "observed_at")
    list_select_related = ("organisation", "deployment")
    search_fields = ("name", "stack_id", "deployment__name", "organisation__name")
    list_filter = ("kind", "status", "region")
    organisation_link = linked("organisation", _("organisation"))
    deployment_link = linked("deployment", _("deployment"))


@admin.register(StackResource)
class StackResourceAdmin(ReadOnlyAdmin):
    list_display = ("logical_id", "resource_type", "physical_id", "status", "stack_link", "changed_at")
    list_select_related = ("organisation", "stack")
    search_fields = ("logical_id", "physical_id", "resource_type", "stack__name")
    list_filter = ("status", "changed_at")
    stack_link = linked("stack", _("stack"))
