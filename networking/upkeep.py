"""Looking again by itself: while somebody has the page open and something is not as it should be yet.

An account should see at most 30 describing calls a minute of ours. A look makes at most ten, so one in `AGAIN` leaves
room for whatever a person asks for beside it.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from networking.actions.looks import TooOften, look_at_vpc
from networking.kinds import LOOK
from networking.looks import newest_look
from networking.models import VpcWatch
from onboarding.actions.versions import WrongStep
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.rules.profiles import profile as rule_profile
from onboarding.states import DeploymentState, VpcMode
from portal.findings.shapes import Level
from portal.workflows.actions import Busy, live_workflow
from portal.workflows.journal import SYSTEM
from portal.workflows.models import Workflow

#: A page that asked within this time is open.
OPEN = timedelta(seconds=45)
#: How long after a look the next one may follow by itself.
AGAIN = timedelta(seconds=30)
#: Nobody mends for longer than this without pressing anything.
PATIENCE = timedelta(hours=2)


def look_again() -> int:
    """Starts a look for every open page whose VPC is not fine and whose connection is free; returns how many."""
    since = timezone.now() - OPEN
    started = 0
    for watch in VpcWatch.objects.filter(asked_at__gt=since).select_related("deployment__connection"):
        deployment = watch.deployment
        plan = InfrastructurePlan.objects.filter(deployment=deployment, vpc_mode=VpcMode.EXISTING).first()
        if plan is not None and plan.vpc_id and _is_due(deployment, plan):
            started += _look(deployment, plan)
    return started


def _look(deployment: Deployment, plan: InfrastructurePlan) -> int:
    try:
        look_at_vpc(deployment=deployment, vpc_id=plan.vpc_id, subnet_ids=plan.subnet_ids, by=SYSTEM)
    except (Busy, TooOften, WrongStep):
        return 0
    return 1


def _is_due(deployment: Deployment, plan: InfrastructurePlan) -> bool:
    if deployment.state != DeploymentState.INFRASTRUCTURE:
        return False
    # A look that waits for AWS, for the customer or for support is under way; beginning it anew would not let it wait.
    if deployment.connection is None or live_workflow(deployment.connection) is not None:
        return False
    now = timezone.now()
    if Workflow.objects.filter(subject_id=deployment.pk, kind=LOOK, started_at__gt=now - AGAIN).exists():
        return False
    asked: datetime | None = (
        Workflow.objects.filter(subject_id=deployment.pk, kind=LOOK)
        .exclude(started_by=SYSTEM)
        .order_by("-started_at")
        .values_list("started_at", flat=True)
        .first()
    )
    if asked is None or now - asked > PATIENCE:
        return False
    newest = newest_look(deployment, plan.vpc_id)
    if newest is None or now - newest.at < AGAIN:
        return False
    found = newest.look.choosing(plan.subnet_ids).findings(rule_profile(deployment.profile))
    return any(finding.level in {Level.FAILED, Level.UNKNOWN} for finding in found)
