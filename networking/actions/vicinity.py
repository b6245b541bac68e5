"""Asking what a peering can be started with."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from networking.actions.looks import TooOften
from networking.kinds import VICINITY_LOOK
from onboarding.actions.versions import WrongStep, show_anew
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.accounts.models import User
from portal.workflows import actions as workflows
from portal.workflows.models import Workflow

MOST_LOOKS = 6
WHILE = timedelta(minutes=1)


@transaction.atomic
def look_around(*, deployment: Deployment, account: str, region: str, by: User) -> Workflow:
    """Reads the VPCs of an account in a region, as far as a role lets us. Raises WrongStep, TooOften or Busy."""
    deployment.refresh_from_db(fields=["state"])
    if deployment.connection is None or deployment.state != DeploymentState.READY:
        raise WrongStep(deployment.state)
    recent = Workflow.objects.filter(
        connection=deployment.connection, kind=VICINITY_LOOK, started_at__gt=timezone.now() - WHILE
    )
    if recent.count() >= MOST_LOOKS:
        raise TooOften(
            _("We looked %(count)d times within a minute. Wait a minute, then look again.") % {"count": MOST_LOOKS}
        )
    workflow = workflows.start(
        kind=VICINITY_LOOK,
        connection=deployment.connection,
        subject_id=deployment.pk,
        by=by,
        data={"account": account, "region": region},
    )
    show_anew(deployment.pk)
    return workflow
