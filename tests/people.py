"""People for tests, and what belongs to them. Everybody's address ends in `.example`."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import update_last_login
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client

from onboarding.models import Deployment
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.states import Role
from portal.aws.models import Connection

PASSWORD = "correct-horse-battery-9"


@dataclass(frozen=True)
class Person:
    """A user and a test client in which they are signed in (nobody, where `user` is None)."""

    user: User | None
    client: Client

    def get(self, path: str, **more: Any) -> HttpResponse:
        return self.client.get(path, **more)

    def post(self, path: str, data: Any = None, **more: Any) -> HttpResponse:
        return self.client.post(path, data or {}, **more)


@dataclass(frozen=True)
class People:
    """One organisation's people, somebody of another organisation, the vendor's staff, and nobody."""

    organisation: Organisation
    elsewhere: Organisation
    owner: Person
    admin: Person
    colleague: Person
    stranger: Person
    staff: Person
    anonymous: Person

    @property
    def viewer(self) -> Person:
        """The colleague, by their role's name."""
        return self.colleague


def make_user(email: str, *, name: str = "", password: str = PASSWORD, **extra: Any) -> User:
    """A person who has proven their address."""
    user = User.objects.create_user(email, password, name=name, **extra)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_staff(email: str, *, name: str = "Support") -> User:
    """One of the vendor's staff, with a TOTP device."""
    user = make_user(email, name=name, is_staff=True, is_superuser=True)
    TOTP.activate(user, generate_totp_secret())
    return user


def make_organisation(name: str) -> Organisation:
    return Organisation.objects.create(name=name)


def join(user: User, organisation: Organisation, role: Role) -> Membership:
    return Membership.objects.create(user=user, organisation=organisation, role=role)


def sign_in(user: User, *, mfa: bool = False, client: Client | None = None) -> Client:
    """A client with a session as it is right after signing in, with a second factor when `mfa`."""
    records: list[dict[str, Any]] = [{"method": "password", "at": time.time(), "email": user.email}]
    if mfa:
        records.append({"method": "mfa", "at": time.time(), "type": "totp"})
    session = _fresh_session(user) if client is None else _entered(client, user)
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    client = client or Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def _fresh_session(user: User) -> SessionBase:
    """What Django's `login` leaves in the session of a browser that had none, written once instead of four times."""
    update_last_login(None, user)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    return session


def _entered(client: Client, user: User) -> SessionBase:
    """The session of a client that may have been somebody else's."""
    client.force_login(user)
    return client.session


def make_people(organisation: Organisation | None = None) -> People:
    """Everybody, signed in; the addresses are fresh, so it may be called more than once in a test."""
    home = organisation or make_organisation("Analytical Engines")
    elsewhere = make_organisation("Difference Engines")
    mark = secrets.token_hex(3)

    def member(word: str, of: Organisation, role: Role) -> Person:
        user = make_user(f"{word}-{mark}@customer.example", name=word.capitalize())
        join(user, of, role)
        return Person(user, sign_in(user))

    staff = make_staff(f"staff-{mark}@vendor.example")
    return People(
        organisation=home,
        elsewhere=elsewhere,
        owner=member("owner", home, Role.OWNER),
        admin=member("admin", home, Role.ADMIN),
        colleague=member("colleague", home, Role.VIEWER),
        stranger=member("stranger", elsewhere, Role.OWNER),
        staff=Person(staff, sign_in(staff, mfa=True)),
        anonymous=Person(None, Client()),
    )


def fresh_account_id() -> str:
    """A 12-digit account id that no other test uses, so that tests can share an emulator."""
    return str(500_000_000_000 + secrets.randbelow(400_000_000_000))


def make_connection(organisation: Organisation, account_id: str | None = None, **fields: Any) -> Connection:
    """An unproven link to an account."""
    return Connection.objects.create(organisation=organisation, account_id=account_id or fresh_account_id(), **fields)


def make_deployment(organisation: Organisation, name: str = "", **fields: Any) -> Deployment:
    """A deployment that stands at its first step."""
    return Deployment.objects.create(
        organisation=organisation, name=name or f"analytics {secrets.token_hex(3)}", **fields
    )
