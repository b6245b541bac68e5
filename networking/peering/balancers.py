"""Which load balancer of a VPC is a deployment's private one: found by its security groups, never typed. Pure.

The load balancer controller tags the security groups that it makes with the name of its cluster, and gives them to the
load balancers of that cluster.
https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
"""

from collections.abc import Collection

from networking.peering.shapes import PeeringSide
from onboarding.stacks.naming import BALANCER_TAG, cluster_name
from portal.aws.facts.load_balancers import LoadBalancerFact
from portal.aws.facts.shapes import tag_value

#: TCP ports of a private endpoint: HTTPS, ClickHouse's HTTPS interface and its native one over TLS.
PRIVATE_PORTS = (443, 8443, 9440)


def internal_balancers(side: PeeringSide, vpc_id: str) -> tuple[LoadBalancerFact, ...] | None:
    """The internal network load balancers of the VPC, by name; None when they were not read."""
    if side.load_balancers is None:
        return None
    found = (one for one in side.load_balancers if (one.type, one.scheme, one.vpc) == ("network", "internal", vpc_id))
    return tuple(sorted(found, key=lambda one: (one.name, one.arn)))


def private_balancers(
    side: PeeringSide, vpc_id: str, groups: Collection[str]
) -> tuple[LoadBalancerFact, ...] | None:  # fmt: skip
    """Those of them that have one of the security groups; None when load balancers were not read."""
    found = internal_balancers(side, vpc_id)
    return None if found is None else tuple(one for one in found if set(one.security_groups) & set(groups))


def balancer_groups(side: PeeringSide, vpc_id: str, slug: str) -> tuple[str, ...]:
    """The security groups of the deployment's private load balancer; none where none was found.

    Where nobody could read the groups, those of every internal network load balancer of the VPC.
    """
    worn = sorted({group for one in internal_balancers(side, vpc_id) or () for group in one.security_groups})
    if side.security_groups is None:
        return tuple(worn)
    cluster = cluster_name(slug)
    ours = {group.id for group in side.security_groups if tag_value(group.tags, BALANCER_TAG) == cluster}
    return tuple(group for group in worn if group in ours)
