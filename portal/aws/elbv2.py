"""Elastic Load Balancing, as far as it is read.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/
"""

from typing import Any

from portal.aws.errors import speaking
from portal.aws.facts.load_balancers import LoadBalancerFact
from portal.aws.sessions import AccountSession


def network_load_balancers(session: AccountSession, region: str) -> int:
    """How many Network Load Balancers a region has."""
    return sum(1 for item in _load_balancers(session, region) if item.get("Type") == "network")


def load_balancer_names(session: AccountSession, region: str, vpc_id: str) -> list[str]:
    """The names of all load balancers of one VPC."""
    return [item["LoadBalancerName"] for item in _load_balancers(session, region) if item.get("VpcId") == vpc_id]


def load_balancers_of(session: AccountSession, region: str, vpc_id: str) -> tuple[LoadBalancerFact, ...]:
    """All load balancers of one VPC; the operation has no filter for that."""
    found = (LoadBalancerFact.from_aws(item) for item in _load_balancers(session, region))
    return tuple(balancer for balancer in found if balancer.vpc == vpc_id)


def _load_balancers(session: AccountSession, region: str) -> list[dict[str, Any]]:
    paginator = session.reader("elbv2", region).get_paginator("describe_load_balancers")
    with speaking("elasticloadbalancing:DescribeLoadBalancers"):
        return [item for page in paginator.paginate() for item in page["LoadBalancers"]]
