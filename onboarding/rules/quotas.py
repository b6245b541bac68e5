"""What a launch takes from the quotas of an account."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Per(StrEnum):
    """What one quota counts in. Usage of a quota per VPC or per cluster is 0 for what the launch makes
    itself.
    """

    ACCOUNT = "account"
    REGION = "region"
    ZONE = "zone"
    VPC = "vpc"
    CLUSTER = "cluster"


@dataclass(frozen=True, kw_only=True)
class QuotaNeed:
    """`amount` more of one quota: `service` and `code` as Service Quotas spells them, `name` for people.

    One `for_new_vpc` is taken by the network stack only: a launch into a VPC that the customer brings does not need it.
    """

    service: str
    code: str
    name: "StrOrPromise"
    amount: int
    per: Per = Per.REGION
    for_new_vpc: bool = False

    @property
    def key(self) -> str:
        """`vpc/L-F678F1CE`, the quota's name in findings."""
        return f"{self.service}/{self.code}"


#: The vendor's floor (aws-service-limits) and what the four launch stacks create. Codes and names:
#: https://docs.aws.amazon.com/general/latest/gr/vpc-service.html, …/ec2-service.html, …/eks.html, …/s3.html,
#: …/elb.html. The vCPU figure is the floor of "peak × 1.5 + 100"; the overhead of a deployment alone is about
#: 48.
LAUNCH_NEEDS = (
    QuotaNeed(service="vpc", code="L-F678F1CE", name=_("VPCs per Region"), amount=1, for_new_vpc=True),
    QuotaNeed(service="vpc", code="L-A4707A72", name=_("Internet gateways per Region"), amount=1, for_new_vpc=True),
    QuotaNeed(
        service="vpc",
        code="L-FE5A380F",
        name=_("NAT gateways per Availability Zone"),
        amount=1,
        per=Per.ZONE,
        for_new_vpc=True,
    ),
    QuotaNeed(service="vpc", code="L-1B52E74A", name=_("Gateway VPC endpoints per Region"), amount=1, for_new_vpc=True),
    QuotaNeed(service="vpc", code="L-E79EC296", name=_("VPC security groups per Region"), amount=10),
    QuotaNeed(service="vpc", code="L-407747CB", name=_("Subnets per VPC"), amount=6, per=Per.VPC, for_new_vpc=True),
    QuotaNeed(
        service="vpc", code="L-589F43AA", name=_("Route tables per VPC"), amount=4, per=Per.VPC, for_new_vpc=True
    ),
    QuotaNeed(service="ec2", code="L-0263D0A3", name=_("EC2-VPC Elastic IPs"), amount=3, for_new_vpc=True),
    QuotaNeed(
        service="ec2",
        code="L-1216C47A",
        name=_("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances, in vCPUs"),
        amount=100,
    ),
    QuotaNeed(service="eks", code="L-1194D53C", name=_("EKS clusters"), amount=1),
    QuotaNeed(service="eks", code="L-6D54EA21", name=_("Managed node groups per cluster"), amount=4, per=Per.CLUSTER),
    QuotaNeed(
        service="elasticloadbalancing",
        code="L-69A177A2",
        name=_("Network Load Balancers per Region"),
        amount=1,
    ),
    QuotaNeed(service="s3", code="L-DC2B2D3D", name=_("S3 general purpose buckets"), amount=4, per=Per.ACCOUNT),
)
