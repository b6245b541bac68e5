"""AWS::IAM: roles, policies, instance profiles, OIDC providers.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html
"""

import json
from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.cloudformation.resources.kinds import Kind, names
from portal.demo.emulator.cloudformation.work import Work


def _document(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _iam(work: Work) -> Any:
    return work.clients.service("iam")


def _create_role(work: Work) -> None:
    iam, name = _iam(work), work.get("RoleName") or work.generated_name(64)
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=_document(work.get("AssumeRolePolicyDocument")),
        **work.only("Path", "Description", "PermissionsBoundary", "Tags"),
        **({"MaxSessionDuration": int(work.get("MaxSessionDuration"))} if work.get("MaxSessionDuration") else {}),
    )
    work.identify(name)
    for arn in work.get("ManagedPolicyArns", []):
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    for policy in work.get("Policies", []):
        iam.put_role_policy(
            RoleName=name, PolicyName=policy["PolicyName"], PolicyDocument=_document(policy["PolicyDocument"])
        )


def _update_role(work: Work) -> None:
    iam, name = _iam(work), work.physical_id
    if work.changed("AssumeRolePolicyDocument"):
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=_document(work.get("AssumeRolePolicyDocument")))
    if work.changed("Description", "MaxSessionDuration"):
        iam.update_role(
            RoleName=name, Description=work.get("Description", ""),
            MaxSessionDuration=int(work.get("MaxSessionDuration", 3600)),
        )  # fmt: skip
    if work.changed("PermissionsBoundary"):
        if work.get("PermissionsBoundary"):
            iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=work.get("PermissionsBoundary"))
        else:
            iam.delete_role_permissions_boundary(RoleName=name)
    _update_role_policies(work)
    _retag(work, iam.tag_role, iam.untag_role, {"RoleName": name})


def _update_role_policies(work: Work) -> None:
    iam, name = _iam(work), work.physical_id
    before, after = set(work.previous.get("ManagedPolicyArns", [])), set(work.get("ManagedPolicyArns", []))
    for arn in sorted(after - before):
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    for arn in sorted(before - after):
        iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    old = {policy["PolicyName"]: policy["PolicyDocument"] for policy in work.previous.get("Policies", [])}
    new = {policy["PolicyName"]: policy["PolicyDocument"] for policy in work.get("Policies", [])}
    for policy, document in new.items():
        if old.get(policy) != document:
            iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=_document(document))
    for policy in sorted(set(old) - set(new)):
        iam.delete_role_policy(RoleName=name, PolicyName=policy)


def _retag(work: Work, tag: Any, untag: Any, target: Mapping[str, str]) -> None:
    old = {entry["Key"]: entry["Value"] for entry in work.previous.get("Tags", [])}
    new = {entry["Key"]: entry["Value"] for entry in work.get("Tags", [])}
    if set(old) - set(new):
        untag(**target, TagKeys=sorted(set(old) - set(new)))
    changed = [{"Key": key, "Value": value} for key, value in new.items() if old.get(key) != value]
    if changed:
        tag(**target, Tags=changed)


def _delete_role(work: Work) -> None:
    """CloudFormation takes off only what the template put on; anything else makes IAM refuse the deletion."""
    iam, name = _iam(work), work.physical_id
    attached = {p["PolicyArn"] for p in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]}
    for arn in work.get("ManagedPolicyArns", []):
        if arn in attached:
            iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    inline = set(iam.list_role_policies(RoleName=name)["PolicyNames"])
    for policy in work.get("Policies", []):
        if policy["PolicyName"] in inline:
            iam.delete_role_policy(RoleName=name, PolicyName=policy["PolicyName"])
    iam.delete_role(RoleName=name)


def _role_attributes(work: Work) -> Mapping[str, Any]:
    role = _iam(work).get_role(RoleName=work.physical_id)["Role"]
    return {"Arn": role["Arn"], "RoleId": role["RoleId"]}


def _observe_role(work: Work) -> Mapping[str, Any]:
    iam, name = _iam(work), work.physical_id
    role = iam.get_role(RoleName=name)["Role"]
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    return {
        "AssumeRolePolicyDocument": role["AssumeRolePolicyDocument"],
        "Description": role.get("Description"),
        "MaxSessionDuration": role.get("MaxSessionDuration"),
        "PermissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "ManagedPolicyArns": [policy["PolicyArn"] for policy in attached],
        "Policies": [
            {
                "PolicyName": policy,
                "PolicyDocument": iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"],
            }
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
        ],
        "Tags": iam.list_role_tags(RoleName=name)["Tags"],
    }


def _observe_managed_policy(work: Work) -> Mapping[str, Any]:
    iam, arn = _iam(work), work.physical_id
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return {"PolicyDocument": document}


def _create_managed_policy(work: Work) -> None:
    iam = _iam(work)
    made = iam.create_policy(
        PolicyName=work.get("ManagedPolicyName") or work.generated_name(128),
        PolicyDocument=_document(work.get("PolicyDocument")),
        **work.only("Path", "Description"),
    )
    arn = made["Policy"]["Arn"]
    work.identify(arn)
    _attach(work, "Roles", iam.attach_role_policy, "RoleName", {"PolicyArn": arn})
    _attach(work, "Users", iam.attach_user_policy, "UserName", {"PolicyArn": arn})
    _attach(work, "Groups", iam.attach_group_policy, "GroupName", {"PolicyArn": arn})


def _attach(work: Work, kind: str, act: Any, key: str, target: Mapping[str, str]) -> None:
    for name in work.get(kind, []):
        act(**{key: name}, **target)


def _update_managed_policy(work: Work) -> None:
    iam, arn = _iam(work), work.physical_id
    if work.changed("PolicyDocument"):
        old = [v for v in iam.list_policy_versions(PolicyArn=arn)["Versions"] if not v["IsDefaultVersion"]]
        if len(old) >= 4:  # IAM keeps five versions; CloudFormation drops the oldest
            oldest = min(old, key=lambda version: int(version["VersionId"].removeprefix("v")))
            iam.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])
        iam.create_policy_version(
            PolicyArn=arn, PolicyDocument=_document(work.get("PolicyDocument")), SetAsDefault=True
        )
    before, after = set(work.previous.get("Roles", [])), set(work.get("Roles", []))
    for name in sorted(after - before):
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    for name in sorted(before - after):
        iam.detach_role_policy(RoleName=name, PolicyArn=arn)


def _delete_managed_policy(work: Work) -> None:
    iam, arn = _iam(work), work.physical_id
    on = iam.list_entities_for_policy(PolicyArn=arn)
    for kind, key, act in (
        ("Roles", "RoleName", iam.detach_role_policy),
        ("Users", "UserName", iam.detach_user_policy),
        ("Groups", "GroupName", iam.detach_group_policy),
    ):
        attached = {entry[key] for entry in on[f"Policy{kind}"]}
        for name in work.get(kind, []):
            if name in attached:
                act(**{key: name}, PolicyArn=arn)
    for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=arn)


def _managed_policy_attributes(work: Work) -> Mapping[str, Any]:
    policy = _iam(work).get_policy(PolicyArn=work.physical_id)["Policy"]
    return {"PolicyArn": policy["Arn"], "PolicyId": policy["PolicyId"]}


def _put_policy(work: Work) -> None:
    """AWS::IAM::Policy is an inline policy, written into every role, user and group it names."""
    iam = _iam(work)
    name = work.get("PolicyName")
    document = {"PolicyName": name, "PolicyDocument": _document(work.get("PolicyDocument"))}
    if not work.physical_id:
        work.identify(name)
    _attach(work, "Roles", iam.put_role_policy, "RoleName", document)
    _attach(work, "Users", iam.put_user_policy, "UserName", document)
    _attach(work, "Groups", iam.put_group_policy, "GroupName", document)


def _update_policy(work: Work) -> None:
    iam = _iam(work)
    _put_policy(work)
    for role in set(work.previous.get("Roles", [])) - set(work.get("Roles", [])):
        iam.delete_role_policy(RoleName=role, PolicyName=work.get("PolicyName"))


def _delete_policy(work: Work) -> None:
    iam, name = _iam(work), {"PolicyName": work.get("PolicyName")}
    for kind, key, act in (
        ("Roles", "RoleName", iam.delete_role_policy),
        ("Users", "UserName", iam.delete_user_policy),
        ("Groups", "GroupName", iam.delete_group_policy),
    ):
        for holder in work.get(kind, []):
            try:
                act(**{key: holder}, **name)
            except iam.exceptions.NoSuchEntityException:
                continue


def _create_instance_profile(work: Work) -> None:
    iam, name = _iam(work), work.get("InstanceProfileName") or work.generated_name(128)
    iam.create_instance_profile(InstanceProfileName=name, **work.only("Path"))
    work.identify(name)
    for role in work.get("Roles", []):
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)


def _delete_instance_profile(work: Work) -> None:
    iam, name = _iam(work), work.physical_id
    profile = iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    for role in profile["Roles"]:
        iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=role["RoleName"])
    iam.delete_instance_profile(InstanceProfileName=name)


def _instance_profile_attributes(work: Work) -> Mapping[str, Any]:
    profile = _iam(work).get_instance_profile(InstanceProfileName=work.physical_id)
    return {"Arn": profile["InstanceProfile"]["Arn"]}


def _create_oidc_provider(work: Work) -> None:
    clients = {"ClientIDList": work.get("ClientIdList")} if work.get("ClientIdList") else {}
    made = _iam(work).create_open_id_connect_provider(
        Url=work.get("Url"), **clients, **work.only("ThumbprintList", "Tags")
    )
    work.identify(made["OpenIDConnectProviderArn"])


def _delete_oidc_provider(work: Work) -> None:
    _iam(work).delete_open_id_connect_provider(OpenIDConnectProviderArn=work.physical_id)


def _own_arn(work: Work) -> Mapping[str, Any]:
    return {"Arn": work.physical_id}


KINDS = (
    Kind(
        "AWS::IAM::Role",
        names("AssumeRolePolicyDocument Description ManagedPolicyArns MaxSessionDuration Path PermissionsBoundary "
              "Policies RoleName Tags"),
        _create_role, _delete_role, _role_attributes, names("Arn RoleId"), update=_update_role,
        updatable=names("AssumeRolePolicyDocument Description ManagedPolicyArns MaxSessionDuration "
                        "PermissionsBoundary Policies Tags"),
        observe=_observe_role,
    ),
    Kind(
        "AWS::IAM::ManagedPolicy",
        names("Description Groups ManagedPolicyName Path PolicyDocument Roles Users"),
        _create_managed_policy, _delete_managed_policy, _managed_policy_attributes, names("PolicyArn PolicyId"),
        update=_update_managed_policy, updatable=names("PolicyDocument Roles"), observe=_observe_managed_policy,
    ),
    Kind(
        "AWS::IAM::Policy", names("Groups PolicyDocument PolicyName Roles Users"), _put_policy, _delete_policy,
        update=_update_policy, updatable=names("PolicyDocument Roles"),
    ),
    Kind(
        "AWS::IAM::InstanceProfile", names("InstanceProfileName Path Roles"), _create_instance_profile,
        _delete_instance_profile, _instance_profile_attributes, names("Arn"),
    ),
    Kind(
        "AWS::IAM::OIDCProvider", names("ClientIdList ThumbprintList Url Tags"), _create_oidc_provider,
        _delete_oidc_provider, _own_arn, names("Arn"),
    ),
)  # fmt: skip
