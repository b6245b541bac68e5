"""States and kinds of tickets."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TicketState(models.TextChoices):
    """Whether support still has something to do."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class TicketKind(models.TextChoices):
    """Why the ticket exists."""

    ACCOUNT_CLAIM = "account_claim", _("two tenants name one AWS account")
    WRONG_ACCOUNT = "wrong_account", _("AWS answered for another account")
    STUCK = "stuck", _("a workflow needs a human")
    VPC_APPROVAL = "vpc_approval", _("a VPC to approve")
    PRIVATE_BALANCER = "private_balancer", _("a private load balancer to enable")
    INBOUND_RULE = "inbound_rule", _("an inbound rule to add")
    PUBLIC_BALANCER = "public_balancer", _("a public load balancer to remove")
