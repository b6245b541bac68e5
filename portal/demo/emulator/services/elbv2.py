"""Load balancers, where moto is too lenient: names, groups and subnets that fit, ARNs and names by type.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
"""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.world import World

# Type → its part of the ARN:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
ARN_PARTS: Mapping[str, str] = {"application": "app", "network": "net", "gateway": "gwy"}
# Type → the quota of such load balancers per region.
_QUOTAS: Mapping[str, str] = {"application": "L-53DA6B97", "network": "L-69A177A2"}
USED = "load-balancers"
"""The shelf that says where load balancers were made: moto's service is loaded there only."""


def create_load_balancer(world: World, call: Call) -> Mapping[str, Any]:
    """The same name with the same settings is the same load balancer; with others it is refused."""
    given = call.parameters
    backend = world.moto.backend("elbv2", call.account, call.region)
    known = next((one for one in backend.load_balancers.values() if one.name == given["Name"]), None)
    if known is not None:
        _check_same(known, given)
        return _described(world, call, known.arn)
    _check_place(world, call)
    _check_quota(world, call, backend)
    made = world.moto.perform("elbv2", "CreateLoadBalancer", given, call.account, call.region)["LoadBalancers"][0]
    balancer = backend.load_balancers.pop(made["LoadBalancerArn"])
    _rename(balancer)
    world.shelf(USED)[call.account, call.region] = True
    backend.load_balancers[balancer.arn] = balancer
    tags = {tag["Key"]: tag.get("Value", "") for tag in given.get("Tags") or []}
    backend.tagging_service.delete_all_tags_for_resource(made["LoadBalancerArn"])
    backend.tagging_service.tag_resource(balancer.arn, [{"Key": key, "Value": value} for key, value in tags.items()])
    names = {"LoadBalancerArn": balancer.arn, "DNSName": balancer.dns_name}
    return {"LoadBalancers": [made | names]}


def _rename(balancer: Any) -> None:
    """moto calls all of them `app`. Names of network load balancers end otherwise, too:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#dns-name
    """
    head, _, tail = balancer.arn.partition(":loadbalancer/app/")
    balancer.arn = f"{head}:loadbalancer/{ARN_PARTS[balancer.type]}/{tail}"
    if balancer.type == "network":
        region = balancer.arn.split(":")[3]
        balancer.dns_name = f"{balancer.name}-{tail.rsplit('/', 1)[-1]}.elb.{region}.amazonaws.com"


def _check_same(known: Any, given: Mapping[str, Any]) -> None:
    settings = (
        (known.scheme, given.get("Scheme", "internet-facing")),
        (known.type, given.get("Type", "application")),
        ({subnet.id for subnet in known.subnets}, _subnets(given)),
        (set(known.security_groups or ()), set(given.get("SecurityGroups") or ())),
    )
    if any(now != wanted for now, wanted in settings):
        message = f"A load balancer with the same name '{known.name}' exists, but with different settings"
        raise ServiceError("DuplicateLoadBalancerName", message)


def _subnets(given: Mapping[str, Any]) -> set[str]:
    mapped = (mapping["SubnetId"] for mapping in given.get("SubnetMappings") or ())
    return {*(given.get("Subnets") or ()), *mapped}


def _check_place(world: World, call: Call) -> None:
    """Subnets of one VPC, one per zone, and groups of that VPC."""
    ec2 = world.moto.backend("ec2", call.account, call.region)
    everything = {own: subnet for zone in ec2.subnets.values() for own, subnet in zone.items()}
    wanted = _subnets(call.parameters)
    for missing in sorted(wanted - set(everything)):
        raise ServiceError("SubnetNotFound", f"The subnet ID '{missing}' does not exist")
    subnets = [everything[own] for own in sorted(wanted)]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise ServiceError("InvalidConfigurationRequest", "All subnets must belong to the same VPC")
    zones = [subnet.availability_zone for subnet in subnets]
    if len(set(zones)) < len(zones):
        message = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise ServiceError("InvalidConfigurationRequest", message)
    for group in call.parameters.get("SecurityGroups") or ():
        if all(group not in ec2.groups.get(subnet.vpc_id, {}) for subnet in subnets):
            raise ServiceError("InvalidSecurityGroup", f"One or more security groups are invalid: {group}")


def _check_quota(world: World, call: Call, backend: Any) -> None:
    kind = call.parameters.get("Type", "application")
    count = sum(one.type == kind for one in backend.load_balancers.values())
    if kind in _QUOTAS and count >= world.quotas.value(
        call.account, call.region, "elasticloadbalancing", _QUOTAS[kind]
    ):
        message = f"The maximum number of load balancers has been reached for account '{call.account}'"
        raise ServiceError("TooManyLoadBalancers", message)


def _described(world: World, call: Call, arn: str) -> Mapping[str, Any]:
    given = {"LoadBalancerArns": [arn]}
    return world.moto.perform("elbv2", "DescribeLoadBalancers", given, call.account, call.region)


def holds(world: World, call: Call, *, subnet: str = "", group: str = "") -> bool:
    """Whether a load balancer's network interfaces stand in that subnet, or carry that security group."""
    if (call.account, call.region) not in world.shelf(USED):
        return False
    balancers = world.moto.backend("elbv2", call.account, call.region).load_balancers.values()
    return any(group in (one.security_groups or ()) or subnet in {each.id for each in one.subnets} for one in balancers)


OPERATIONS = {"CreateLoadBalancer": create_load_balancer}
