"""Security groups: what keeps one from being deleted.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.services import elbv2
from portal.demo.emulator.world import World


def delete_security_group(world: World, call: Call) -> Mapping[str, Any]:
    """Refused while a load balancer carries the group or a rule of another group names it."""
    own = str(call.parameters.get("GroupId") or "")
    ec2 = world.moto.backend("ec2", call.account, call.region)
    if own and (elbv2.holds(world, call, group=own) or own in _named(ec2, own)):
        raise ServiceError("DependencyViolation", f"resource {own} has a dependent object")
    return world.moto.perform("ec2", "DeleteSecurityGroup", call.parameters, call.account, call.region)


def _named(ec2: Any, besides: str) -> Iterator[str]:
    """The groups that rules of other groups than `besides` name."""
    for groups in ec2.groups.values():
        for group in groups.values():
            if group.id != besides:
                for rule in (*group.ingress_rules, *group.egress_rules):
                    yield str((rule.source_group or {}).get("GroupId", ""))


OPERATIONS = {"DeleteSecurityGroup": delete_security_group}
