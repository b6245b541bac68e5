"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """The vendor's name and whether this is the demo."""
    return {
        "vendor_name": settings.VENDOR_NAME,
        "is_demo": settings.MODE == "demo",
        "portal_mode": settings.MODE,
    }
