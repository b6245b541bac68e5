"""States of a connection and purposes of a session."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConnectionState(models.TextChoices):
    """How far one tenant's link to one AWS account is trusted."""

    UNPROVEN = "unproven", _("not proven yet")
    PROVEN = "proven", _("proven")
    INSECURE = "insecure_trust", _("insecure trust")
    LOST = "lost_access", _("access lost")
    QUARANTINED = "quarantined", _("quarantined")
    CLOSED = "closed", _("closed")


class RoleKind(models.TextChoices):
    """Which of the customer's two roles a session uses."""

    VERIFIER = "verifier", _("verifier role")
    MANAGEMENT = "management", _("management role")


class Outcome(models.TextChoices):
    """What became of a call."""

    OK = "ok", _("answered")
    REFUSED = "refused", _("refused")
    UNCLEAR = "unclear", _("no clear answer")
