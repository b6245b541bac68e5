"""Whether a person has a second factor, and whether this session was opened with it."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from portal.accounts.models import User

#: Recovery codes alone are no second factor: they stand in for one of these.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def secured(request: HttpRequest) -> bool:
    """Whether the signed-in person has a second factor and has used it in this session."""
    return isinstance(request.user, User) and passed_second_factor(request) and has_second_factor(request.user)


def has_second_factor(user: User) -> bool:
    """Whether the person set up an authenticator app or a passkey."""
    return bool(is_mfa_enabled(user, FACTORS))


def confirmation(user: User) -> str:
    """The name of the page on which this person uses their second factor now."""
    if is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        return "mfa_reauthenticate"
    return "mfa_reauthenticate_webauthn"


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether the signed-in person has used a second factor in this session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
