"""Context keys of EC2 resources that exist: tags, their own id, the VPC they are in, the two sides of a peering.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.iam.tags import resource_tags

Keys = dict[str, tuple[str, ...]]


def existing_keys(ec2: Any, kind: str, own: str) -> Keys:
    """The keys of one resource of that type in that account and region; what does not exist has its id alone."""
    tags = {str(key): str(value or "") for key, value in dict(ec2.tags.get(own, {})).items()}
    keys = {**resource_tags(tags, "ec2"), f"ec2:{kind.replace('-', '')}id": (own,)}
    if kind == "vpc-peering-connection":
        return keys | _sides(ec2.vpc_pcxs.get(own))
    vpc = _vpc_of(ec2, kind, own)
    return keys | ({"ec2:vpc": (_vpc_arn(ec2.region_name, ec2.account_id, vpc),)} if vpc else {})


def _sides(peering: Any) -> Keys:
    if peering is None:
        return {}
    both = {"ec2:acceptervpc": peering.accepter_vpc_info, "ec2:requestervpc": peering.requester_vpc_info}
    return {key: (_vpc_arn(one["Region"], one["OwnerId"], one["VpcId"]),) for key, one in both.items()}


def _vpc_of(ec2: Any, kind: str, own: str) -> str:
    """The VPC of a resource whose type knows `ec2:Vpc`; empty for others, and for what does not exist."""
    shelves: Mapping[str, Any] = {
        "network-acl": ec2.network_acls.get(own),
        "network-interface": ec2.enis.get(own),
        "route-table": ec2.route_tables.get(own),
        "security-group": next((groups[own] for groups in ec2.groups.values() if own in groups), None),
        "subnet": next((subnets[own] for subnets in ec2.subnets.values() if own in subnets), None),
    }
    found = shelves.get(kind)
    subnet = getattr(found, "subnet", None)  # an interface knows its VPC by its subnet
    return str(getattr(found, "vpc_id", None) or getattr(subnet, "vpc_id", None) or "")


def _vpc_arn(region: str, account: str, vpc: str) -> str:
    return f"arn:aws:ec2:{region}:{account}:vpc/{vpc}"
