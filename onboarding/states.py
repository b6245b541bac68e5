"""Stored states of a request and a deployment, and the tables of allowed transitions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestState(models.TextChoices):
    """What staff decided about a request."""

    SUBMITTED = "submitted", _("waiting for a decision")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("declined")


class AccountKind(models.TextChoices):
    """Whether the AWS account holds anything else."""

    DEDICATED = "dedicated", _("dedicated to this deployment (recommended)")
    SHARED = "shared", _("shared with other workloads")


class VpcMode(models.TextChoices):
    """Who makes the BYOC VPC."""

    NEW = "new", _("a new VPC, made at launch")
    EXISTING = "existing", _("an existing VPC of yours")


class DeploymentState(models.TextChoices):
    """The step at which a deployment stands."""

    ACCOUNT = "account", _("AWS account")
    BOOTSTRAP = "bootstrap", _("bootstrap roles")
    INFRASTRUCTURE = "infrastructure", _("infrastructure choices")
    LAUNCH = "launch", _("launch")
    READY = "ready", _("ready")
    TEARDOWN = "teardown", _("tear-down")
    REMOVED = "removed", _("removed")


#: State → states it may become. Going back is possible until the irreversible choices are confirmed.
TRANSITIONS: dict[DeploymentState, tuple[DeploymentState, ...]] = {
    DeploymentState.ACCOUNT: (DeploymentState.BOOTSTRAP,),
    DeploymentState.BOOTSTRAP: (DeploymentState.INFRASTRUCTURE, DeploymentState.ACCOUNT),
    DeploymentState.INFRASTRUCTURE: (DeploymentState.LAUNCH, DeploymentState.BOOTSTRAP),
    DeploymentState.LAUNCH: (DeploymentState.READY, DeploymentState.TEARDOWN),
    DeploymentState.READY: (DeploymentState.TEARDOWN,),
    DeploymentState.TEARDOWN: (DeploymentState.REMOVED,),
    DeploymentState.REMOVED: (),
}
