"""Load balancers, as `elasticloadbalancing:DescribeLoadBalancers` of the second generation lists them."""

from dataclasses import dataclass
from typing import Self

from portal.aws.facts.shapes import Document, Fact, inner, required, several, text, texts


@dataclass(frozen=True, kw_only=True)
class LoadBalancerFact(Fact):
    """`type`: application, network, gateway. `scheme`: internet-facing, internal. `state`: provisioning, active,
    active_impaired, failed; `reason` is AWS's word on it. Its tags come from another call, which nobody makes.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html
    """

    arn: str
    name: str = ""
    type: str = ""
    scheme: str = ""
    vpc: str = ""
    state: str = ""
    reason: str = ""
    dns_name: str = ""
    address_type: str = ""
    security_groups: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `LoadBalancers`. Raises `IncompleteAnswerError` without an ARN."""
        return cls(
            arn=required(document, "LoadBalancerArn"),
            name=text(document, "LoadBalancerName"),
            type=text(document, "Type"),
            scheme=text(document, "Scheme"),
            vpc=text(document, "VpcId"),
            state=text(inner(document, "State"), "Code"),
            reason=text(inner(document, "State"), "Reason"),
            dns_name=text(document, "DNSName"),
            address_type=text(document, "IpAddressType"),
            security_groups=texts(document, "SecurityGroups"),
            subnets=several(document, "AvailabilityZones", lambda zone: text(zone, "SubnetId")),
        )
