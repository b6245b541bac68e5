"""The stand-in for the vendor's control plane: it makes a deployment's private load balancer once that is enabled.

In the customer's cluster the AWS Load Balancer Controller does this, with these tags and kinds of names:
https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/. The portal only looks.
"""

from collections.abc import Iterator
from typing import Any

import structlog
from botocore.exceptions import BotoCoreError, ClientError

from networking.models import PrivateAccess
from networking.peering.balancers import PRIVATE_PORTS
from networking.peering.byoc import ByocVpc
from onboarding.models import Deployment
from onboarding.stacks.naming import BALANCER_TAG, cluster_name
from onboarding.states import DeploymentState
from portal.demo import aws
from portal.demo.aws import NoEmulatorError

log = structlog.get_logger(__name__)


def turn() -> int:
    """Makes what is missing and removes what a tear-down leaves; returns for how many deployments it did something.

    What the emulated AWS refuses, or that it does not answer, is logged; the next turn tries again.
    """
    enabled = PrivateAccess.objects.exclude(enabled_at=None).select_related("deployment__connection")
    live = enabled.filter(deployment__state__in=[DeploymentState.READY, DeploymentState.TEARDOWN])
    return sum(_served(row.deployment) for row in live)


def _served(deployment: Deployment) -> bool:
    byoc = ByocVpc.of(deployment)
    if byoc is None or deployment.connection is None:
        return False
    try:
        site = Site(deployment.connection.account_id, byoc, deployment.slug)
        return site.build() if deployment.state == DeploymentState.READY else site.clear()
    except (BotoCoreError, ClientError, NoEmulatorError) as error:
        log.warning("control plane", deployment=str(deployment.pk), error=str(error))
        return False


class Site:
    """The BYOC VPC of one deployment, reached as the root of its emulated account."""

    def __init__(self, account_id: str, byoc: ByocVpc, slug: str) -> None:
        self._byoc = byoc
        self._cluster = cluster_name(slug)
        self._name = f"k8s-clickhouse-{slug}"
        self._group_name = f"k8s-traffic-{slug}"
        self._ec2 = aws.client("ec2", account_id, byoc.region)
        self._elb = aws.client("elbv2", account_id, byoc.region)

    def build(self) -> bool:
        """Group, load balancer and listeners, each unless it is there; returns whether something was made."""
        balancer = self._own_balancer()
        missing = set(PRIVATE_PORTS) - self._ports(balancer) if balancer else set(PRIVATE_PORTS)
        if balancer is None:
            balancer = self._make_balancer(next(self._groups(), "") or self._make_group())
        for port in sorted(missing):
            self._listen(balancer, port)
        return bool(missing)

    def clear(self) -> bool:
        """Removes all of it; returns whether something was there."""
        balancer, groups = self._own_balancer(), list(self._groups())
        if balancer is not None:
            self._elb.delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])
        for target_group in self._target_groups():
            self._elb.delete_target_group(TargetGroupArn=target_group)
        for group in groups:
            self._ec2.delete_security_group(GroupId=group)
        return balancer is not None or bool(groups)

    def _own_balancer(self) -> dict[str, Any] | None:
        pages = self._elb.get_paginator("describe_load_balancers").paginate()
        found = (one for page in pages for one in page["LoadBalancers"] if one["VpcId"] == self._byoc.vpc_id)
        return next((one for one in found if one["LoadBalancerName"] == self._name), None)

    def _groups(self) -> Iterator[str]:
        filters = [
            {"Name": "vpc-id", "Values": [self._byoc.vpc_id]},
            {"Name": f"tag:{BALANCER_TAG}", "Values": [self._cluster]},
            {"Name": "group-name", "Values": [self._group_name]},
        ]
        for group in self._ec2.describe_security_groups(Filters=filters)["SecurityGroups"]:
            yield str(group["GroupId"])

    def _target_groups(self) -> Iterator[str]:
        for group in self._elb.describe_target_groups()["TargetGroups"]:
            if group["VpcId"] == self._byoc.vpc_id and group["TargetGroupName"].startswith(f"{self._name}-"):
                yield str(group["TargetGroupArn"])

    def _make_group(self) -> str:
        made = self._ec2.create_security_group(
            GroupName=self._group_name,
            Description="[k8s] Managed SecurityGroup for LoadBalancer",
            VpcId=self._byoc.vpc_id,
            TagSpecifications=[{"ResourceType": "security-group", "Tags": self._tags()}],
        )
        return str(made["GroupId"])

    def _make_balancer(self, group: str) -> dict[str, Any]:
        made: dict[str, Any] = self._elb.create_load_balancer(
            Name=self._name,
            Subnets=self._subnets(),
            SecurityGroups=[group],
            Scheme="internal",
            Type="network",
            Tags=self._tags(),
        )["LoadBalancers"][0]
        return made

    def _ports(self, balancer: dict[str, Any]) -> set[int]:
        listeners = self._elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        return {int(listener["Port"]) for listener in listeners}

    def _listen(self, balancer: dict[str, Any], port: int) -> None:
        target = self._elb.create_target_group(
            Name=f"{self._name}-{port}", Protocol="TCP", Port=port, VpcId=self._byoc.vpc_id, TargetType="ip"
        )["TargetGroups"][0]
        forward = {"Type": "forward", "TargetGroupArn": target["TargetGroupArn"]}
        self._elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="TCP", Port=port, DefaultActions=[forward]
        )

    def _subnets(self) -> list[str]:
        """One per zone: the controller takes the one whose id comes first."""
        found = self._ec2.describe_subnets(SubnetIds=list(self._byoc.subnets))["Subnets"]
        first = {one["AvailabilityZone"]: one["SubnetId"] for one in sorted(found, key=_by_id, reverse=True)}
        return sorted(first.values())

    def _tags(self) -> list[dict[str, str]]:
        return [{"Key": BALANCER_TAG, "Value": self._cluster}, {"Key": "Name", "Value": self._name}]


def _by_id(subnet: dict[str, Any]) -> str:
    return str(subnet["SubnetId"])
