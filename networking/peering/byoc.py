"""The BYOC VPC of a deployment that is ready: what a peering's requester side is registered as."""

from dataclasses import dataclass
from typing import Self

from networking.looks import newest_look
from networking.peering.checks.ranges import Block, outermost
from onboarding.models import Deployment, InfrastructurePlan, Stack


@dataclass(frozen=True, kw_only=True)
class ByocVpc:
    """`subnets` are the private ones, `ranges` those that are known: the plan's, and what our looks saw beside it."""

    vpc_id: str
    region: str
    subnets: tuple[str, ...]
    ranges: tuple[str, ...]

    @classmethod
    def of(cls, deployment: Deployment) -> Self | None:
        """By the launch's outputs, or by the plan where the customer brought the VPC; None before there is one."""
        plan = InfrastructurePlan.objects.filter(deployment=deployment).first()
        if plan is None:
            return None
        if plan.brings_vpc:
            return cls._brought(deployment, plan)
        outputs = _network_outputs(deployment)
        vpc_id = outputs.get("VpcId", "")
        if not vpc_id:
            return None
        subnets = tuple(part.strip() for part in outputs.get("PrivateSubnetIds", "").split(",") if part.strip())
        ranges = tuple(dict.fromkeys(part for part in (outputs.get("VpcCidr", ""), plan.cidr) if part))
        return cls(vpc_id=vpc_id, region=plan.region, subnets=subnets, ranges=ranges)

    @classmethod
    def _brought(cls, deployment: Deployment, plan: InfrastructurePlan) -> Self | None:
        if not plan.vpc_id:
            return None
        seen = newest_look(deployment, plan.vpc_id)
        vpc = seen.look.network.vpc if seen else None
        more = (*(one.cidr for one in vpc.cidrs), *(one.cidr for one in vpc.ipv6_cidrs)) if vpc else ()
        ranges = tuple(dict.fromkeys(part for part in (plan.cidr, *more) if part))
        return cls(vpc_id=plan.vpc_id, region=plan.region, subnets=tuple(plan.subnet_ids), ranges=ranges)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The ranges as numbers, those within others left out."""
        return outermost(self.ranges)


def _network_outputs(deployment: Deployment) -> dict[str, str]:
    stacks = Stack.objects.filter(deployment=deployment, kind="network").order_by("-generation")
    return next((dict(stack.outputs) for stack in stacks if stack.outputs), {})
