"""Everything that is written about people: invitations, memberships, profiles."""

import secrets
from hashlib import sha256

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.accounts import ports
from portal.accounts.models import Invitation, Membership, Organisation, User
from portal.accounts.refusals import ActionRefused, InvitationClosed
from portal.accounts.states import Role


def token_hash(token: str) -> str:
    """SHA-256 of an invitation's token, as it is stored."""
    return sha256(token.encode()).hexdigest()


def person_at(email: str) -> User | None:
    """Who has proven this address, or has it as the name of their account."""
    proven = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    return proven.user if proven else User.objects.filter(email=email).first()


@transaction.atomic
def invite(*, organisation: Organisation, email: str, role: Role, by: User, language: str = "") -> Invitation:
    """Offers `role` to the canonical address `email` and writes it a letter with the link, in `language`.

    The link works once and for 72 hours; an older open offer to the same address is taken back. Only the SHA-256 of
    the token is kept. Raises ActionRefused when the address belongs to a member already.
    """
    person = person_at(email)
    if person and Membership.objects.filter(organisation=organisation, user=person).exists():
        raise ActionRefused(
            _("%(email)s belongs to %(organisation)s already. Change the role in the list instead.")
            % {"email": email, "organisation": organisation}
        )
    _open_invitations(organisation).filter(email=email).update(revoked_at=timezone.now())
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation, email=email, role=role, token_hash=token_hash(token), invited_by=by
    )
    _write_invitation(invitation, token, language or translation.get_language() or settings.LANGUAGE_CODE)
    ports.tell(
        "people.invited",
        lambda: _("%(by)s invited %(email)s as %(role)s.") % {"by": by.email, "email": email, "role": Role(role).label},
        organisation=organisation,
        subject_id=invitation.pk,
        by=by,
    )
    return invitation


def _open_invitations(organisation: Organisation) -> models.QuerySet[Invitation]:
    return Invitation.objects.filter(organisation=organisation, consumed_at=None, revoked_at=None)


def _write_invitation(invitation: Invitation, token: str, language: str) -> None:
    with translation.override(language):
        about = {
            "invitation": invitation,
            "vendor_name": settings.VENDOR_NAME,
            "url": settings.PORTAL_BASE_URL + reverse("accounts:invitation", args=[token]),
        }
        ports.write_letter(
            key=f"invitation:{invitation.pk}",
            to=invitation.email,
            subject=_("Invitation to %(organisation)s") % {"organisation": invitation.organisation},
            body=render_to_string("accounts/invitation_letter.txt", about),
        )


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> None:
    """Takes an open invitation back. One that is no longer open stays as it is."""
    taken = Invitation.objects.filter(pk=invitation.pk, consumed_at=None, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    if taken:
        ports.tell(
            "people.invitation_revoked",
            lambda: _("%(by)s took back the invitation of %(email)s.") % {"by": by.email, "email": invitation.email},
            organisation=invitation.organisation,
            subject_id=invitation.pk,
            by=by,
        )


def open_invitation(token: str) -> Invitation | None:
    """The invitation that this token opens now, or None for whatever reason."""
    found = Invitation.objects.select_related("organisation").filter(token_hash=token_hash(token)).first()
    return found if found and found.is_open else None


def has_joined(token: str, user: User | AnonymousUser) -> bool:
    """Whether this very person used the token up: a double click, or "back" and sent again."""
    used = Invitation.objects.filter(token_hash=token_hash(token), consumed_at__isnull=False).first()
    return used is not None and user.is_authenticated and person_at(used.email) == user


@transaction.atomic
def join_as_newcomer(*, invitation: Invitation, name: str, password: str) -> User:
    """Uses the invitation up and makes the person it was sent to, a member with the role in the row.

    Following the mailed link proves the address. Raises InvitationClosed when the invitation was used, revoked or
    expired in the meantime, or somebody has the address by now.
    """
    _consume(invitation)
    try:
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, password, name=name)
    except IntegrityError as taken:
        raise InvitationClosed from taken
    return _join(invitation, user)


@transaction.atomic
def join(*, invitation: Invitation, by: User) -> User:
    """Uses the invitation up for a person who has an account already. Raises InvitationClosed also when the
    invitation is for somebody else.
    """
    if person_at(invitation.email) != by or not by.is_active:
        raise InvitationClosed
    _consume(invitation)
    return _join(invitation, by)


def _consume(invitation: Invitation) -> None:
    """Conditional, so that of two posts at the same moment one finds nothing left to use."""
    now = timezone.now()
    used = Invitation.objects.filter(pk=invitation.pk, consumed_at=None, revoked_at=None, expires_at__gt=now).update(
        consumed_at=now
    )
    if not used:
        raise InvitationClosed


def _join(invitation: Invitation, user: User) -> User:
    """Membership with the row's role; who is a member by now keeps the role they have."""
    address, _made = EmailAddress.objects.get_or_create(
        user=user, email=invitation.email, defaults={"primary": user.email == invitation.email, "verified": True}
    )
    if not address.verified:
        address.verified = True
        address.save(update_fields=["verified"])
    Membership.objects.get_or_create(
        organisation=invitation.organisation, user=user, defaults={"role": invitation.role}
    )
    ports.tell(
        "people.joined",
        lambda: _("%(person)s joined as %(role)s.") % {"person": user.email, "role": Role(invitation.role).label},
        organisation=invitation.organisation,
        subject_id=invitation.pk,
        by=user,
    )
    return user


@transaction.atomic
def change_role(*, membership: Membership, role: Role, by: User) -> None:
    """Gives a member another role. Raises ActionRefused for the last owner."""
    current = _locked(membership)
    if current.role == role:
        return
    _keep_an_owner(current)
    current.role = role
    current.save(update_fields=["role"])
    ports.tell(
        "people.role_changed",
        lambda: (
            _("%(by)s made %(person)s %(role)s.")
            % {"by": by.email, "person": current.user.email, "role": Role(role).label}
        ),
        organisation=current.organisation,
        subject_id=current.organisation.pk,
        by=by,
    )


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """Takes a member out of the organisation; their account stays. Raises ActionRefused for the last owner."""
    current = _locked(membership)
    _keep_an_owner(current)
    person = current.user.email
    current.delete()
    ports.tell(
        "people.removed",
        lambda: _("%(by)s removed %(person)s.") % {"by": by.email, "person": person},
        organisation=membership.organisation,
        subject_id=membership.organisation.pk,
        by=by,
    )


def _locked(membership: Membership) -> Membership:
    """The membership as it is now, with its organisation locked: two owners who demote each other queue up here."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    current = Membership.objects.select_related("user", "organisation").filter(pk=membership.pk).first()
    if current is None:
        raise ActionRefused(_("This person is no longer a member."))
    return current


def _keep_an_owner(leaving: Membership) -> None:
    others = Membership.objects.filter(organisation=leaving.organisation, role=Role.OWNER).exclude(pk=leaving.pk)
    if leaving.role == Role.OWNER and not others.exists():
        raise ActionRefused(
            _("%(person)s is the last owner of %(organisation)s. Make somebody else an owner first.")
            % {"person": leaving.user.email, "organisation": leaving.organisation}
        )


@transaction.atomic
def save_profile(*, user: User, name: str, language: str, time_zone: str, by: User) -> None:
    """Stores how a person is called and how they read. Only the person themselves: raises ActionRefused."""
    if user != by:
        raise ActionRefused(_("A profile is changed by its owner alone."))
    User.objects.filter(pk=user.pk).update(name=name, language=language, time_zone=time_zone)
