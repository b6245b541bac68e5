"""What the environment must give, read strictly: production starts only with values of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

#: `smtp://`, `smtp+tls://` and `smtp+ssl://`: the only kinds of EMAIL_URL that reach anybody.
SMTP = "django.core.mail.backends.smtp.EmailBackend"
MAIL_SHAPE = "Its shape is smtp+tls://USER:PASSWORD@HOST:587"
#: Characters of SECRET_KEY, as Django's own check asks (security.W009).
KEY_LENGTH = 50


@dataclass(frozen=True)
class Required:
    """The variables that production must set. `stand_ins` are what serves elsewhere: name → the demo's value."""

    environ: environ.Env
    production: bool
    stand_ins: Mapping[str, str]

    def __call__(self, name: str) -> str:
        """The value of `name`. Raises ImproperlyConfigured, naming it, where production has none of its own."""
        value = str(self.environ.str(name, ""))
        if not self.production:
            return value or self.stand_ins[name]
        if not value:
            raise ImproperlyConfigured(f"{name} is not set. Production starts only with a value of its own.")
        if value == self.stand_ins[name]:
            raise ImproperlyConfigured(f"{name} is the demo's value. Production starts only with a value of its own.")
        return value


def mailer(url: str) -> dict[str, Any]:
    """EMAIL_URL as an entry of Django's MAILERS. Raises ImproperlyConfigured for what is no address of a mail server.

    Shape: `smtp[+tls|+ssl]://USER:PASSWORD@HOST:PORT`, user and password percent-encoded; `+tls` is STARTTLS.
    """
    try:
        read = environ.Env.email_url_config(url)
    except (ImproperlyConfigured, ValueError):
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read. Its shape is smtp+tls://USER:PASSWORD@HOST:587."
        ) from None
    if read["EMAIL_BACKEND"] != SMTP:
        return {"BACKEND": read["EMAIL_BACKEND"]}
    options = {
        "host": read["EMAIL_HOST"],
        "port": read["EMAIL_PORT"],
        "username": read["EMAIL_HOST_USER"],
        "password": read["EMAIL_HOST_PASSWORD"],
        "use_tls": read.get("EMAIL_USE_TLS"),
        "use_ssl": read.get("EMAIL_USE_SSL"),
        # A mail server that does not answer must not hold the worker for ever.
        "timeout": 20,
    }
    return {"BACKEND": SMTP, "OPTIONS": {name: value for name, value in options.items() if value not in (None, "")}}


def refuse_unfit(*, secret_key: str, hosts: list[str], base_url: str, vendor: str, mail: Mapping[str, Any]) -> None:
    """Raises ImproperlyConfigured, naming the variable, for values that production cannot serve with."""
    parts = urlsplit(base_url)
    vain = mail["BACKEND"] != SMTP or not mail["OPTIONS"].get("host")
    for name, wrong, why in (
        ("SECRET_KEY", len(secret_key) < KEY_LENGTH, f"is shorter than {KEY_LENGTH} characters"),
        ("ALLOWED_HOSTS", any("*" in host or not host for host in hosts), "must name exact hosts, without *"),
        ("PORTAL_BASE_URL", parts.scheme != "https" or not parts.hostname, "must begin with https:// and a host"),
        ("PORTAL_BASE_URL", not validate_host(parts.hostname or "", hosts), "has a host that ALLOWED_HOSTS lacks"),
        ("VENDOR_ACCOUNT_ID", not (len(vendor) == 12 and vendor.isascii() and vendor.isdigit()), "has not 12 digits"),
        ("EMAIL_URL", vain, f"does not name a mail server. {MAIL_SHAPE}"),
    ):
        if wrong:
            raise ImproperlyConfigured(f"{name} {why}.")
