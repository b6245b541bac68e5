"""The base of every page of the support desk: rows to look at, linked to each other, with buttons that call actions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.formkeys import once
from portal.accounts.models import User
from portal.accounts.refusals import ActionRefused

#: Django's class takes a type parameter only under the type checker.
if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin

EMPTY = "–"


@dataclass(frozen=True, kw_only=True)
class DeskButton:
    """One thing staff may do with a row.

    `offered` says whether the row is in a state for it; `perform(row, by, reason)` does it and raises ActionRefused
    when it cannot be done. A button that `asks_reason` is not performed without one. `about` tells, beside the
    question, what is decided on. `gone`: the row is gone afterwards, so the way leads back to the list.
    """

    name: str
    label: Any
    question: Any
    offered: Callable[[Any], bool]
    perform: Callable[[Any, User, str], None]
    asks_reason: bool = True
    about: Callable[[Any], str | SafeString] | None = None
    gone: bool = False


class ReasonForm(forms.Form):
    """Why it is done; kept with the row and shown to the people concerned."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), min_length=5, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReadOnlyAdmin(_ModelAdmin):
    """Shows everything, changes nothing. Whoever opened the desk may see all of it."""

    actions = None
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = EMPTY
    change_form_template = "admin/readonly_change_form.html"
    buttons: tuple[DeskButton, ...] = ()
    #: Columns of the table that are not shown: secrets, and what `shown_extra` shows better.
    hidden: tuple[str, ...] = ()
    #: Methods whose answers are shown on the row's page after its columns.
    shown_extra: tuple[str, ...] = ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        columns = [field.name for field in self.opts.concrete_fields if field.name not in self.hidden]
        return [*columns, *self.shown_extra, "related_lists"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self.get_fields(request, obj)

    @admin.display(description=gettext_lazy("what refers to it"))
    def related_lists(self, row: Any) -> str | SafeString:
        """Links to the lists of all rows on the desk that refer to this one."""
        links = [
            (listing(model, row, field),)
            for model in self.admin_site._registry
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and field.related_model is self.model
        ]
        return format_html_join(SafeString("<br>"), "{}", links) or EMPTY

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.press)
        return [path("<path:object_id>/press/<slug:name>/", view, name=self._url_name("press")), *super().get_urls()]

    def _url_name(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        offered = [(button, self._press_url(row, button)) for button in self.buttons if row and button.offered(row)]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "desk_buttons": offered})

    def _press_url(self, row: Any, button: DeskButton) -> str:
        return reverse(f"admin:{self._url_name('press')}", args=[quote(row.pk), button.name])

    def press(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Asks (GET), then does it (POST)."""
        row = self.get_object(request, unquote(object_id))
        button = next((button for button in self.buttons if button.name == name), None)
        if row is None or button is None:
            raise Http404
        form = ReasonForm(request.POST if request.method == "POST" else None) if button.asks_reason else None
        if request.method != "POST" or (form is not None and not form.is_valid()):
            return self._ask(request, row, button, form)
        reason = str(form.cleaned_data["reason"]) if form is not None else ""
        return self._perform(request, row, button, reason)

    def _ask(self, request: HttpRequest, row: Any, button: DeskButton, form: ReasonForm | None) -> HttpResponse:
        about = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "button": button,
            "form": form,
            "title": button.label,
            "about": button.about(row) if button.about is not None else "",
            "back": reverse(f"admin:{self._url_name('change')}", args=[quote(row.pk)]),
        }
        status = 422 if form is not None and form.is_bound else 200
        return TemplateResponse(request, "admin/press.html", about, status=status)

    def _perform(self, request: HttpRequest, row: Any, button: DeskButton, reason: str) -> HttpResponse:
        back = reverse(f"admin:{self._url_name('change')}", args=[quote(row.pk)])
        if button.gone:
            back = reverse(f"admin:{self._url_name('changelist')}")

        def act() -> str:
            if not isinstance(request.user, User):
                raise Http404
            button.perform(row, request.user, reason)
            self.log_change(request, row, f"{button.label}: {reason}" if reason else str(button.label))
            messages.success(request, _("Done: %(label)s.") % {"label": button.label})
            return back

        try:
            return once(request, act)
        except ActionRefused as refused:
            messages.error(request, str(refused))
            return TemplateResponse(request, "admin/press.html", {**self._refused(request, row, button)}, status=409)

    def _refused(self, request: HttpRequest, row: Any, button: DeskButton) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": button.label,
            "back": reverse(f"admin:{self._url_name('change')}", args=[quote(row.pk)]),
        }


def link_to(row: models.Model | None) -> str | SafeString:
    """The row's name, linked to its page on the desk; plain where it has none."""
    if row is None:
        return EMPTY
    try:
        address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[quote(row.pk)])
    except NoReverseMatch:
        return str(row)
    return format_html('<a href="{}">{}</a>', address, row)


def linked(field: str, title: Any) -> Callable[[Any, Any], str | SafeString]:
    """A column that links to the row which `field` refers to."""

    @admin.display(description=title, ordering=field)
    def column(_self: Any, row: Any) -> str | SafeString:
        return link_to(getattr(row, field))

    return column


def link_by_id(model: str, identity: Any) -> str | SafeString:
    """A link to the row of `model` (`app.model`, below or above this layer) with this id, without looking it up."""
    if not identity:
        return EMPTY
    address = reverse(f"admin:{model.replace('.', '_')}_change", args=[quote(identity)])
    return format_html('<a href="{}">{}</a>', address, identity)


def listing(model: type[models.Model], row: models.Model, field: "models.ForeignKey[Any, Any]") -> SafeString:
    """A link to the list of `model`, narrowed to what refers to `row` by `field`."""
    label = str(model._meta.verbose_name_plural).capitalize()
    if field.name != row._meta.model_name:
        label = f"{label} ({field.verbose_name})"
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    query = urlencode({f"{field.name}__{field.target_field.name}__exact": row.pk})
    return format_html('<a href="{}?{}">{}</a>', address, query, label)
