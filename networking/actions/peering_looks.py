"""Asking for a look at both sides of a peering."""

from django.db import transaction
from django.utils.translation import gettext as _

from networking.actions.looks import bound_looks, give_up, is_under_way
from networking.kinds import PEERING_LOOK
from networking.models import Peering
from networking.states import PeeringState
from onboarding.actions.versions import WrongStep, show_anew
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.accounts.models import User
from portal.aws.models import Connection
from portal.workflows import actions as workflows
from portal.workflows.journal import tell
from portal.workflows.models import Workflow


@transaction.atomic
def look_at_peering(*, peering: Peering, by: User | str) -> Workflow:
    """Looks at both sides, as far as somebody lets us. A look at another peering of the deployment is given up for this
    one: looking changes nothing. The very look that is under way goes on as it is.

    Raises WrongStep once the peering is removed, TooOften, or Busy while other work, or support, holds the account.
    """
    deployment, connection = _within_reach(peering)
    data = {"peering": str(peering.pk)}
    live = workflows.live_workflow(connection)
    if live is not None and is_under_way(live, PEERING_LOOK, deployment, data):
        return live
    bound_looks(connection, PEERING_LOOK, by)
    if live is not None:
        give_up(live, PEERING_LOOK, deployment, by)
    try:
        workflow = workflows.start(
            kind=PEERING_LOOK, connection=connection, subject_id=deployment.pk, by=by, data=data
        )  # fmt: skip
    except workflows.Busy as busy:
        if busy.workflow is not None and is_under_way(busy.workflow, PEERING_LOOK, deployment, data):
            return busy.workflow  # two presses at the same moment
        raise
    show_anew(deployment.pk)
    if isinstance(by, User):
        _tell(peering, workflow, by)
    return workflow


def _within_reach(peering: Peering) -> tuple[Deployment, Connection]:
    """The deployment and its connection as they are now. Raises WrongStep."""
    peering.refresh_from_db(fields=["state"])
    deployment = Deployment.objects.select_related("connection").get(pk=peering.deployment_id)
    if deployment.connection is None or deployment.state != DeploymentState.READY:
        raise WrongStep(deployment.state)
    if peering.state == PeeringState.REMOVED:
        raise WrongStep(peering.state)
    return deployment, deployment.connection


def _tell(peering: Peering, workflow: Workflow, by: User) -> None:
    tell(
        "peering.looked",
        lambda: _("A look at the peering with %(vpc)s was asked for.") % {"vpc": peering.vpc_id},
        organisation=peering.organisation_id,
        subject_id=peering.deployment_id,
        by=by,
        workflow=workflow,
    )
