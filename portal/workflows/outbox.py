"""Letters: written in the transaction of what they tell, delivered later, never twice to one address."""

import hashlib
from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.db.models.functions import Now

from portal.workflows import doorbell
from portal.workflows.models import Letter

log = structlog.get_logger(__name__)
#: A letter is claimed for this long: a worker that dies in between loses at most this time, never sends at once twice.
CLAIM = timedelta(minutes=10)
MOST_ATTEMPTS = 8


def write(*, key: str, to: str, subject: str, body: str) -> None:
    """Puts a letter into the outbox, once per `key`."""
    _letter, fresh = Letter.objects.get_or_create(
        key=f"{key}:{to}"[:160],
        defaults={"to": to, "subject": subject.replace("\n", " ")[:200], "body": body},
    )
    if fresh:
        doorbell.ring_post()


def deliver() -> int:
    """Sends what is due; returns how many letters went out. A failure is tried again with growing distance."""
    sent = 0
    for letter in Letter.objects.filter(sent_at=None, due_at__lte=Now()).order_by("created_at")[:50]:
        mine = Letter.objects.filter(Q(due_at=letter.due_at), pk=letter.pk, sent_at=None).update(
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
    except OSError as error:
        log.warning("letter_not_sent", letter=letter.pk, error=type(error).__name__)
        again = None if letter.attempts + 1 >= MOST_ATTEMPTS else Now() + timedelta(seconds=30 * 2**letter.attempts)
        Letter.objects.filter(pk=letter.pk).update(due_at=again)
        return 0
    Letter.objects.filter(pk=letter.pk).update(sent_at=Now(), due_at=None)
    return 1
