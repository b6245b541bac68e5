"""IAM: documents that AWS would not take, quotas of size and number, boundaries that must exist.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.iam.conditions import UnknownOperatorError, holds
from portal.demo.emulator.iam.policies import Policy, parse
from portal.demo.emulator.world import World

AWS_MANAGED = "arn:aws:iam::aws:policy/"
TRUST_LIMIT, MANAGED_LIMIT, INLINE_LIMIT, ATTACHED_LIMIT = 2048, 6144, 10240, 10
"""Characters without white space (trust, managed, inline of a role) and managed policies per role."""


def plain(world: World, call: Call) -> Mapping[str, Any]:
    """Checks what IAM checks of any call, then lets moto do it."""
    given = call.parameters
    for name in ("PolicyArn", "PermissionsBoundary"):
        if given.get(name):
            _known_policy(world, call, str(given[name]), boundary=name == "PermissionsBoundary")
    if given.get("PolicyDocument") and call.operation != "UpdateAssumeRolePolicy":
        _check_document(str(given["PolicyDocument"]))
    return world.moto.perform("iam", call.operation, given, call.account, call.region)


def create_role(world: World, call: Call) -> Mapping[str, Any]:
    """With a trust policy that IAM takes; assumable only once it has propagated."""
    _check_trust(world, str(call.parameters["AssumeRolePolicyDocument"]))
    result = plain(world, call)
    world.shelf("trust-changed")[result["Role"]["RoleId"]] = world.clock.time()
    return result


def update_assume_role_policy(world: World, call: Call) -> Mapping[str, Any]:
    """The new trust counts only once it has propagated."""
    _check_trust(world, str(call.parameters["PolicyDocument"]))
    result = plain(world, call)
    role = _iam(world, call).get_role(call.parameters["RoleName"])
    world.shelf("trust-changed")[role.id] = world.clock.time()
    return result


def create_policy(world: World, call: Call) -> Mapping[str, Any]:
    """Within the size of a managed policy."""
    if _size(str(call.parameters["PolicyDocument"])) > MANAGED_LIMIT:
        raise _limit(f"Cannot exceed quota for PolicySize: {MANAGED_LIMIT}")
    return plain(world, call)


def put_role_policy(world: World, call: Call) -> Mapping[str, Any]:
    """Within the size that all inline policies of a role may have together."""
    role = _iam(world, call).get_role(call.parameters["RoleName"])
    others = [text for name, text in role.policies.items() if name != call.parameters["PolicyName"]]
    if sum(map(_size, [*others, str(call.parameters["PolicyDocument"])])) > INLINE_LIMIT:
        raise _limit(f"Maximum policy size of {INLINE_LIMIT} bytes exceeded for role {role.name}")
    return plain(world, call)


def attach_role_policy(world: World, call: Call) -> Mapping[str, Any]:
    """Within the number of managed policies per role."""
    role = _iam(world, call).get_role(call.parameters["RoleName"])
    arn = str(call.parameters["PolicyArn"])
    if arn not in role.managed_policies and len(role.managed_policies) >= ATTACHED_LIMIT:
        raise _limit(f"Cannot exceed quota for PoliciesPerRole: {ATTACHED_LIMIT}")
    return plain(world, call)


def delete_policy(world: World, call: Call) -> Mapping[str, Any]:
    """Refused while it is attached or is somebody's boundary."""
    iam, arn = _iam(world, call), str(call.parameters["PolicyArn"])
    entities = [*iam.roles.values(), *iam.users.values()]
    if any(getattr(entity, "permissions_boundary_arn", None) == arn for entity in entities):
        raise ServiceError("DeleteConflict", "Cannot delete a policy attached to entities.", 409)
    return plain(world, call)


def _known_policy(world: World, call: Call, arn: str, *, boundary: bool) -> None:
    iam = _iam(world, call)
    if arn in iam.managed_policies:
        return
    data = _aws_managed(arn.rsplit("/", 1)[-1]) if arn.startswith(AWS_MANAGED) else None
    if data is not None:
        name = arn.rsplit("/", 1)[-1]
        policy = AWSManagedPolicy.from_data(name, call.account, "us-east-1", json.loads(data))
        iam.managed_policies[policy.arn] = policy
    if arn not in iam.managed_policies:
        text = f"Scope ARN: {arn} does not exist or is not attachable." if boundary else f"Policy {arn} was not found."
        raise ServiceError("NoSuchEntity", text, 404)


@cache
def _aws_managed(name: str) -> str | None:
    # The whole list is 4 MB of text: it is parsed for the one policy asked for and not kept.
    found = json.loads(aws_managed_policies_data).get(name)
    return None if found is None else json.dumps(found)


def _check_document(text: str) -> Policy:
    try:
        policy = parse(text, "", "")
        for statement in policy.statements:
            holds(statement.condition, {})
    except (ValueError, AttributeError, TypeError) as error:
        reason = (
            f"Invalid Condition type : {error}."
            if isinstance(error, UnknownOperatorError)
            else "Syntax errors in policy."
        )
        raise ServiceError("MalformedPolicyDocument", reason) from error
    return policy


def _check_trust(world: World, text: str) -> None:
    if _size(text) > TRUST_LIMIT:
        raise _limit(f"Cannot exceed quota for ACLSizePerRole: {TRUST_LIMIT}")
    for statement in _check_document(text).statements:
        if statement.principal is None and statement.not_principal is None:
            raise ServiceError("MalformedPolicyDocument", "Missing required field Principal")
        if statement.actions is None and statement.not_actions is None:
            raise ServiceError("MalformedPolicyDocument", "Missing required field Action")
        if statement.resources is not None or statement.not_resources is not None:
            raise ServiceError("MalformedPolicyDocument", "Has prohibited field Resource")
        named = statement.principal.get("AWS", []) if isinstance(statement.principal, dict) else []
        for arn in [named] if isinstance(named, str) else named:
            _check_principal(world, arn)


def _check_principal(world: World, arn: str) -> None:
    """A user or role that a trust policy names must exist.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    match = re.fullmatch(r"arn:aws:iam::(\d{12}):(user|role)/.+", arn)
    known = arn == "*" or re.fullmatch(r"\d{12}|arn:aws:(iam|sts)::\d{12}:.+", arn) is not None
    if match:
        iam = world.moto.backend("iam", match.group(1), "us-east-1")
        entities = iam.users if match.group(2) == "user" else iam.roles
        known = any(entity.arn == arn for entity in entities.values())
    if not known:
        message = f'Invalid principal in policy: "AWS":"{arn}"'
        raise ServiceError("MalformedPolicyDocument", message)


def _size(text: str) -> int:
    return len(re.sub(r"\s", "", text))


def _limit(message: str) -> ServiceError:
    return ServiceError("LimitExceeded", message, 409)


def _iam(world: World, call: Call) -> Any:
    return world.moto.backend("iam", call.account, "us-east-1")


OPERATIONS = {
    "CreateRole": create_role,
    "UpdateAssumeRolePolicy": update_assume_role_policy,
    "CreatePolicy": create_policy,
    "CreatePolicyVersion": create_policy,
    "PutRolePolicy": put_role_policy,
    "AttachRolePolicy": attach_role_policy,
    "DeletePolicy": delete_policy,
    **dict.fromkeys(
        (
            "PutRolePermissionsBoundary",
            "PutUserPolicy",
            "PutGroupPolicy",
            "AttachUserPolicy",
            "AttachGroupPolicy",
            "GetPolicy",
            "GetPolicyVersion",
            "ListPolicyVersions",
            "CreateUser",
        ),
        plain,
    ),
}
