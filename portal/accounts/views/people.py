"""Who belongs to an organisation: the list for every member, the decisions for owners."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from allauth.core.internal.ratelimit import consume
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts import actions
from portal.accounts.formkeys import once
from portal.accounts.forms import InviteForm, RoleForm
from portal.accounts.gate import Request, opens, signed_in
from portal.accounts.models import Invitation, Membership, Organisation
from portal.accounts.refusals import ActionRefused
from portal.accounts.secondfactor import has_second_factor
from portal.accounts.states import Role

#: Invitations that one person may send, in allauth's notation: amount/duration/per.
RATES = {"invite": "60/h/user"}
#: Members on one page.
PER_PAGE = 100


@dataclass(frozen=True)
class Problem:
    """Why a member's row could not be changed, shown in that row."""

    member: UUID
    sentence: str


@signed_in
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The organisations of the person; with one there is nothing to choose."""
    organisations = list(Organisation.objects.visible_to(request.user)[:200])
    if len(organisations) == 1:
        return redirect("accounts:members", organisations[0].pk)
    return render(request, "accounts/people.html", {"organisations": organisations})


@opens(Organisation)
@require_safe
def members(request: Request, organisation: Organisation) -> HttpResponse:
    """Members and open invitations."""
    return _page(request, organisation, InviteForm())


@opens(Organisation, role=Role.OWNER)
@require_POST
def invite(request: Request, organisation: Organisation) -> HttpResponse:
    """Sends an invitation."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, form, status=422)
    wanted = form.cleaned_data

    if not consume(request, app="people", action="invite", config=RATES):
        form.add_error("email", _("You sent many invitations in a short time. Wait an hour, then go on."))
        return _page(request, organisation, form, status=429)

    def act() -> str:
        actions.invite(organisation=organisation, email=wanted["email"], role=Role(wanted["role"]), by=request.user)
        messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": wanted["email"]})
        return _address(organisation)

    try:
        return once(request, act)
    except ActionRefused as refused:
        form.add_error("email", str(refused))
        return _page(request, organisation, form, status=422)


@opens(Invitation, role=Role.OWNER)
@require_POST
def revoke(request: Request, invitation: Invitation) -> HttpResponse:
    """Takes an invitation back."""

    def act() -> str:
        actions.revoke_invitation(invitation=invitation, by=request.user)
        messages.success(request, _("The invitation of %(email)s no longer works.") % {"email": invitation.email})
        return _address(invitation.organisation)

    return once(request, act)


@opens(Organisation, role=Role.OWNER)
@require_POST
def change_role(request: Request, organisation: Organisation, user_id: UUID) -> HttpResponse:
    """Gives a member another role."""
    membership = get_object_or_404(Membership, organisation=organisation, user=user_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        problem = Problem(user_id, " ".join(map(str, form.errors["role"])))
        return _page(request, organisation, InviteForm(), problem=problem, status=422)
    role = Role(form.cleaned_data["role"])
    return _decide(request, membership, lambda: actions.change_role(membership=membership, role=role, by=request.user))


@opens(Organisation, role=Role.OWNER)
@require_POST
def remove(request: Request, organisation: Organisation, user_id: UUID) -> HttpResponse:
    """Takes a member out of the organisation."""
    membership = get_object_or_404(Membership, organisation=organisation, user=user_id)
    return _decide(request, membership, lambda: actions.remove_member(membership=membership, by=request.user))


def _decide(request: Request, membership: Membership, decide: Callable[[], None]) -> HttpResponse:
    organisation = membership.organisation

    def act() -> str:
        decide()
        messages.success(request, _("Saved."))
        return reverse("accounts:people") if membership.user == request.user else _address(organisation)

    try:
        return once(request, act)
    except ActionRefused as refused:
        problem = Problem(membership.user_id, str(refused))
        return _page(request, organisation, InviteForm(), problem=problem, status=422)


def _address(organisation: Organisation) -> str:
    return reverse("accounts:members", args=[organisation.pk])


def _memberships(organisation: Organisation) -> QuerySet[Membership]:
    return Membership.objects.filter(organisation=organisation).select_related("user").order_by("user__email")


def _page(
    request: Request,
    organisation: Organisation,
    form: InviteForm,
    *,
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    about = {
        "organisation": organisation,
        "memberships": Paginator(_memberships(organisation), PER_PAGE).get_page(request.GET.get("page")),
        "invitations": [
            invitation
            for invitation in Invitation.objects.filter(
                organisation=organisation, consumed_at=None, revoked_at=None
            ).select_related("invited_by")[:200]
            if invitation.is_open
        ],
        "decides": Role(request.membership.role).covers(Role.OWNER),
        "roles": Role.choices,
        "form": form,
        "problem": problem,
        "second_factor": has_second_factor(request.user),
    }
    return render(request, "accounts/members.html", about, status=status)
