"""AWS::EKS: add-ons, access entries and pod identities of a cluster.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EKS.html
"""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.cloudformation.resources.eks import small
from portal.demo.emulator.cloudformation.resources.kinds import Kind, names
from portal.demo.emulator.cloudformation.work import NotStabilized, Work, boolean


def _eks(work: Work) -> Any:
    return work.clients.service("eks")


def _tags(work: Work) -> dict[str, Any]:
    tags = {tag["Key"]: tag["Value"] for tag in work.get("Tags", [])}
    return {"tags": tags} if tags else {}


_ADDON = ("AddonVersion", "ServiceAccountRoleArn", "ResolveConflicts", "ConfigurationValues", "PodIdentityAssociations")


def _addon_key(work: Work) -> dict[str, str]:
    return {"clusterName": str(work.get("ClusterName")), "addonName": str(work.get("AddonName"))}


def _create_addon(work: Work) -> None:
    key = _addon_key(work)
    _eks(work).create_addon(**key, **small(work.only(*_ADDON)), **_tags(work))
    work.identify(f"{key['clusterName']}|{key['addonName']}")


def _addon(work: Work) -> dict[str, Any]:
    return dict(_eks(work).describe_addon(**_addon_key(work))["addon"])


def _addon_ready(work: Work) -> bool:
    addon = _addon(work)
    if addon["status"].endswith("FAILED"):
        raise NotStabilized(f"Addon is {addon['status']}. {addon.get('health', {}).get('issues', '')}")
    return bool(addon["status"] == "ACTIVE")


def _update_addon(work: Work) -> None:
    _eks(work).update_addon(**_addon_key(work), **small(work.only(*_ADDON)))


def _delete_addon(work: Work) -> None:
    _eks(work).delete_addon(**_addon_key(work), preserve=boolean(work.get("PreserveOnDelete", False)))


def _addon_gone(work: Work) -> bool:
    _addon(work)  # the service's NotFound ends the waiting
    return False


def _addon_attributes(work: Work) -> Mapping[str, Any]:
    return {"Arn": _addon(work)["addonArn"]}


def _entry_key(work: Work) -> dict[str, str]:
    return {"clusterName": str(work.get("ClusterName")), "principalArn": str(work.get("PrincipalArn"))}


def _create_entry(work: Work) -> None:
    key = _entry_key(work)
    asked = small(work.only("KubernetesGroups", "Type", "Username"))
    _eks(work).create_access_entry(**key, **asked, **_tags(work))
    work.identify(f"{key['principalArn']}|{key['clusterName']}")
    _associate_policies(work, work.get("AccessPolicies", []))


def _associate_policies(work: Work, policies: list[Mapping[str, Any]]) -> None:
    for policy in policies:
        _eks(work).associate_access_policy(
            **_entry_key(work), policyArn=policy["PolicyArn"], accessScope=small(policy["AccessScope"])
        )


def _update_entry(work: Work) -> None:
    if work.changed("KubernetesGroups", "Username"):
        _eks(work).update_access_entry(**_entry_key(work), **small(work.only("KubernetesGroups", "Username")))
    wanted = {policy["PolicyArn"] for policy in work.get("AccessPolicies", [])}
    for policy in work.previous.get("AccessPolicies", []):
        if policy["PolicyArn"] not in wanted:
            _eks(work).disassociate_access_policy(**_entry_key(work), policyArn=policy["PolicyArn"])
    _associate_policies(work, work.get("AccessPolicies", []))


def _delete_entry(work: Work) -> None:
    _eks(work).delete_access_entry(**_entry_key(work))


def _entry_attributes(work: Work) -> Mapping[str, Any]:
    return {"AccessEntryArn": _eks(work).describe_access_entry(**_entry_key(work))["accessEntry"]["accessEntryArn"]}


def _create_pod_identity(work: Work) -> None:
    asked = small(work.only("ClusterName", "Namespace", "RoleArn", "ServiceAccount", "TargetRoleArn"))
    made = _eks(work).create_pod_identity_association(**asked, **_tags(work))["association"]
    work.identify(made["associationArn"])


def _pod_identity_key(work: Work) -> dict[str, str]:
    """The association's id is the last part of its ARN (…:podidentityassociation/CLUSTER/a-ID)."""
    return {"clusterName": str(work.get("ClusterName")), "associationId": work.physical_id.rsplit("/", 1)[1]}


def _update_pod_identity(work: Work) -> None:
    _eks(work).update_pod_identity_association(**_pod_identity_key(work), roleArn=work.get("RoleArn"))


def _delete_pod_identity(work: Work) -> None:
    _eks(work).delete_pod_identity_association(**_pod_identity_key(work))


def _pod_identity_attributes(work: Work) -> Mapping[str, Any]:
    return {"AssociationArn": work.physical_id, "AssociationId": _pod_identity_key(work)["associationId"]}


KINDS = (
    Kind(
        "AWS::EKS::Addon", frozenset({"ClusterName", "AddonName", "PreserveOnDelete", "Tags", *_ADDON}),
        _create_addon, _delete_addon, _addon_attributes, names("Arn"), ready=_addon_ready, gone=_addon_gone,
        update=_update_addon, updatable=frozenset(_ADDON),
    ),
    Kind(
        "AWS::EKS::AccessEntry",
        names("AccessPolicies ClusterName KubernetesGroups PrincipalArn Tags Type Username"), _create_entry,
        _delete_entry, _entry_attributes, names("AccessEntryArn"), update=_update_entry,
        updatable=names("AccessPolicies KubernetesGroups Username"),
    ),
    Kind(
        "AWS::EKS::PodIdentityAssociation",
        names("ClusterName Namespace RoleArn ServiceAccount Tags TargetRoleArn"), _create_pod_identity,
        _delete_pod_identity, _pod_identity_attributes, names("AssociationArn AssociationId"),
        update=_update_pod_identity, updatable=names("RoleArn"),
    ),
)  # fmt: skip
