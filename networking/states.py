"""Stored states of the networking app, and the tables of allowed transitions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VpcRequestState(models.TextChoices):
    """What support decided about a VPC that a customer brings."""

    SUBMITTED = "submitted", _("waiting for support")
    ASKED_BACK = "asked_back", _("support has a question")
    APPROVED = "approved", _("approved")
    WITHDRAWN = "withdrawn", _("withdrawn")


#: State → states it may become. An answer to a question is a new request; a changed choice withdraws the old one.
VPC_REQUEST_TRANSITIONS: dict[VpcRequestState, tuple[VpcRequestState, ...]] = {
    VpcRequestState.SUBMITTED: (VpcRequestState.ASKED_BACK, VpcRequestState.APPROVED, VpcRequestState.WITHDRAWN),
    VpcRequestState.ASKED_BACK: (VpcRequestState.WITHDRAWN,),
    VpcRequestState.APPROVED: (VpcRequestState.WITHDRAWN,),
    VpcRequestState.WITHDRAWN: (),
}


class HandOffAct(models.TextChoices):
    """What somebody did with a hand-off link."""

    OPENED = "opened", _("opened")
    SCRIPT = "script", _("downloaded the script")
    REMEDIES = "remedies", _("downloaded the remedies")
    FACTS = "facts", _("sent a facts file")
    REFUSED = "refused", _("sent a file that could not be read")
