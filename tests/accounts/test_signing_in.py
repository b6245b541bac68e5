"""Signing in by allauth with our people: passwords, second factors, recovery codes, sessions, resets."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from tests.people import PASSWORD, People, make_user, sign_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def _code(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def _sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def _user_of(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def _confirmed(client: Client) -> Client:
    """The client after its person typed the password once more, as every change of how one signs in asks for."""
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.mark.parametrize("typed", ["ada@customer.example", "ADA@Customer.Example"])
def test_a_person_signs_in_whatever_the_case_of_the_address(db: None, typed: str) -> None:
    user, client = make_user("ada@customer.example"), Client()
    client.get(reverse("account_login"))
    before = client.session.session_key
    answer = _sign_in(client, typed)
    assert answer.status_code == 302
    assert _user_of(client) == str(user.pk)
    assert client.session.session_key != before


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(db: None) -> None:
    make_user("ada@customer.example")
    answers = [
        _sign_in(Client(), email, "not the password").content.decode()
        for email in ("ada@customer.example", "eve@customer.example")
    ]
    sentences = [re.search(r"The email address and/or password[^<]*", page).group() for page in answers]
    assert sentences[0] == sentences[1]


def test_an_unproven_address_does_not_sign_in(db: None) -> None:
    user = make_user("ada@customer.example")
    EmailAddress.objects.filter(user=user).update(verified=False)
    client = Client()
    answer = _sign_in(client, user.email)
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert _user_of(client) is None


def test_nobody_signs_up_without_an_invitation(db: None, anonymous: Client) -> None:
    page = anonymous.get(reverse("account_signup"))
    anonymous.post(reverse("account_signup"), {"email": "eve@customer.example", "password1": "a long sentence here"})
    assert page.status_code == 200
    assert 'name="password1"' not in page.content.decode()
    assert not User.objects.filter(email="eve@customer.example").exists()


def test_an_authenticator_app_is_set_up_and_then_asked_for(people: People) -> None:
    person, user = _confirmed(people.owner.client), people.owner.user
    page = person.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'value="([A-Z2-7]{32})"', page).group(1)
    answer = person.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert "data:image/svg+xml;base64," in page
    assert Authenticator.objects.filter(user=user, type="totp").count() == 1
    codes = person.get(answer["Location"]).content.decode()
    assert RecoveryCodes(Authenticator.objects.get(user=user, type="recovery_codes")).get_unused_codes()[0] in codes

    client = Client()
    assert _sign_in(client, user.email)["Location"] == reverse("mfa_authenticate")
    assert _user_of(client) is None


def test_a_code_completes_the_sign_in_and_a_wrong_one_does_not(db: None) -> None:
    user, client = make_user("ada@customer.example"), Client()
    TOTP.activate(user, SECRET)
    _sign_in(client, user.email)
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert _user_of(client) is None
    client.post(reverse("mfa_authenticate"), {"code": _code(SECRET)})
    assert _user_of(client) == str(user.pk)


def test_a_recovery_code_works_once(db: None) -> None:
    user = make_user("ada@customer.example")
    TOTP.activate(user, SECRET)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    for expected in (str(user.pk), None):
        client = Client()
        _sign_in(client, user.email)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert _user_of(client) == expected


def test_a_passkey_can_be_added_and_is_offered_at_sign_in(people: People, anonymous: Client) -> None:
    page = _confirmed(people.owner.client).get(reverse("mfa_add_webauthn")).content.decode()
    assert '"challenge"' in page
    assert "mfa/js/webauthn.js" in page
    login = anonymous.get(reverse("account_login")).content.decode()
    assert 'id="passkey_login"' in login
    options = anonymous.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"})
    assert options.json()["request_options"]["publicKey"]["challenge"]


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_change_password",
        "account_email",
        "usersessions_list",
    ],
)
def test_the_account_pages_open_and_hold_no_inline_code(people: People, name: str) -> None:
    answer = _confirmed(people.owner.client).get(reverse(name))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert not re.search(r"<[^>]+\son[a-z]+=", page)
    assert not re.search(r"<[^>]+\sstyle=", page)
    scripts = re.findall(r"<script([^>]*)>([^<]*)", page)
    assert all("src=" in attributes or "json" in attributes for attributes, _code in scripts)


def test_other_sessions_are_listed_and_can_be_ended(people: People) -> None:
    user = people.owner.user
    other = Client()
    _sign_in(other, user.email)
    mine = Client()
    _sign_in(mine, user.email)
    assert UserSession.objects.filter(user=user).count() >= 2
    assert mine.get(reverse("usersessions_list")).status_code == 200
    mine.post(reverse("usersessions_list"))
    assert other.get(reverse("accounts:profile")).status_code == 302
    assert mine.get(reverse("accounts:profile")).status_code == 200


def test_a_reset_answers_identically_for_known_and_unknown_addresses(db: None) -> None:
    make_user("ada@customer.example")
    answers = []
    for email in ("ada@customer.example", "eve@customer.example"):
        client = Client()
        answer = client.post(reverse("account_reset_password"), {"email": email})
        page = client.get(answer["Location"]).content.decode()
        answers.append((answer.status_code, answer["Location"], re.sub(r'[A-Za-z0-9]{64}|nonce="[^"]*"', "", page)))
    assert answers[0] == answers[1]
    assert len(mail.outbox) == 2
    assert "/account/password/reset/key/" in mail.outbox[0].body
    assert "/account/password/reset/key/" not in mail.outbox[1].body


def test_changing_how_one_signs_in_asks_for_the_password_again(people: People) -> None:
    answer = sign_in(people.owner.user).get(reverse("mfa_activate_totp"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert _confirmed(people.owner.client).get(reverse("mfa_activate_totp")).status_code == 200
