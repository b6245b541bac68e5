"""The VPC that a customer brings: which one it is, and support's approval of exactly that."""

import hmac
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from onboarding.actions.infrastructure import HERE, NO_VPC
from onboarding.actions.versions import Stale, WrongStep, show_anew, touch
from onboarding.brought_vpc import five_facts, is_approved
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.review import Incomplete, plan_of
from onboarding.states import VpcMode
from portal.accounts.models import User
from portal.workflows.journal import tell


@transaction.atomic
def bring_vpc(
    *,
    deployment: Deployment,
    region: str,
    vpc_id: str,
    subnet_ids: Sequence[str],
    zones: Sequence[Mapping[str, str]],
    cidr: str,
    version: int,
    by: User,
) -> InfrastructurePlan:
    """Saves VPC and private subnets as a draft, and forgets an approval of other facts.

    `zones` has one `{"name": …, "id": …}` per subnet, empty where nobody has seen the subnet; `cidr` is the VPC's
    primary range. Raises Stale or WrongStep, and ValueError when zones and subnets do not match.
    """
    if len(zones) != len(subnet_ids) or len(set(subnet_ids)) != len(subnet_ids):
        raise ValueError("Each subnet is named once and has one zone.")
    touch(deployment, version=version, steps=HERE)
    plan = plan_of(deployment)
    InfrastructurePlan.objects.filter(pk=plan.pk).update(
        region=region,
        vpc_mode=VpcMode.EXISTING,
        vpc_id=vpc_id,
        subnet_ids=list(subnet_ids),
        zones=[{"name": zone["name"], "id": zone["id"]} for zone in zones],
        cidr=cidr,
        other_zone_map={},
    )
    plan.refresh_from_db()
    _forget_other_approval(deployment, plan)
    words = {"vpc": vpc_id, "region": region, "subnets": ", ".join(subnet_ids) or "–"}
    tell(
        "vpc.brought",
        lambda: _("%(vpc)s in %(region)s with the subnets %(subnets)s was chosen, not confirmed yet.") % words,
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
    )
    return plan


def _forget_other_approval(deployment: Deployment, plan: InfrastructurePlan) -> None:
    if plan.vpc_approved_hash and not is_approved(deployment, plan):
        kept = {"vpc_approved_hash": NO_VPC["vpc_approved_hash"], "vpc_approved_at": NO_VPC["vpc_approved_at"]}
        InfrastructurePlan.objects.filter(pk=plan.pk).update(**kept)
        plan.refresh_from_db()


@transaction.atomic
def approve_vpc(*, deployment: Deployment, content_hash: str, by: User) -> InfrastructurePlan:
    """Support approves the five facts whose hash this is; the launch compares it. The version stays: what a person
    typed meanwhile is about the same VPC.

    Raises Stale when the plan names other facts by now, WrongStep once it is confirmed.
    """
    # Every change of the plan begins with this row, so the plan cannot change between the comparison and the approval.
    if not Deployment.objects.filter(pk=deployment.pk, state__in=HERE).update(shown=F("shown") + 1):
        deployment.refresh_from_db()
        raise WrongStep(deployment.state)
    deployment.refresh_from_db()
    plan = plan_of(deployment)
    try:
        facts = five_facts(deployment, plan)
    except Incomplete:
        raise Stale(str(deployment.version)) from None
    if not hmac.compare_digest(facts.content_hash.encode(), content_hash.encode()):
        raise Stale(str(deployment.version))
    InfrastructurePlan.objects.filter(pk=plan.pk).update(vpc_approved_hash=facts.content_hash, vpc_approved_at=Now())
    plan.refresh_from_db()
    words = {"vpc": facts.vpc_id, "subnets": ", ".join(facts.subnet_ids)}
    tell(
        "vpc.approved",
        lambda: _("Support approved %(vpc)s with the subnets %(subnets)s.") % words,
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
    )
    return plan


@transaction.atomic
def note_vpc_sent(*, deployment: Deployment, content_hash: str) -> None:
    """Notes which five facts support has before it; the empty text: none any more. Whose turn it is follows from it."""
    InfrastructurePlan.objects.filter(deployment=deployment).update(vpc_sent_hash=content_hash)
    show_anew(deployment.pk)
