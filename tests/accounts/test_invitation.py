"""The page behind the link of an invitation."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.actions import invite, join_as_newcomer, revoke_invitation
from portal.accounts.models import Invitation, Membership, User
from portal.accounts.refusals import InvitationClosed
from portal.accounts.states import Role
from portal.workflows.models import Event, Letter
from tests.people import PASSWORD, People, make_user, sign_in

NEUTRAL = "This invitation cannot be used"
ADDRESS = "new@customer.example"


def _invited(people: People, email: str = ADDRESS, role: Role = Role.ADMIN) -> tuple[Invitation, str]:
    invitation = invite(organisation=people.organisation, email=email, role=role, by=people.owner.user)
    body = Letter.objects.get(to=email).body
    return invitation, re.search(r"(/people/invitation/[A-Za-z0-9_-]{43}/)", body).group(1)


def test_looking_shows_whom_and_what_and_uses_nothing_up(people: People, anonymous: Client) -> None:
    invitation, link = _invited(people)
    for method in (anonymous.get, anonymous.head, anonymous.get):
        answer = method(link)
        assert answer.status_code == 200
    page = answer.content.decode()
    assert "Analytical Engines" in page
    assert ADDRESS in page
    invitation.refresh_from_db()
    assert invitation.consumed_at is None
    assert not User.objects.filter(email=ADDRESS).exists()


def test_the_button_makes_the_person_and_signs_them_in(people: People, anonymous: Client) -> None:
    invitation, link = _invited(people)
    anonymous.get(link)
    before = anonymous.session.session_key

    answer = anonymous.post(link, {"name": "Ada", "password": "a long sentence about engines"})

    assert (answer.status_code, answer["Location"]) == (302, reverse("accounts:protect"))
    user = User.objects.get(email=ADDRESS)
    assert user.name == "Ada"
    assert user.check_password("a long sentence about engines")
    assert EmailAddress.objects.get(user=user).verified
    assert Membership.objects.get(user=user).role == "admin"
    invitation.refresh_from_db()
    assert invitation.consumed_at is not None
    assert anonymous.session["_auth_user_id"] == str(user.pk)
    assert anonymous.session.session_key != before
    assert Event.objects.filter(code="people.joined", actor=ADDRESS).count() == 1
    assert "Protect your account" in anonymous.get(answer["Location"]).content.decode()


def test_the_role_and_the_address_come_from_the_row(people: People, anonymous: Client) -> None:
    _invitation, link = _invited(people, role=Role.VIEWER)
    anonymous.post(
        link, {"name": "", "password": "a long sentence about engines", "role": "owner", "email": "evil@x.example"}
    )
    assert Membership.objects.get(user__email=ADDRESS).role == "viewer"
    assert not User.objects.filter(email="evil@x.example").exists()


@pytest.mark.parametrize("password", ["", "short", "password1234", "new@customer.example"])
def test_a_weak_password_comes_back_and_uses_nothing_up(people: People, anonymous: Client, password: str) -> None:
    invitation, link = _invited(people)
    answer = anonymous.post(link, {"name": "Ada", "password": password})
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    invitation.refresh_from_db()
    assert invitation.is_open
    assert not User.objects.filter(email=ADDRESS).exists()


def _spoil_expired(invitation: Invitation, people: People) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def _spoil_used(invitation: Invitation, people: People) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(consumed_at=timezone.now())


def _spoil_revoked(invitation: Invitation, people: People) -> None:
    revoke_invitation(invitation=invitation, by=people.owner.user)


@pytest.mark.parametrize("spoil", [_spoil_expired, _spoil_used, _spoil_revoked])
def test_every_closed_invitation_gets_the_one_neutral_page(people: People, anonymous: Client, spoil) -> None:
    invitation, link = _invited(people)
    spoil(invitation, people)
    made_up = anonymous.get(reverse("accounts:invitation", args=["x" * 43]))
    for answer in (anonymous.get(link), anonymous.post(link, {"password": "a long sentence about engines"})):
        assert answer.status_code == made_up.status_code == 404
        assert NEUTRAL in answer.content.decode()
        assert "Analytical Engines" not in answer.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()


def test_a_truncated_token_gets_it_too(people: People, anonymous: Client) -> None:
    _invitation, link = _invited(people)
    answer = anonymous.get(link[:-2] + "/")
    assert answer.status_code == 404
    assert NEUTRAL in answer.content.decode()


def test_another_signed_in_person_gets_it_and_uses_nothing_up(people: People) -> None:
    invitation, link = _invited(people)
    for person in (people.stranger, people.colleague):
        for answer in (person.get(link), person.post(link, {"password": "a long sentence about engines"})):
            assert answer.status_code == 404
            assert NEUTRAL in answer.content.decode()
    invitation.refresh_from_db()
    assert invitation.is_open


def test_who_has_an_account_signs_in_first_and_then_joins(people: People, anonymous: Client) -> None:
    guest = make_user("guest@customer.example")
    invitation, link = _invited(people, "guest@customer.example", Role.VIEWER)

    page = anonymous.get(link).content.decode()
    assert "has an account here" in page
    assert 'type="password"' not in page
    answer = anonymous.post(link, {"password": "a long sentence about engines"})
    assert answer["Location"].startswith(reverse("account_login"))
    guest.refresh_from_db()
    assert guest.check_password(PASSWORD)
    invitation.refresh_from_db()
    assert invitation.is_open

    signed_in = sign_in(guest)
    assert "Join Analytical Engines" in signed_in.get(link).content.decode()
    first, again = signed_in.post(link), signed_in.post(link)
    assert first.status_code == again.status_code == 302
    assert Membership.objects.get(user=guest).role == "viewer"
    assert NEUTRAL in signed_in.get(link).content.decode()


def test_two_people_at_once_with_one_link_make_one_account(people: People) -> None:
    invitation, _link = _invited(people)
    join_as_newcomer(invitation=invitation, name="", password="a long sentence about engines")
    with pytest.raises(InvitationClosed):
        join_as_newcomer(invitation=invitation, name="", password="another long sentence")
    assert User.objects.filter(email=ADDRESS).count() == 1


def test_the_letter_says_what_it_is_about_as_plain_text(people: People) -> None:
    people.organisation.name = 'O\'Neil & "Sons" {{7*7}}'
    people.organisation.save()
    _invited(people)
    letter = Letter.objects.get()
    assert 'O\'Neil & "Sons" {{7*7}}' in letter.body
    assert "as Admin" in letter.body
    assert "UTC" in letter.body
