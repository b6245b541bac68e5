"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.accounts.middleware import request_id


def portal(request: HttpRequest) -> dict[str, Any]:
    """The vendor's name, whether this is the demo, and the id to quote when something broke."""
    return {
        "vendor_name": settings.VENDOR_NAME,
        "is_demo": settings.MODE == "demo",
        "portal_mode": settings.MODE,
        "request_id": request_id(),
    }
