"""What is due now and then: deleting what would grow for ever, and what apps above register."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

import structlog
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models.functions import Now
from django.utils import timezone

from portal.accounts.models import FormKey
from portal.workflows.models import Heartbeat

log = structlog.get_logger(__name__)

#: How long the key of a posted form is remembered. A form's CSRF token ends with the session, after 12 hours, so an
#: older form is refused before its key is asked for.
REMEMBERED = timedelta(hours=48)


@dataclass(frozen=True)
class Chore:
    """Something done once in `every`; `do` returns how many rows it dealt with."""

    name: str
    every: timedelta
    do: Callable[[], int]


def forget_form_keys() -> int:
    """Deletes what `REMEMBERED` is over for."""
    return FormKey.objects.filter(used_at__lt=timezone.now() - REMEMBERED).delete()[0]


def clear_sessions() -> int:
    """Deletes expired sessions and the lines about them in people's lists of sessions."""
    before = Session.objects.count()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    # A day: the line is written before the session that it is about.
    ended = UserSession.objects.filter(created_at__lt=timezone.now() - timedelta(days=1))
    lines = ended.exclude(session_key__in=Session.objects.values("session_key")).delete()[0]
    return int(max(0, before - Session.objects.count()) + lines)


CHORES = [
    Chore("form keys", timedelta(hours=1), forget_form_keys),
    Chore("sessions", timedelta(days=1), clear_sessions),
]


def register(chore: Chore) -> None:
    """Adds a chore of an app above; called once when that app starts.

    Raises ValueError for a name that its row among the heartbeats cannot hold; SQLite would take it.
    """
    most = Heartbeat._meta.get_field("name").max_length or 0
    if len(chore.name) > most:
        raise ValueError(f"The name of the chore {chore.name!r} has more than {most} characters.")
    if chore.name not in {known.name for known in CHORES}:
        CHORES.append(chore)


def tidy() -> None:
    """Does the chores that are due. Several sweepers may call it: one of them gets each turn."""
    for chore in CHORES:
        if _take_turn(chore):
            log.info("tidied", chore=chore.name, rows=chore.do())


def _take_turn(chore: Chore) -> bool:
    """Whether the chore is due and this caller is the first to see it; its row among the heartbeats is the turn."""
    _row, first = Heartbeat.objects.get_or_create(name=chore.name, defaults={"at": timezone.now()})
    due = Heartbeat.objects.filter(name=chore.name, at__lt=Now() - chore.every)
    return first or due.update(at=Now()) == 1
