"""What each stack consists of, for the progress page; and what can stand in the way of its deletion.

Typical seconds are what AWS usually takes; a figure that turns out wrong makes a progress bar slow, nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.stacks.kinds import StackKind
from onboarding.stacks.profiles import profile_named

_QUICK = 5
_SECONDS: Final[Mapping[str, int]] = {
    "AWS::EC2::VPC": 15,
    "AWS::EC2::InternetGateway": 20,
    "AWS::EC2::EIP": 20,
    "AWS::EC2::NatGateway": 110,
    "AWS::S3::Bucket": 25,
    "AWS::IAM::Role": 20,
    "AWS::IAM::ManagedPolicy": 15,
    "AWS::EKS::Cluster": 600,
    "AWS::EKS::Nodegroup": 180,
    "AWS::EKS::Addon": 60,
    "AWS::EKS::PodIdentityAssociation": 10,
}

TYPE_TITLES: Final[Mapping[str, str | Promise]] = {
    "AWS::EC2::EIP": _("Elastic IP address"),
    "AWS::EC2::InternetGateway": _("Internet gateway"),
    "AWS::EC2::LaunchTemplate": _("Launch template of the nodes"),
    "AWS::EC2::NatGateway": _("NAT gateway"),
    "AWS::EC2::Route": _("Route"),
    "AWS::EC2::RouteTable": _("Route table"),
    "AWS::EC2::Subnet": _("Subnet"),
    "AWS::EC2::SubnetRouteTableAssociation": _("Route table association"),
    "AWS::EC2::VPC": _("VPC"),
    "AWS::EC2::VPCEndpoint": _("S3 gateway endpoint"),
    "AWS::EC2::VPCGatewayAttachment": _("Internet gateway attachment"),
    "AWS::EKS::AccessEntry": _("Access entry"),
    "AWS::EKS::Addon": _("EKS add-on"),
    "AWS::EKS::Cluster": _("EKS cluster"),
    "AWS::EKS::Nodegroup": _("Node group"),
    "AWS::EKS::PodIdentityAssociation": _("Pod identity"),
    "AWS::IAM::ManagedPolicy": _("IAM policy"),
    "AWS::IAM::Role": _("IAM role"),
    "AWS::S3::Bucket": _("S3 bucket"),
    "AWS::S3::BucketPolicy": _("Bucket policy"),
}


@dataclass(frozen=True)
class InventoryItem:
    """One resource that a stack will have: its id in the template, its type, and how long AWS usually takes for it."""

    logical_id: str
    type: str
    title: str | Promise
    typical_seconds: int
    retained: bool


@dataclass(frozen=True)
class DeletionBlocker:
    """Something that makes AWS refuse to delete a stack. `code` is stable; the sentences are for people."""

    code: str
    stack: str
    what: str | Promise
    act: str | Promise


def inventory(kind: StackKind, profile: str) -> tuple[InventoryItem, ...]:
    """The resources of a stack in the order of its template. Raises UnknownProfile."""
    template = kind.render(profile_named(profile))
    return tuple(
        InventoryItem(
            logical_id=logical_id,
            type=resource.type,
            title=TYPE_TITLES[resource.type],
            typical_seconds=_SECONDS.get(resource.type, _QUICK),
            retained=resource.retained,
        )
        for logical_id, resource in template.resources.items()
    )


BLOCKERS: Final[tuple[DeletionBlocker, ...]] = (
    DeletionBlocker(
        "cluster.load-balancers",
        "cluster",
        _("Load balancers that the cluster has made are not in a stack. Nobody removes them once the cluster is gone."),
        _("Remove the services of type LoadBalancer first, or delete the load balancers in the EC2 console."),
    ),
    DeletionBlocker(
        "cluster.volumes",
        "cluster",
        _("Volumes of databases stay in EC2 after the cluster is gone, and go on costing money."),
        _("Take a backup, then delete the volumes that you no longer need in the EC2 console."),
    ),
    DeletionBlocker(
        "cluster.other-node-groups",
        "cluster",
        _("EKS does not delete a cluster that has node groups or Fargate profiles outside of the stack."),
        _("Delete the further node groups and Fargate profiles in the EKS console, then try again."),
    ),
    DeletionBlocker(
        "cluster.logs-stay",
        "cluster",
        _("The log group of the control plane stays in CloudWatch Logs when the cluster is gone."),
        _("Keep it for your records, or delete it in the CloudWatch console."),
    ),
    DeletionBlocker(
        "roles.in-use",
        "roles",
        _("IAM does not delete a role or policy while something outside of the stack is attached to it."),
        _("Detach what was attached by hand in the IAM console, then try again."),
    ),
    DeletionBlocker(
        "storage.buckets-stay",
        "storage",
        _("The three buckets stay with everything in them when the stack is deleted. They are yours."),
        _("Keep them, or empty and delete them in the S3 console."),
    ),
    DeletionBlocker(
        "network.interfaces",
        "network",
        _("A subnet with a network interface in it cannot be deleted: a load balancer, an endpoint or an instance."),
        _("Delete what owns the network interface, then try again."),
    ),
    DeletionBlocker(
        "network.security-groups",
        "network",
        _("A VPC with security groups that somebody added cannot be deleted."),
        _("Delete those security groups in the VPC console, then try again."),
    ),
    DeletionBlocker(
        "network.peering",
        "network",
        _("A VPC with a peering connection or with a request that waits cannot be deleted."),
        _("Delete the peering connections first, in the reverse order of the six steps."),
    ),
    DeletionBlocker(
        "network.endpoints",
        "network",
        _("Endpoints that were added to the VPC by hand keep it from being deleted."),
        _("Delete those endpoints in the VPC console, then try again."),
    ),
)


def blockers(kind: StackKind) -> tuple[DeletionBlocker, ...]:
    """What can stand in the way of deleting this stack, in general."""
    return tuple(blocker for blocker in BLOCKERS if blocker.stack == kind.name)
