"""What onboarding asks of this app: whether the VPC of a plan keeps the rules (onboarding/ports.py)."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from networking.actions.vpc_requests import withdraw_requests
from networking.looks import VpcLook, newest_look
from networking.models import Peering
from networking.states import PeeringState
from networking.tasks.look import look_at
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.ports import Attached, JudgedVpc
from onboarding.rules.profiles import profile as rule_profile
from portal.accounts.models import User
from portal.workflows.shapes import Work


class BroughtVpcs:
    """Judges by the newest look of our own; what a customer stated is no look of ours."""

    def judged(self, deployment: Deployment, plan: InfrastructurePlan) -> JudgedVpc | None:
        """The newest look at the plan's VPC, judged for the plan's subnets. One query."""
        seen = newest_look(deployment, plan.vpc_id) if plan.vpc_id else None
        if seen is None or seen.look.network.region != plan.region:
            return None
        return _judged(seen.look.choosing(plan.subnet_ids), deployment, seen.at)

    def look_again(self, work: Work, deployment: Deployment, plan: InfrastructurePlan) -> JudgedVpc:
        """Looks now and keeps it. Raises AwsProblem."""
        look, observation = look_at(work, deployment, plan.region, plan.vpc_id, tuple(plan.subnet_ids))
        return _judged(look, deployment, observation.observed_at)

    def dropped(self, deployment: Deployment, by: User) -> None:
        """Takes back what was sent to support about the VPC."""
        withdraw_requests(deployment=deployment, by=by)


def _judged(look: VpcLook, deployment: Deployment, seen_at: datetime) -> JudgedVpc:
    found = (look.network.subnet(subnet_id) for subnet_id in look.subnet_ids)
    return JudgedVpc(
        findings=look.findings(rule_profile(deployment.profile)),
        seen_at=seen_at,
        subnets=tuple(subnet for subnet in found if subnet is not None),
    )


def peerings_of(deployment: Deployment) -> tuple[Attached, ...]:
    """The peerings that a tear-down would cut: whoever uses them would be left with routes that lead nowhere."""
    rows = Peering.objects.filter(deployment=deployment).exclude(state=PeeringState.REMOVED)
    return tuple(
        Attached(
            title=_("Peering %(label)s with %(vpc)s") % {"label": row.label, "vpc": row.vpc_id},
            url=reverse("networking:peering", args=[deployment.pk, row.pk]),
        )
        for row in rows
    )
