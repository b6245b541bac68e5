"""What a person says about themselves, and how they protect their account."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts import actions
from portal.accounts.formkeys import once
from portal.accounts.forms import ProfileForm
from portal.accounts.gate import Request, signed_in
from portal.accounts.secondfactor import has_second_factor


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    """Name, language and time zone."""
    user = request.user
    kept = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=kept)
    if not form.is_valid():
        about = {"form": form, "second_factor": has_second_factor(user)}
        return render(request, "accounts/profile.html", about, status=422 if form.is_bound else 200)

    def act() -> str:
        actions.save_profile(user=user, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return reverse("accounts:profile")

    response = once(request, act)
    if response.status_code == 302:
        _remember_language(response, form.cleaned_data["language"])
    return response


def _remember_language(response: HttpResponse, language: str) -> None:
    """The cookie decides before the profile does (the switch in the header sets it), so the two are kept equal."""
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)


@signed_in
@require_safe
def protect(request: Request) -> HttpResponse:
    """The suggestion to add a second factor; who has one is sent on."""
    if has_second_factor(request.user):
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/protect.html", {"home": settings.LOGIN_REDIRECT_URL})
