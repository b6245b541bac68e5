"""Django's mail back end of the demo: every mail becomes a row that the mailbox page shows."""

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from portal.demo.models import DemoMail


class MailboxBackend(BaseEmailBackend):
    """Keeps mails in the database, within the transaction of whoever sends them. Only the text part is kept."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Stores the mails and returns how many; one without recipients is not sent, as with SMTP."""
        rows = [
            DemoMail(
                sender=message.from_email,
                recipients=", ".join(message.recipients()),
                subject=" ".join(str(message.subject).split()),
                text=str(message.body),
            )
            for message in email_messages
            if message.recipients()
        ]
        return len(DemoMail.objects.bulk_create(rows))
