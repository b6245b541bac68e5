"""States of workflows and intents, and the tables of allowed transitions."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkflowState(models.TextChoices):
    """A workflow ends in done, refused, cancelled or needs_human."""

    ACTIVE = "active", _("running")
    PAUSED = "paused", _("paused")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
    CANCELLED = "cancelled", _("cancelled")
    NEEDS_HUMAN = "needs_human", _("a human must look")


#: States that hold the connection: one workflow per connection at a time.
LIVE = (WorkflowState.ACTIVE, WorkflowState.PAUSED, WorkflowState.NEEDS_HUMAN)
#: State → states it may become.
TRANSITIONS: dict[WorkflowState, tuple[WorkflowState, ...]] = {
    WorkflowState.ACTIVE: (
        WorkflowState.DONE,
        WorkflowState.REFUSED,
        WorkflowState.NEEDS_HUMAN,
        WorkflowState.PAUSED,
        WorkflowState.CANCELLED,
    ),
    WorkflowState.PAUSED: (WorkflowState.ACTIVE, WorkflowState.CANCELLED, WorkflowState.NEEDS_HUMAN),
    WorkflowState.NEEDS_HUMAN: (WorkflowState.ACTIVE, WorkflowState.CANCELLED),
    WorkflowState.DONE: (),
    WorkflowState.REFUSED: (),
    WorkflowState.CANCELLED: (),
}


class IntentState(models.TextChoices):
    """An intent is one wanted effect; `unknown` means that a call was sent and its fate is not known."""

    PLANNED = "planned", _("planned")
    IN_FLIGHT = "in_flight", _("sent")
    UNKNOWN = "unknown", _("fate unknown")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused by AWS")


class EffectClass(models.TextChoices):
    """How an effect is made safe to repeat (docs/adr/0002)."""

    NATURAL = "natural", _("AWS itself refuses a second one")
    TOKEN = "token", _("AWS remembers the client token")
    OBSERVABLE = "observable", _("found again by tag and natural key")
    DANGEROUS = "dangerous", _("never repeated without a human")


class Turn(models.TextChoices):
    """Whose turn it is."""

    YOU = "you", _("your turn")
    US = "us", _("our turn")
    AWS = "aws", _("AWS is working")
    NETWORK_ADMIN = "network_admin", _("your network admin's turn")
    SUPPORT = "support", _("support's turn")
    NOBODY = "nobody", _("nobody's turn")


class Matter(StrEnum):
    """Why a workflow needs a human; the values are kinds of ticket."""

    STUCK = "stuck"
    WRONG_ACCOUNT = "wrong_account"
