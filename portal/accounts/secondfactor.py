"""Whether a person has a second factor, and whether this session was opened with it."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from portal.accounts.models import User

#: Recovery codes alone are no second factor: they stand in for one of these.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_second_factor(user: User) -> bool:
    """Whether the person set up an authenticator app or a passkey."""
    return bool(is_mfa_enabled(user, FACTORS))


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether the signed-in person has used a second factor in this session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
