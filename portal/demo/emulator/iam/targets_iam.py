"""IAM's own resources and keys.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from collections.abc import Iterator
from typing import Any

from portal.demo.emulator.backends import Moto
from portal.demo.emulator.calls import Call
from portal.demo.emulator.iam.tags import request_tags, resource_tags

Keys = dict[str, tuple[str, ...]]


def targets(call: Call, moto: Moto) -> Iterator[tuple[str, str, Keys]]:
    """Action, resource and keys of an IAM call, and the roles it passes on."""
    iam = moto.backend("iam", call.account, "us-east-1")
    yield f"iam:{call.operation}", _resource(call, iam), _keys(call, iam)
    if call.operation == "AddRoleToInstanceProfile":
        role = _role_arn(call, iam)
        yield "iam:PassRole", role, {"iam:passedtoservice": ("ec2.amazonaws.com",)}
    if call.operation in {"CreateRole", "CreateUser", "CreatePolicy"} and call.parameters.get("Tags"):
        yield f"iam:Tag{call.operation.removeprefix('Create')}", _resource(call, iam), _keys(call, iam)


def _resource(call: Call, iam: Any) -> str:
    given, base = call.parameters, f"arn:aws:iam::{call.account}"
    if call.operation == "CreateServiceLinkedRole":
        return f"{base}:role/aws-service-role/{given.get('AWSServiceName')}/*"
    # In this order: a call that names a role and a policy acts on the role.
    for name, own in (
        ("PolicySourceArn", lambda: given["PolicySourceArn"]),
        ("InstanceProfileName", lambda: _profile_arn(call, iam)),
        ("RoleName", lambda: _role_arn(call, iam)),
        ("UserName", lambda: _user_arn(call, iam)),
        ("GroupName", lambda: f"{base}:group{given.get('Path', '/')}{given['GroupName']}"),
        ("PolicyArn", lambda: given["PolicyArn"]),
        ("PolicyName", lambda: f"{base}:policy{given.get('Path', '/')}{given['PolicyName']}"),
        ("OpenIDConnectProviderArn", lambda: given["OpenIDConnectProviderArn"]),
        ("Url", lambda: f"{base}:oidc-provider/{str(given['Url']).removeprefix('https://')}"),
    ):
        if given.get(name):
            return str(own())
    return "*"


def _profile_arn(call: Call, iam: Any) -> str:
    name = call.parameters["InstanceProfileName"]
    known = next((profile.arn for profile in iam.instance_profiles.values() if profile.name == name), None)
    return str(known or f"arn:aws:iam::{call.account}:instance-profile{call.parameters.get('Path', '/')}{name}")


def _user_arn(call: Call, iam: Any) -> str:
    name = call.parameters["UserName"]
    user = iam.users.get(name)
    return str(user.arn if user else f"arn:aws:iam::{call.account}:user{call.parameters.get('Path', '/')}{name}")


def _role_arn(call: Call, iam: Any) -> str:
    name = call.parameters["RoleName"]
    role = next((role for role in iam.roles.values() if role.name == name), None)
    if role is not None:
        return str(role.arn)
    return f"arn:aws:iam::{call.account}:role{call.parameters.get('Path', '/')}{name}"


def _keys(call: Call, iam: Any) -> Keys:
    given = call.parameters
    keys = request_tags(given.get("Tags"))
    if given.get("TagKeys"):
        keys["aws:tagkeys"] = tuple(given["TagKeys"])
    entity = _entity(call, iam)
    if entity is not None:
        keys |= resource_tags({tag["Key"]: tag["Value"] for tag in entity.tags or []}, "iam")
    boundary = given.get("PermissionsBoundary") or getattr(entity, "permissions_boundary_arn", None)
    if boundary:
        keys["iam:permissionsboundary"] = (str(boundary),)
    if given.get("PolicyArn"):
        keys["iam:policyarn"] = (str(given["PolicyArn"]),)
    if given.get("AWSServiceName"):
        keys["iam:awsservicename"] = (str(given["AWSServiceName"]),)
    return keys


def _entity(call: Call, iam: Any) -> Any:
    name = call.parameters.get("RoleName")
    if name and call.operation != "CreateRole" and not call.parameters.get("InstanceProfileName"):
        return next((role for role in iam.roles.values() if role.name == name), None)
    return iam.users.get(call.parameters.get("UserName"))
