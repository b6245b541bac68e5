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
    STATED = "stated", _("said that a step is done")


class PeeringStep(models.TextChoices):
    """The six steps of a peering, in order."""

    BALANCER = "private-load-balancer", _("Private load balancer")
    CONNECTION = "connection", _("Peering connection")
    ACCEPTANCE = "acceptance", _("Acceptance")
    ROUTES = "routes", _("Routes to your VPC")
    RETURN_ROUTES = "return-routes", _("Routes back")
    SECURITY_GROUP = "security-group", _("Security group")


class PeeringState(models.TextChoices):
    """How far a peering is. `connected` was observed end to end, `broken` was it before."""

    SETTING_UP = "setting_up", _("being set up")
    CONNECTED = "connected", _("connected")
    BROKEN = "broken", _("no longer connected")
    REMOVING = "removing", _("being removed")
    REMOVED = "removed", _("removed")


#: State → states it may become.
PEERING_TRANSITIONS: dict[PeeringState, tuple[PeeringState, ...]] = {
    PeeringState.SETTING_UP: (PeeringState.CONNECTED, PeeringState.REMOVING, PeeringState.REMOVED),
    PeeringState.CONNECTED: (PeeringState.BROKEN, PeeringState.REMOVING),
    PeeringState.BROKEN: (PeeringState.CONNECTED, PeeringState.REMOVING),
    PeeringState.REMOVING: (PeeringState.REMOVED, PeeringState.SETTING_UP),
    PeeringState.REMOVED: (),
}


class PeeringStatus(models.TextChoices):
    """AWS's own nine states of a peering connection.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-lifecycle
    """

    INITIATING = "initiating-request", _("being requested")
    PENDING = "pending-acceptance", _("waiting to be accepted")
    PROVISIONING = "provisioning", _("being set up by AWS")
    ACTIVE = "active", _("active")
    REJECTED = "rejected", _("rejected")
    EXPIRED = "expired", _("expired")
    FAILED = "failed", _("failed")
    DELETING = "deleting", _("being deleted")
    DELETED = "deleted", _("deleted")


class StepWord(models.TextChoices):
    """What somebody said about a step that the portal does not do by itself."""

    ASKED = "asked", _("support was asked")
    STATED = "stated", _("stated to be done")


class PublicRemovalState(models.TextChoices):
    """A request to remove the public load balancer."""

    SUBMITTED = "submitted", _("waiting for support")
    DECLINED = "declined", _("declined")
    REMOVED = "removed", _("the public load balancer is removed")
    RESTORING = "restoring", _("asked to put it back")
    RESTORED = "restored", _("the public load balancer is back")
    WITHDRAWN = "withdrawn", _("withdrawn")


#: State → states it may become.
PUBLIC_REMOVAL_TRANSITIONS: dict[PublicRemovalState, tuple[PublicRemovalState, ...]] = {
    PublicRemovalState.SUBMITTED: (
        PublicRemovalState.DECLINED,
        PublicRemovalState.REMOVED,
        PublicRemovalState.WITHDRAWN,
    ),
    PublicRemovalState.DECLINED: (),
    PublicRemovalState.REMOVED: (PublicRemovalState.RESTORING,),
    PublicRemovalState.RESTORING: (PublicRemovalState.RESTORED,),
    PublicRemovalState.RESTORED: (),
    PublicRemovalState.WITHDRAWN: (),
}
