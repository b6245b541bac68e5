"""The sign-in code that an authenticator app would show (TOTP, RFC 6238)."""

import time
from dataclasses import dataclass

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value


@dataclass(frozen=True)
class CurrentCode:
    """A code and the whole seconds for which the authenticator would go on showing it."""

    code: str
    seconds_left: int


def current_code(secret: str, at: float | None = None) -> CurrentCode:
    """The code of a base32 secret `at` seconds since the epoch, now by default."""
    moment = time.time() if at is None else at
    period: int = app_settings.TOTP_PERIOD
    counter = int(moment // period)
    return CurrentCode(format_hotp_value(hotp_value(secret, counter)), int((counter + 1) * period - moment))
