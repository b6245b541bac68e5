"""How much of each quota is in use: counted by describing, None where the role may not look."""

from collections import Counter
from collections.abc import Callable, Iterable

from portal.aws import ec2, eks, elbv2
from portal.aws.errors import Refused
from portal.aws.facts.quotas import UsageFact
from portal.aws.facts.zones import ZoneFact
from portal.aws.sessions import AccountSession

#: States in which a NAT gateway no longer counts.
#: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
PAST = {"deleted", "failed"}


def count_usage(session: AccountSession, region: str, zones: Iterable[ZoneFact]) -> tuple[UsageFact, ...]:
    """Usage of every quota that the verifier role can count; the others are missing and so unknown."""
    counts: dict[tuple[str, str], Callable[[], int]] = {
        ("vpc", "L-F678F1CE"): lambda: _count(session, region, "describe_vpcs", "Vpcs"),
        ("vpc", "L-A4707A72"): lambda: _count(session, region, "describe_internet_gateways", "InternetGateways"),
        ("vpc", "L-E79EC296"): lambda: _count(session, region, "describe_security_groups", "SecurityGroups"),
        ("vpc", "L-1B52E74A"): lambda: _gateway_endpoints(session, region),
        ("ec2", "L-0263D0A3"): lambda: _addresses(session, region),
        ("eks", "L-1194D53C"): lambda: len(eks.cluster_names(session, region)),
        ("elasticloadbalancing", "L-69A177A2"): lambda: elbv2.network_load_balancers(session, region),
    }
    found = [_usage(service, code, count) for (service, code), count in counts.items()]
    return (*found, *_nat_gateways(session, region, zones))


def _usage(service: str, code: str, count: Callable[[], int]) -> UsageFact:
    try:
        return UsageFact(service=service, code=code, used=count())
    except Refused:
        return UsageFact(service=service, code=code, used=None)


def _count(session: AccountSession, region: str, operation: str, key: str) -> int:
    return len(ec2.everything(session, region, operation, key))


def _gateway_endpoints(session: AccountSession, region: str) -> int:
    found = ec2.everything(session, region, "describe_vpc_endpoints", "VpcEndpoints")
    return sum(1 for endpoint in found if endpoint.get("VpcEndpointType") == "Gateway")


def _addresses(session: AccountSession, region: str) -> int:
    return len(ec2.addresses(session, region))


def _nat_gateways(session: AccountSession, region: str, zones: Iterable[ZoneFact]) -> list[UsageFact]:
    """NAT gateways count per zone: each stands in a subnet, and the subnet in a zone."""
    ids = [zone.id for zone in zones]
    try:
        gateways = ec2.everything(session, region, "describe_nat_gateways", "NatGateways")
        subnets = ec2.everything(session, region, "describe_subnets", "Subnets")
    except Refused:
        return [UsageFact(service="vpc", code="L-FE5A380F", used=None, scope=zone) for zone in ids]
    homes = {subnet["SubnetId"]: subnet.get("AvailabilityZoneId", "") for subnet in subnets}
    living = (gateway for gateway in gateways if gateway.get("State") not in PAST)
    used = Counter(homes.get(gateway.get("SubnetId", ""), "") for gateway in living)
    return [UsageFact(service="vpc", code="L-FE5A380F", used=used[zone], scope=zone) for zone in ids]
