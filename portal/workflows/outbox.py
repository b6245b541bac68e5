"""Letters: written in the transaction of what they tell, delivered later, never twice to one address.

A letter may hold a secret that is its reader's alone (an invitation's link), so that its text goes when it is sent.
"""

import hashlib
from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.db.models.functions import Now

from portal.workflows import doorbell
from portal.workflows.leases import EARLY
from portal.workflows.models import Letter

log = structlog.get_logger(__name__)
#: A letter is claimed for this long: a worker that dies in between loses at most this time, never sends at once twice.
CLAIM = timedelta(minutes=10)
MOST_ATTEMPTS = 8


def write(*, key: str, to: str, subject: str, body: str) -> None:
    """Puts a letter into the outbox, once per `key`."""
    _letter, fresh = Letter.objects.get_or_create(
        key=f"{key}:{to}"[:160],
        defaults={"to": to, "subject": " ".join(subject.split())[:200], "body": body},
    )
    if fresh:
        doorbell.ring_post()


def deliver() -> int:
    """Sends what is due; returns how many letters went out. A failure is tried again with growing distance."""
    sent = 0
    due = Letter.objects.filter(sent_at=None, due_at__lte=Now() + EARLY)
    for letter in due.order_by("created_at")[:50]:
        # Claimed by the number of attempts: SQLite writes a time of its own with fewer digits than it reads it with.
        mine = due.filter(pk=letter.pk, attempts=letter.attempts).update(
            due_at=Now() + CLAIM, attempts=F("attempts") + 1
        )
        if mine:
            sent += _send(letter)
    return sent


def _message_id(letter: Letter) -> str:
    """The same for each try, so that a mail server drops the second one after a crash between sending and noting it."""
    return f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:32]}@{urlsplit(settings.PORTAL_BASE_URL).hostname}>"


def _send(letter: Letter) -> int:
    try:
        EmailMessage(letter.subject, letter.body, to=[letter.to], headers={"Message-ID": _message_id(letter)}).send()
    except (OSError, ValueError) as error:
        # SMTPException is an OSError; ValueError is an address or a subject that no mail can have.
        _put_off(letter, error)
        return 0
    Letter.objects.filter(pk=letter.pk).update(sent_at=Now(), due_at=None, body="")
    return 1


def _put_off(letter: Letter, error: Exception) -> None:
    """Due again after 30 s, doubled with each try; given up with an alarm after the last one."""
    if letter.attempts + 1 >= MOST_ATTEMPTS:
        log.error("letter_given_up", letter=letter.pk, error=type(error).__name__)
        Letter.objects.filter(pk=letter.pk).update(due_at=None)
        return
    log.warning("letter_not_sent", letter=letter.pk, error=type(error).__name__)
    Letter.objects.filter(pk=letter.pk).update(due_at=Now() + timedelta(seconds=30 * 2**letter.attempts))
