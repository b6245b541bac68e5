"""What only the demo stores."""

import re

from django.db import models
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class DemoMail(models.Model):
    """A mail that the portal sent; in the demo it goes nowhere but to the mailbox page."""

    sender = models.CharField(max_length=254)
    recipients = models.TextField()
    subject = models.CharField(max_length=998)
    text = models.TextField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return self.subject

    @property
    def linked_text(self) -> SafeString:
        """The text as HTML: everything escaped, http(s) addresses made links."""
        return linked(self.text)


ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


def linked(text: str) -> SafeString:
    """Plain text as HTML: addresses that begin with http:// or https:// become links, nothing else does."""
    pieces, end = [], 0
    for found in ADDRESS.finditer(text):
        url = escape(found.group())
        pieces.append(f'{escape(text[end : found.start()])}<a href="{url}" rel="nofollow noopener">{url}</a>')
        end = found.end()
    pieces.append(escape(text[end:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece was escaped
