"""Intervals, in seconds."""

from django.conf import settings


def poll_seconds() -> float:
    """How long to wait between two looks at work that AWS is doing."""
    return float(settings.WORKFLOW["poll"])


def backed_off(looks: int, *, first: float | None = None, most: float = 60.0) -> float:
    """Doubles from `first` (default: the poll interval) with each look, up to `most`."""
    start = poll_seconds() if first is None else first
    return float(min(start * 2 ** min(looks, 10), most))
