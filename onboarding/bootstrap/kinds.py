"""On which kinds of resource AWS judges an action, where a statement of ours names several kinds.

The kind is what follows the account in an ARN (`vpc` in `arn:aws:ec2:…:vpc/vpc-1`). Actions that are absent here are
judged on every resource of their statement. Source: docs.aws.amazon.com/service-authorization/latest/reference/
list_amazonec2.html and list_amazonelastickubernetesservice.html; a test compares with that reference's data.
"""

from collections.abc import Mapping
from typing import Final

_CREATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "ec2:AllocateAddress": ("elastic-ip",),
    "ec2:CreateInternetGateway": ("internet-gateway",),
    "ec2:CreateLaunchTemplate": ("launch-template",),
    "ec2:CreateNatGateway": ("natgateway", "elastic-ip", "subnet"),
    "ec2:CreateRouteTable": ("route-table", "vpc"),
    "ec2:CreateSubnet": ("subnet", "vpc"),
    "ec2:CreateVpc": ("vpc",),
    "ec2:CreateVpcEndpoint": ("vpc-endpoint", "vpc", "route-table"),
    "ec2:CreateVpcPeeringConnection": ("vpc-peering-connection", "vpc"),
}
"""The thing that is made comes first: it alone knows the tags of the request."""

_CHANGES: Final[Mapping[str, tuple[str, ...]]] = {
    "ec2:AssociateRouteTable": ("route-table", "subnet"),
    "ec2:AttachInternetGateway": ("internet-gateway", "vpc"),
    "ec2:AuthorizeSecurityGroupIngress": ("security-group",),
    "ec2:CreateRoute": ("route-table",),
    "ec2:DeleteInternetGateway": ("internet-gateway",),
    "ec2:DeleteNatGateway": ("natgateway",),
    "ec2:DeleteRoute": ("route-table",),
    "ec2:DeleteRouteTable": ("route-table",),
    "ec2:DeleteSubnet": ("subnet",),
    "ec2:DeleteVpc": ("vpc",),
    "ec2:DeleteVpcEndpoints": ("vpc-endpoint",),
    "ec2:DeleteVpcPeeringConnection": ("vpc-peering-connection",),
    "ec2:DetachInternetGateway": ("internet-gateway", "vpc"),
    "ec2:DisassociateAddress": ("elastic-ip",),
    "ec2:DisassociateRouteTable": ("route-table", "subnet"),
    "ec2:ModifySubnetAttribute": ("subnet",),
    "ec2:ModifyVpcAttribute": ("vpc",),
    "ec2:ModifyVpcEndpoint": ("vpc-endpoint", "route-table"),
    "ec2:ReleaseAddress": ("elastic-ip",),
    "ec2:ReplaceRoute": ("route-table",),
    "ec2:ReplaceRouteTableAssociation": ("route-table", "subnet"),
    "ec2:RevokeSecurityGroupIngress": ("security-group",),
}

_CLUSTER: Final[Mapping[str, tuple[str, ...]]] = {
    "eks:AssociateAccessPolicy": ("access-entry",),
    "eks:CreateAccessEntry": ("cluster",),
    "eks:CreateAddon": ("cluster",),
    "eks:CreateCluster": ("cluster",),
    "eks:CreateNodegroup": ("cluster",),
    "eks:CreatePodIdentityAssociation": ("cluster",),
    "eks:DeleteAccessEntry": ("access-entry",),
    "eks:DeleteAddon": ("addon",),
    "eks:DeleteCluster": ("cluster",),
    "eks:DeleteNodegroup": ("nodegroup",),
    "eks:DeletePodIdentityAssociation": ("podidentityassociation",),
    "eks:DescribeAccessEntry": ("access-entry",),
    "eks:DescribeAddon": ("addon",),
    "eks:DescribeCluster": ("cluster",),
    "eks:DescribeNodegroup": ("nodegroup",),
    "eks:DescribePodIdentityAssociation": ("podidentityassociation",),
    "eks:DescribeUpdate": ("cluster", "addon", "nodegroup"),
    "eks:DisassociateAccessPolicy": ("access-entry",),
    "eks:ListAssociatedAccessPolicies": ("access-entry",),
    "eks:ListNodegroups": ("cluster",),
    "eks:ListUpdates": ("cluster", "addon", "nodegroup"),
    "eks:TagResource": ("cluster", "nodegroup", "addon", "access-entry", "podidentityassociation"),
    "eks:UntagResource": ("cluster", "nodegroup", "addon", "access-entry", "podidentityassociation"),
    "eks:UpdateAccessEntry": ("access-entry",),
    "eks:UpdateAddon": ("addon",),
    "eks:UpdateClusterConfig": ("cluster",),
    "eks:UpdateClusterVersion": ("cluster",),
    "eks:UpdateNodegroupConfig": ("nodegroup",),
    "eks:UpdateNodegroupVersion": ("nodegroup",),
    "eks:UpdatePodIdentityAssociation": ("podidentityassociation",),
}

JUDGED_ON: Final[Mapping[str, tuple[str, ...]]] = {**_CREATIONS, **_CHANGES, **_CLUSTER}


def kind_of(arn: str) -> str:
    """The kind in an ARN or ARN pattern: `vpc`, `cluster`, `role`; empty for `*` and for buckets."""
    parts = arn.split(":", 5)
    return parts[5].split("/", 1)[0] if len(parts) == 6 and "/" in parts[5] else ""


def judged(action: str, resource: str, *, made: bool) -> bool:
    """Whether AWS judges `action` on a resource of this kind; `made` asks for what the action makes itself."""
    if action in _CREATIONS:
        first, *rest = _CREATIONS[action]
        # A VPC, an address and an internet gateway are put into nothing; what is made is not among the rest.
        return kind_of(resource) == first if made else kind_of(resource) in rest
    kinds = JUDGED_ON.get(action)
    return kinds is None or kind_of(resource) in kinds
