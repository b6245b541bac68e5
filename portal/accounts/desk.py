"""The support desk: Django's admin, opened to staff with a second factor, showing our own models only.

`AccountsConfig.ready` names `SupportDesk` as the admin's site before anybody asks for it.
"""

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from portal.accounts.models import User
from portal.accounts.queues import waiting
from portal.accounts.readonly import ReadOnlyAdmin
from portal.accounts.secondfactor import confirmation, has_second_factor, passed_second_factor, secured

#: Where a request remembers whether the desk is open to it.
_OPEN = "desk_is_open"


class SupportDesk(AdminSite):
    """Everything to look at, nothing to edit; buttons call actions.

    Only admins derived from `ReadOnlyAdmin` are registered. Those of the frameworks are left out: the queue's could
    run any dotted path, allauth's could make an address count as proven.
    """

    site_title = _("Support desk")
    site_header = _("Support desk")
    index_title = _("Support desk")
    enable_nav_sidebar = True

    def register(
        self, model_or_iterable: Any, admin_class: "type[ModelAdmin[Any]] | None" = None, **options: Any
    ) -> None:
        if admin_class is not None and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff whose session was opened or confirmed with a second factor that they still have.

        Asked for every model of a page, looked up once for a request.
        """
        known: bool | None = getattr(request, _OPEN, None)
        if known is None:
            known = super().has_permission(request) and secured(request)
            setattr(request, _OPEN, known)
        return known

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sends each to what is missing: to sign-in, to set up a second factor, or to use it now."""
        return _missing(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The desk's first page opens with who waits for whom."""
        return super().index(request, {**(extra_context or {}), "queues": waiting()})

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """allauth's page, which asks for a recent sign-in."""
        return redirect("account_change_password")


@never_cache
def _missing(request: HttpRequest) -> HttpResponse:
    wanted = _wanted(request)
    user = request.user
    if not isinstance(user, User):
        return redirect(f"{resolve_url('account_login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
    if not user.is_staff:
        return render(request, "404.html", status=404)
    if not has_second_factor(user):
        return render(request, "accounts/staff_second_factor.html", status=403)
    if not passed_second_factor(request):
        return redirect(f"{resolve_url(confirmation(user))}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
    return redirect(wanted)


def _wanted(request: HttpRequest) -> str:
    """Where the person was going inside the desk; never another host, never back to the login page."""
    asked = request.GET.get(REDIRECT_FIELD_NAME, "")
    desk = reverse("admin:index")
    inside = asked.startswith(desk) and not asked.startswith(reverse("admin:login"))
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if inside and safe else desk
