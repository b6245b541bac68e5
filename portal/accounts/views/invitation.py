"""The page behind the link of an invitation. Looking uses nothing up; only the button does."""

from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts import actions
from portal.accounts.forms import NewcomerForm
from portal.accounts.gate import public
from portal.accounts.models import Invitation, User
from portal.accounts.refusals import InvitationClosed
from portal.accounts.states import Role


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Shows who invites whom as what; the button makes the person a member.

    Whatever is wrong with the link (unknown, used, revoked, expired, for another person), the answer is one page.
    """
    offered = actions.open_invitation(token)
    if offered is None:
        sent_twice = request.method == "POST" and actions.has_joined(token, request.user)
        return redirect(settings.LOGIN_REDIRECT_URL) if sent_twice else _closed(request)
    try:
        if isinstance(request.user, User):
            return _for_member(request, offered, request.user)
        if actions.person_at(offered.email) is not None:
            return _sign_in_first(request, offered)
        return _for_newcomer(request, offered)
    except InvitationClosed:
        return _closed(request)


def _for_member(request: HttpRequest, offered: Invitation, user: User) -> HttpResponse:
    if actions.person_at(offered.email) != user:
        return _closed(request)
    if request.method != "POST":
        return render(request, "accounts/invitation.html", _about(offered))
    actions.join(invitation=offered, by=user)
    messages.success(request, _("You belong to %(organisation)s now.") % {"organisation": offered.organisation})
    return redirect(settings.LOGIN_REDIRECT_URL)


def _sign_in_first(request: HttpRequest, offered: Invitation) -> HttpResponse:
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.path})}"
    if request.method == "POST":
        return redirect(address)
    return render(request, "accounts/invitation.html", {**_about(offered), "sign_in_url": address})


def _for_newcomer(request: HttpRequest, offered: Invitation) -> HttpResponse:
    form = NewcomerForm(request.POST if request.method == "POST" else None, invitation=offered)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/invitation.html", {**_about(offered), "form": form}, status=status)
    user = actions.join_as_newcomer(
        invitation=offered, name=form.cleaned_data["name"], password=form.cleaned_data["password"]
    )
    login = Login(user=user, redirect_url=reverse("accounts:protect"))
    response: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    if request.user.is_authenticated:
        reauthenticate_by_password(request)  # just typed: setting up a second factor need not ask for it again
    return response


def _about(offered: Invitation) -> dict[str, object]:
    return {"invitation": offered, "role": Role(offered.role), "organisation": offered.organisation}


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/invitation_closed.html", status=404)
