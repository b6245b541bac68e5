"""The infrastructure step: choices until they are confirmed, then never again."""

import hmac
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from onboarding.actions.versions import Stale, WrongStep, move, show_anew, touch
from onboarding.kinds import LAUNCH, SURVEY
from onboarding.models import DeclaredRange, Deployment, InfrastructurePlan
from onboarding.outlook import Outlook
from onboarding.ports import vpc_guard
from onboarding.readiness import Blocked, Readiness
from onboarding.review import plan_of, review_of
from onboarding.states import DeploymentState, VpcMode
from portal.accounts.models import User
from portal.workflows import actions as workflows
from portal.workflows.journal import tell
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState

HERE = (DeploymentState.INFRASTRUCTURE,)

#: A plan without a brought VPC.
NO_VPC: dict[str, object] = {"vpc_id": "", "subnet_ids": [], "vpc_approved_hash": "", "vpc_approved_at": None}


@transaction.atomic
def look_at_region(*, deployment: Deployment, region: str, by: User) -> Workflow:
    """Reads zones, VPCs and quotas of `region` from the account. A look at another region is given up for this one:
    looking changes nothing. Raises WrongStep, or Busy while other work, or support, holds the account.
    """
    if deployment.connection is None or deployment.state not in HERE:
        raise WrongStep(deployment.state)
    workflows.clear_the_way(deployment.connection)
    live = workflows.live_workflow(deployment.connection)
    if live is not None and not _may_yield(live, deployment):
        raise workflows.Busy(live)
    if live is not None and live.data.get("region") == region:
        workflow = _again(live, by)
    else:
        if live is not None:
            workflows.cancel(workflow=live, by=by)
        workflow = workflows.start(
            kind=SURVEY, connection=deployment.connection, subject_id=deployment.pk, by=by, data={"region": region}
        )
    show_anew(deployment.pk)
    tell(
        "region.looked",
        lambda: _("A look at %(region)s was asked for.") % {"region": region},
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
        workflow=workflow,
    )
    return workflow


def _may_yield(live: Workflow, deployment: Deployment) -> bool:
    ours = live.kind == SURVEY and live.subject_id == deployment.pk
    return ours and live.state != WorkflowState.NEEDS_HUMAN


def _again(live: Workflow, by: User) -> Workflow:
    if live.state == WorkflowState.PAUSED:
        workflows.go_on(workflow=live, by=by)
    else:
        workflows.look_now(workflow=live)
    return live


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
    """Saves the choices as a draft. Raises Stale or WrongStep.

    For an existing VPC only the region counts here: `bring_vpc` says which one, with its range and zones. Another
    region or mode forgets the VPC, its subnets and support's approval, and takes back what was sent to support.
    """
    touch(deployment, version=version, steps=HERE)
    plan = plan_of(deployment)
    brings = vpc_mode == VpcMode.EXISTING
    changes: dict[str, object] = {"region": region, "vpc_mode": vpc_mode}
    another = not (brings and plan.brings_vpc and plan.region == region)
    if another:
        changes |= NO_VPC | {"cidr": "", "zones": [], "other_zone_map": {}}
    if not brings:
        changes |= {"cidr": cidr, "zones": [dict(zone) for zone in zones], "other_zone_map": dict(other_zone_map)}
    InfrastructurePlan.objects.filter(pk=plan.pk).update(**changes)
    if another and plan.brings_vpc:
        vpc_guard().dropped(deployment, by)
    plan.refresh_from_db()
    tell(
        "infrastructure.chosen",
        lambda: _chosen(region, "" if brings else cidr or "–"),
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
    )
    return plan


def _chosen(region: str, cidr: str) -> str:
    if not cidr:
        return _("An existing VPC in %(region)s was chosen. Which one is said next.") % {"region": region}
    return _("%(cidr)s in %(region)s was chosen, not confirmed yet.") % {"cidr": cidr, "region": region}


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

    Raises Stale when what was shown is no longer what would be built, Blocked when a finding forbids it, WrongStep,
    Incomplete, or Busy.
    """
    plan = plan_of(deployment)
    review = review_of(deployment, plan)
    if not hmac.compare_digest(review.content_hash, shown_hash):
        raise Stale(str(deployment.version))
    if deployment.state not in HERE:
        raise WrongStep(deployment.state)
    if not Readiness.of(deployment, plan, Outlook.of(deployment, plan.region)).ready:
        raise Blocked
    move(deployment, DeploymentState.LAUNCH, version=version)
    InfrastructurePlan.objects.filter(pk=plan.pk).update(confirmed_hash=shown_hash, confirmed_at=Now(), confirmed_by=by)
    assert deployment.connection is not None
    workflow = workflows.start(kind=LAUNCH, connection=deployment.connection, subject_id=deployment.pk, by=by)
    tell(
        "infrastructure.confirmed",
        lambda: (
            _("%(cidr)s in %(region)s was confirmed; the launch begins.")
            % {"cidr": review.vpc_id or plan.cidr, "region": plan.region}
        ),
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
        workflow=workflow,
    )
    return workflow
