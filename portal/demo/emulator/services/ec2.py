"""What every EC2 call has in common: DryRun, ClientToken, filters, pages, and ids that are not visible yet.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html
"""

import base64
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from portal.demo.emulator.backends import model
from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.pictures import list_member
from portal.demo.emulator.services import (
    ec2_endpoints,
    ec2_gateways,
    ec2_groups,
    ec2_peerings,
    ec2_routes,
    ec2_subnets,
    ec2_vpcs,
    ec2_zones,
)
from portal.demo.emulator.world import World

Operation = Callable[[World, Call], Mapping[str, Any]]

_STRICT: Mapping[str, Operation] = {
    **ec2_endpoints.OPERATIONS,
    **ec2_gateways.OPERATIONS,
    **ec2_groups.OPERATIONS,
    **ec2_peerings.OPERATIONS,
    **ec2_routes.OPERATIONS,
    **ec2_subnets.OPERATIONS,
    **ec2_vpcs.OPERATIONS,
    **ec2_zones.OPERATIONS,
}


def answer(world: World, call: Call) -> Mapping[str, Any]:
    """Answers any EC2 call: the strict way where there is one, moto's otherwise."""
    if call.parameters.get("DryRun"):
        raise ServiceError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
    _check_filters(call)
    world.visibility.refuse_hidden(call)
    token = call.parameters.get("ClientToken")
    if token is None:
        return _perform(world, call)
    shelf = world.shelf("ec2-tokens")
    key = (call.account, call.region, call.operation, token)
    if key in shelf:
        return _repeated(shelf[key], call)
    result = _perform(world, call)
    shelf[key] = (dict(call.parameters), result)
    return result


def _repeated(known: tuple[Mapping[str, Any], Mapping[str, Any]], call: Call) -> Mapping[str, Any]:
    """https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html"""
    parameters, result = known
    if parameters != dict(call.parameters):
        message = "Arguments on this idempotent request are inconsistent with arguments used in previous request(s)."
        raise ServiceError("IdempotentParameterMismatch", message)
    return result


def _perform(world: World, call: Call) -> Mapping[str, Any]:
    if not call.operation.startswith("Describe"):
        return _strict_or_moto(world, call, call.parameters)
    bare = {name: value for name, value in call.parameters.items() if name not in {"MaxResults", "NextToken"}}
    result = dict(_strict_or_moto(world, call, bare))
    try:
        member = list_member(call.operation)
    except ValueError:
        return result
    items = list(result.get(member) or [])
    if call.operation != "DescribeAvailabilityZones":
        ec2_zones.rename(world, call, items)
    return result | _page(call, member, world.visibility.seen(call, items))


def _strict_or_moto(world: World, call: Call, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    strict = _STRICT.get(call.operation)
    if strict is not None:
        return strict(world, call)
    return world.moto.perform("ec2", call.operation, parameters, call.account, call.region)


def _page(call: Call, member: str, items: list[Any]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-pagination.html"""
    size, token = call.parameters.get("MaxResults"), call.parameters.get("NextToken")
    start = _offset(token) if token else 0
    if size is None:
        return {member: items[start:]}
    end = start + int(size)
    page: dict[str, Any] = {member: items[start:end]}
    if end < len(items):
        page["NextToken"] = base64.urlsafe_b64encode(f"from:{end}".encode()).decode()
    return page


def _offset(token: str) -> int:
    try:
        text = base64.urlsafe_b64decode(token.encode()).decode()
    except (ValueError, UnicodeDecodeError):
        text = ""
    if not re.fullmatch(r"from:\d+", text):
        raise ServiceError("InvalidNextToken", "The token is invalid.")
    return int(text.removeprefix("from:"))


def _check_filters(call: Call) -> None:
    given = call.parameters.get("Filters") or call.parameters.get("Filter") or []
    known = documented_filters(call.operation)
    for entry in given:
        name = str(entry.get("Name", ""))
        if known and name not in known and not name.startswith("tag:"):
            raise ServiceError("InvalidParameterValue", f"The filter '{name}' is invalid")


@cache
def documented_filters(operation: str) -> frozenset[str]:
    """The filter names that the service model documents for a description."""
    shape = model("ec2").operation_model(operation).input_shape
    members = shape.members if shape is not None else {}
    member = members.get("Filters") or members.get("Filter")
    if member is None:
        return frozenset()
    return frozenset(re.findall(r"<code>([a-z0-9.\-]+)</code>", member.documentation))
