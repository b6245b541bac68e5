"""The bootstrap's version, and the address under which one rendering of it stays for ever.

The address carries version and hash, so it can never come to mean something else: a changed body has another address.
"""

import hashlib
from typing import Final

from onboarding.bootstrap.cloudformation import bootstrap_template
from onboarding.bootstrap.constants import PRODUCTION_VENDOR, TEMPLATE_VERSION

__all__ = ["SHOWN", "TEMPLATE_VERSION", "digest", "fingerprint", "template_path", "template_url"]

SHOWN: Final = 16
"""How many characters of the hash stand in the address; the whole hash stands beside the link."""


def fingerprint(profile: str, *, vendor_account_id: str = PRODUCTION_VENDOR) -> str:
    """SHA-256 of the template's body in hexadecimal: what the customer compares with `sha256sum`."""
    return digest(bootstrap_template(profile, vendor_account_id=vendor_account_id))


def digest(body: str) -> str:
    """SHA-256 of a template's body in hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()


def template_path(profile: str, *, vendor_account_id: str = PRODUCTION_VENDOR) -> str:
    """The object's path in the vendor's bucket: `bootstrap/v1/seed-0123456789abcdef.json`."""
    mark = fingerprint(profile, vendor_account_id=vendor_account_id)[:SHOWN]
    return f"bootstrap/v{TEMPLATE_VERSION}/{profile}-{mark}.json"


def template_url(base: str, profile: str, *, vendor_account_id: str = PRODUCTION_VENDOR) -> str:
    """The immutable address under `base` (`https://bucket.s3.us-east-1.amazonaws.com`), with or without a slash."""
    return f"{base.rstrip('/')}/{template_path(profile, vendor_account_id=vendor_account_id)}"
