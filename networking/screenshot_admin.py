"""The support desk's screenshots: staff put a real one in the place of an illustration, and take it away again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networking.actions.screenshots import keep_screenshot, remove_screenshot
from networking.forms.screenshots import ScreenshotForm
from networking.models import Screenshot
from networking.states import PeeringStep
from networking.templatetags.screenshots import shown
from portal.accounts.formkeys import once
from portal.accounts.models import User
from portal.accounts.readonly import DeskButton, ReadOnlyAdmin
from portal.accounts.refusals import ActionRefused


def _remove(row: Screenshot, _by: User, _reason: str) -> None:
    if not remove_screenshot(screenshot=row):
        raise ActionRefused(_("Somebody removed this screenshot before you. Nothing was changed."))


def _picture(row: Any) -> SafeString:
    seen = shown(row)
    return format_html(
        '<img class="desk-picture" src="{}" width="{}" height="{}" alt="{}">',
        seen.url,
        seen.width,
        seen.height,
        seen.caption,
    )


@admin.register(Screenshot)
class ScreenshotAdmin(ReadOnlyAdmin):
    """Shown as everything on the desk; a new picture comes by a page of its own."""

    change_list_template = "admin/screenshots.html"
    list_display = ("step", "language", "caption", "width", "height", "uploaded_by", "uploaded_at")
    list_select_related = ("uploaded_by",)
    search_fields = ("caption", "step")
    list_filter = ("step", "language")
    hidden = ("picture",)
    shown_extra = ("as_shown",)
    buttons = (
        DeskButton(
            name="remove",
            label=gettext_lazy("Remove the screenshot"),
            question=gettext_lazy("Customers see the illustration again, from now on."),
            offered=lambda _row: True,
            perform=_remove,
            asks_reason=False,
            about=_picture,
            gone=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("picture")

    @admin.display(description=gettext_lazy("picture"))
    def as_shown(self, row: Any) -> SafeString:
        return _picture(row)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.upload)
        return [path("upload/", view, name=self._url_name("upload")), *super().get_urls()]

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Asks for a picture (GET), then keeps it (POST)."""
        if request.method != "POST":
            return self._asked(request, ScreenshotForm(initial=request.GET.dict()))
        form = ScreenshotForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._asked(request, form)
        return once(request, lambda: self._kept(request, form))

    def _kept(self, request: HttpRequest, form: ScreenshotForm) -> str:
        if not isinstance(request.user, User):
            raise Http404
        said = form.cleaned_data
        row = keep_screenshot(
            step=PeeringStep(said["step"]),
            language=said["language"],
            caption=said["caption"],
            picture=said["picture"],
            by=request.user,
        )
        self.log_addition(request, row, f"{row.caption}, {row.width}×{row.height}")
        messages.success(request, _("The screenshot is shown from now on."))
        return reverse(f"admin:{self._url_name('change')}", args=[row.pk])

    def _asked(self, request: HttpRequest, form: ScreenshotForm) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "form": form,
            "title": _("Upload a screenshot"),
            "back": reverse(f"admin:{self._url_name('changelist')}"),
        }
        return TemplateResponse(request, "admin/screenshot_upload.html", context, status=422 if form.is_bound else 200)
