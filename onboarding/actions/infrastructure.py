"""The infrastructure step: choices until they are confirmed, then never again."""

import hmac
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from onboarding.actions.versions import Stale, WrongStep, move, touch
from onboarding.kinds import LAUNCH, SURVEY
from onboarding.models import DeclaredRange, Deployment, InfrastructurePlan
from onboarding.review import plan_of, review_of
from onboarding.states import DeploymentState, VpcMode
from portal.accounts.models import User
from portal.workflows import actions as workflows
from portal.workflows.journal import tell
from portal.workflows.models import Workflow

HERE = (DeploymentState.INFRASTRUCTURE,)


@transaction.atomic
def look_at_region(*, deployment: Deployment, region: str, by: User) -> Workflow | None:
    """Reads zones, VPCs and quotas of `region` from the account; None while another workflow holds the connection."""
    if deployment.connection is None or deployment.state not in HERE:
        raise WrongStep(deployment.state)
    try:
        return workflows.start(
            kind=SURVEY, connection=deployment.connection, subject_id=deployment.pk, by=by, data={"region": region}
        )
    except workflows.Busy:
        return None


@transaction.atomic
def choose_infrastructure(
    *,
    deployment: Deployment,
    region: str,
    vpc_mode: VpcMode,
    cidr: str,
    zones: Sequence[Mapping[str, str]],
    other_zone_map: Mapping[str, str],
    version: int,
    by: User,
) -> InfrastructurePlan:
    """Saves the choices as a draft. Raises Stale or WrongStep."""
    touch(deployment, version=version, steps=HERE)
    plan = plan_of(deployment)
    InfrastructurePlan.objects.filter(pk=plan.pk).update(
        region=region,
        vpc_mode=vpc_mode,
        cidr=cidr,
        zones=[dict(zone) for zone in zones],
        other_zone_map=dict(other_zone_map),
    )
    plan.refresh_from_db()
    tell(
        "infrastructure.chosen",
        lambda: _("%(cidr)s in %(region)s was chosen, not confirmed yet.") % {"cidr": cidr or "–", "region": region},
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
    )
    return plan


@transaction.atomic
def declare_range(*, deployment: Deployment, kind: str, label: str, cidr: str, version: int, by: User) -> None:
    """Notes a range that will talk to the deployment. Raises Stale or WrongStep."""
    touch(deployment, version=version, steps=HERE)
    DeclaredRange.objects.update_or_create(
        deployment=deployment,
        cidr=cidr,
        defaults={"organisation_id": deployment.organisation_id, "kind": kind, "label": label},
    )
    tell(
        "range.declared",
        lambda: _("%(cidr)s of %(label)s was declared.") % {"cidr": cidr, "label": label},
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
    )


@transaction.atomic
def remove_range(*, deployment: Deployment, declared: DeclaredRange, version: int, by: User) -> None:
    """Takes a declared range back. Raises Stale or WrongStep."""
    touch(deployment, version=version, steps=HERE)
    cidr = declared.cidr
    declared.delete()
    tell(
        "range.removed",
        lambda: _("%(cidr)s is no longer declared.") % {"cidr": cidr},
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
    )


@transaction.atomic
def confirm_infrastructure(*, deployment: Deployment, shown_hash: str, version: int, by: User) -> Workflow:
    """Makes the choices final and starts the launch.

    Raises Stale when what was shown is no longer what would be built, WrongStep, Incomplete, or Busy.
    """
    plan = plan_of(deployment)
    review = review_of(deployment, plan)
    if not hmac.compare_digest(review.content_hash, shown_hash):
        raise Stale(str(deployment.version))
    move(deployment, DeploymentState.LAUNCH, version=version)
    InfrastructurePlan.objects.filter(pk=plan.pk).update(confirmed_hash=shown_hash, confirmed_at=Now(), confirmed_by=by)
    assert deployment.connection is not None
    workflow = workflows.start(kind=LAUNCH, connection=deployment.connection, subject_id=deployment.pk, by=by)
    tell(
        "infrastructure.confirmed",
        lambda: (
            _("%(cidr)s in %(region)s was confirmed; the launch begins.") % {"cidr": plan.cidr, "region": plan.region}
        ),
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
        workflow=workflow,
    )
    return workflow
