"""Ranges of IPv4 addresses that somebody already uses, and why."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class RangeKind(StrEnum):
    """Who uses a range."""

    VPC = "vpc"
    PEER = "peer"
    ON_PREMISES = "on_premises"
    DOCKER = "docker"
    EKS_SERVICE = "eks-service"
    VENDOR = "vendor"
    CHOSEN = "chosen"


#: What each kind is called in a legend.
KIND_LABELS: "dict[RangeKind, StrOrPromise]" = {
    RangeKind.VPC: _("existing VPC"),
    RangeKind.PEER: _("network to be peered"),
    RangeKind.ON_PREMISES: _("on-premises network"),
    RangeKind.DOCKER: _("Docker's own network"),
    RangeKind.EKS_SERVICE: _("addresses of Kubernetes services"),
    RangeKind.VENDOR: _("network of the vendor"),
    RangeKind.CHOSEN: _("the BYOC VPC"),
}


@dataclass(frozen=True, kw_only=True)
class Range:
    """One used range: `network` in canonical form, `kind`, and `label`, the words or the id that people know
    it by.
    """

    network: IPv4Network
    kind: RangeKind
    label: "StrOrPromise"

    def __str__(self) -> str:
        return f"{self.label} ({self.network})"


#: RFC 1918, the only blocks that a BYOC VPC may come from. Not `is_private`, which is also true for loopback,
#: link-local, benchmarking and documentation addresses.
#: https://datatracker.ietf.org/doc/html/rfc1918#section-3
PRIVATE_BLOCKS = (IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))

#: AWS advises against this range for a VPC, because some of its own services use it for Docker's bridge.
#: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
DOCKER_RANGES = (
    Range(network=IPv4Network("172.17.0.0/16"), kind=RangeKind.DOCKER, label=_("Docker's bridge network")),
)

#: https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html: without a
#: range of one's own, EKS gives services addresses from one of these two, and the range must not overlap the
#: VPC.
EKS_SERVICE_RANGES = (
    Range(network=IPv4Network("10.100.0.0/16"), kind=RangeKind.EKS_SERVICE, label=_("the EKS service range")),
    Range(network=IPv4Network("172.20.0.0/16"), kind=RangeKind.EKS_SERVICE, label=_("the EKS service range")),
)

#: The vendor's engineers come in through Tailscale, whose nodes have addresses of this block.
#: https://tailscale.com/kb/1015/100.x-addresses
VENDOR_RANGES = (
    Range(
        network=IPv4Network("100.64.0.0/10"),
        kind=RangeKind.VENDOR,
        label=_("Tailscale troubleshooting access"),
    ),
)
