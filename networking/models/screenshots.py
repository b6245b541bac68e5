"""Real screenshots of the AWS console that staff put in the place of an illustration."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networking.states import PeeringStep


class Screenshot(models.Model):
    """One picture per step and language, re-encoded as PNG; it belongs to the vendor, not to a tenant."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.CharField(_("step"), max_length=24, choices=PeeringStep.choices)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    picture = models.BinaryField(_("picture"))
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    caption = models.CharField(_("what it shows"), max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)

    class Meta:
        ordering = ["step", "language"]
        verbose_name = _("screenshot")
        verbose_name_plural = _("screenshots")
        constraints = [models.UniqueConstraint(fields=["step", "language"], name="networking_screenshot_once")]

    def __str__(self) -> str:
        return f"{self.get_step_display()} · {self.language}"
