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
    """Which of the customer's roles a session uses."""

    VERIFIER = "verifier", _("verifier role")
    MANAGEMENT = "management", _("management role")
    PEERING = "peering", _("peering role")


class ConnectionPurpose(models.TextChoices):
    """What an account is linked for: a deployment in it, or a VPC of it that is peered with one."""

    DEPLOYMENT = "deployment", _("deployment")
    TARGET = "target", _("target of peerings")


#: The roles that the customer deploys for each purpose; trust is proven on every one of them.
ROLES_OF: dict[str, tuple[RoleKind, ...]] = {
    ConnectionPurpose.DEPLOYMENT: (RoleKind.VERIFIER, RoleKind.MANAGEMENT),
    ConnectionPurpose.TARGET: (RoleKind.PEERING,),
}


class Outcome(models.TextChoices):
    """What became of a call."""

    OK = "ok", _("answered")
    REFUSED = "refused", _("refused")
    UNCLEAR = "unclear", _("no clear answer")
