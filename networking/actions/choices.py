"""Choosing the subnets of a brought VPC: a draft until the review makes it final."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from networking.actions.looks import TooOften, look_at_vpc
from networking.actions.vpc_requests import withdraw_requests
from networking.looks import newest_look
from onboarding import actions as onboarding
from onboarding.brought_vpc import five_facts
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.review import Incomplete, plan_of
from portal.accounts.models import User
from portal.aws.facts.networks import VpcNetwork
from portal.workflows.actions import Busy
from portal.workflows.journal import SYSTEM


class NotLooked(Exception):
    """Nobody has looked at that VPC yet, so nothing can be said of its subnets."""


@transaction.atomic
def choose_subnets(*, deployment: Deployment, vpc_id: str, subnet_ids: Sequence[str], version: int, by: User) -> None:
    """Saves VPC and subnets with the zones they lie in. A request to support for other facts is withdrawn; subnets that
    the newest look did not bring are looked for. Raises NotLooked, Stale or WrongStep.
    """
    seen = newest_look(deployment, vpc_id) or newest_look(deployment, vpc_id, stated=True)
    if seen is None:
        raise NotLooked(vpc_id)
    network = seen.look.network
    before = _hash(deployment)
    onboarding.bring_vpc(
        deployment=deployment,
        region=network.region,
        vpc_id=vpc_id,
        subnet_ids=list(subnet_ids),
        zones=zones_of(network, subnet_ids),
        cidr=network.vpc.cidr if network.vpc else "",
        version=version,
        by=by,
    )
    if _hash(deployment) != before:
        withdraw_requests(deployment=deployment, by=by)
    if any(network.subnet(subnet_id) is None for subnet_id in subnet_ids):
        _look_for(deployment, vpc_id, subnet_ids, by)


def zones_of(network: VpcNetwork, subnet_ids: Sequence[str]) -> list[dict[str, str]]:
    """One zone per subnet; an empty one for a subnet that nobody has seen."""
    found = [network.subnet(subnet_id) for subnet_id in subnet_ids]
    return [{"name": one.zone_name if one else "", "id": one.zone_id if one else ""} for one in found]


def _hash(deployment: Deployment) -> str:
    try:
        return five_facts(deployment, plan_of(deployment)).content_hash
    except Incomplete:
        return ""


def _look_for(deployment: Deployment, vpc_id: str, subnet_ids: Sequence[str], by: User) -> None:
    """A look that asks for them by id; when the account is busy or was looked at often, «Look again» does it later."""
    try:
        look_at_vpc(deployment=deployment, vpc_id=vpc_id, subnet_ids=subnet_ids, by=by)
    except (Busy, TooOften):
        return


@transaction.atomic
def learn_zones(*, deployment: Deployment, network: VpcNetwork) -> None:
    """Fills in zones and range of chosen subnets that nobody had seen when they were chosen by their ids. Zones that
    were stated otherwise are put right; a request that names the others is taken back, because it can approve nothing.
    """
    # Every change of a plan locks the deployment first.
    Deployment.objects.select_for_update(of=("self",)).get(pk=deployment.pk)
    plan = InfrastructurePlan.objects.select_for_update().filter(deployment=deployment, vpc_id=network.vpc_id).first()
    if plan is None or plan.confirmed_hash:
        return
    zones = zones_of(network, plan.subnet_ids)
    cidr = network.vpc.cidr if network.vpc else plan.cidr
    if (zones, cidr) != (plan.zones, plan.cidr) and all(zone["id"] for zone in zones):
        before = _hash(deployment)
        InfrastructurePlan.objects.filter(pk=plan.pk).update(zones=zones, cidr=cidr)
        if before and _hash(deployment) != before:
            said = _("Our look found the subnets in other zones than the request names.")
            withdraw_requests(deployment=deployment, by=SYSTEM, reason=said)
