"""Mail to be sent: written in the transaction of what it tells, sent later, never twice."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """One mail to one person. `key` makes it unique: the same event never writes twice to the same address.

    `body` is emptied when the mail is sent.
    """

    key = models.CharField(max_length=160, unique=True)
    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [models.Index(fields=["due_at"], condition=models.Q(sent_at=None), name="workflows_letters_due")]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
