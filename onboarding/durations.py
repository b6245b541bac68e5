"""Durations in words, short: «42 s», «3 min 20 s», «1 h 5 min»."""

from datetime import timedelta

from django.utils.translation import gettext as _


def short(duration: timedelta) -> str:
    """The two largest units; anything below zero is zero."""
    seconds = max(0, int(duration.total_seconds()))
    if seconds < 60:
        return _("%(seconds)d s") % {"seconds": seconds}
    if seconds < 3600:
        words = {"minutes": seconds // 60, "seconds": seconds % 60}
        return _("%(minutes)d min %(seconds)d s") % words if words["seconds"] else _("%(minutes)d min") % words
    return _("%(hours)d h %(minutes)d min") % {"hours": seconds // 3600, "minutes": seconds % 3600 // 60}
