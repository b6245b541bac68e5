"""AWS::EKS: clusters, node groups, add-ons, access entries, pod identities.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EKS.html
"""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.cloudformation.resources.kinds import Kind, names
from portal.demo.emulator.cloudformation.work import NotStabilized, Work, boolean


def _eks(work: Work) -> Any:
    return work.clients.service("eks")


def small(value: Any) -> Any:
    """A template's object as EKS's API spells it: first letters small, at every depth."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: small(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [small(entry) for entry in value]
    return value


def _tags(work: Work) -> dict[str, str]:
    tags = work.get("Tags", {})
    return dict(tags) if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}


def _retag(work: Work, arn: str) -> None:
    old, new = work.previous.get("Tags", {}), _tags(work)
    before = dict(old) if isinstance(old, dict) else {tag["Key"]: tag["Value"] for tag in old}
    if set(before) - set(new):
        _eks(work).untag_resource(resourceArn=arn, tagKeys=sorted(set(before) - set(new)))
    if new != before:
        _eks(work).tag_resource(resourceArn=arn, tags=new)


def _settled(work: Work, status: str, issues: Any = None) -> bool:
    """Whether `status` means ready. Raises NotStabilized for one that no longer leads there."""
    if status.endswith("FAILED"):
        raise NotStabilized(f"{work.type} {work.physical_id} is {status}. {issues or ''}".strip())
    return status == "ACTIVE"


def _logging(work: Work) -> dict[str, Any]:
    enabled = work.get("Logging", {}).get("ClusterLogging", {}).get("EnabledTypes", [])
    types = [entry["Type"] for entry in enabled]
    return {"clusterLogging": [{"types": types, "enabled": True}]} if types else {}


def _network(work: Work) -> dict[str, Any]:
    network: dict[str, Any] = small(work.get("ResourcesVpcConfig"))
    for name in ("endpointPublicAccess", "endpointPrivateAccess"):
        if name in network:
            network[name] = boolean(network[name])
    return network


def _create_cluster(work: Work) -> None:
    name = work.get("Name") or work.generated_name(100)
    asked = small(work.only("Version", "KubernetesNetworkConfig", "EncryptionConfig", "UpgradePolicy"))
    for key in ("BootstrapSelfManagedAddons", "DeletionProtection"):
        if key in work.properties:
            asked |= {key[:1].lower() + key[1:]: boolean(work.get(key))}
    access = small(work.get("AccessConfig", {}))
    if "bootstrapClusterCreatorAdminPermissions" in access:
        key = "bootstrapClusterCreatorAdminPermissions"
        access[key] = boolean(access[key])
    _eks(work).create_cluster(
        name=name,
        roleArn=work.get("RoleArn"),
        resourcesVpcConfig=_network(work),
        tags=_tags(work),
        **asked,
        **({"accessConfig": access} if access else {}),
        **({"logging": _logging(work)} if _logging(work) else {}),
    )
    work.identify(name)


def _cluster(work: Work) -> dict[str, Any]:
    return dict(_eks(work).describe_cluster(name=work.physical_id)["cluster"])


def _cluster_ready(work: Work) -> bool:
    return _settled(work, _cluster(work)["status"])


def _still_there(work: Work) -> bool:
    """Asked of a resource on its way out; the service's NotFound ends the waiting."""
    _READ[work.type](work)
    return False


def _update_cluster(work: Work) -> None:
    eks, name = _eks(work), work.physical_id
    if work.changed("Version"):
        eks.update_cluster_version(name=name, version=str(work.get("Version")))
    if work.changed("ResourcesVpcConfig"):
        eks.update_cluster_config(name=name, resourcesVpcConfig=_network(work))
    if work.changed("Logging"):
        eks.update_cluster_config(name=name, logging=_logging(work))
    if work.changed("Tags"):
        _retag(work, _cluster(work)["arn"])


def _delete_cluster(work: Work) -> None:
    _eks(work).delete_cluster(name=work.physical_id)


def _cluster_attributes(work: Work) -> Mapping[str, Any]:
    cluster = _cluster(work)
    encryption = cluster.get("encryptionConfig") or [{}]
    return {
        "Arn": cluster["arn"],
        "Id": cluster["name"],
        "Endpoint": cluster.get("endpoint", ""),
        "CertificateAuthorityData": cluster.get("certificateAuthority", {}).get("data", ""),
        "ClusterSecurityGroupId": cluster.get("resourcesVpcConfig", {}).get("clusterSecurityGroupId", ""),
        "EncryptionConfigKeyArn": encryption[0].get("provider", {}).get("keyArn", ""),
        "OpenIdConnectIssuerUrl": cluster.get("identity", {}).get("oidc", {}).get("issuer", ""),
    }


def _numbers(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: int(entry) if str(entry).isdigit() else entry for key, entry in small(dict(value)).items()}


def _create_group(work: Work) -> None:
    cluster, name = work.get("ClusterName"), work.get("NodegroupName") or work.generated_name(63)
    asked = small(work.only("AmiType", "CapacityType", "InstanceTypes", "LaunchTemplate", "NodeRole", "Subnets",
                            "Taints", "Version", "ReleaseVersion", "RemoteAccess"))  # fmt: skip
    for key, api in (("ScalingConfig", "scalingConfig"), ("UpdateConfig", "updateConfig")):
        if key in work.properties:
            asked[api] = _numbers(work.get(key))
    if "DiskSize" in work.properties:
        asked["diskSize"] = int(work.get("DiskSize"))
    if work.get("Labels"):
        asked["labels"] = dict(work.get("Labels"))
    _eks(work).create_nodegroup(clusterName=cluster, nodegroupName=name, tags=_tags(work), **asked)
    work.identify(f"{cluster}/{name}")


def _group_key(work: Work) -> dict[str, str]:
    cluster, name = work.physical_id.split("/", 1)
    return {"clusterName": cluster, "nodegroupName": name}


def _group(work: Work) -> dict[str, Any]:
    return dict(_eks(work).describe_nodegroup(**_group_key(work))["nodegroup"])


def _group_ready(work: Work) -> bool:
    group = _group(work)
    return _settled(work, group["status"], group.get("health", {}).get("issues"))


def _update_group(work: Work) -> None:
    if work.changed("ScalingConfig"):
        _eks(work).update_nodegroup_config(**_group_key(work), scalingConfig=_numbers(work.get("ScalingConfig")))
    if work.changed("Version", "ReleaseVersion", "LaunchTemplate"):
        asked = small(work.only("Version", "ReleaseVersion", "LaunchTemplate"))
        _eks(work).update_nodegroup_version(**_group_key(work), **asked)
    if work.changed("Tags"):
        _retag(work, _group(work)["nodegroupArn"])


def _delete_group(work: Work) -> None:
    _eks(work).delete_nodegroup(**_group_key(work))


def _group_attributes(work: Work) -> Mapping[str, Any]:
    key = _group_key(work)
    return {
        "Arn": _group(work)["nodegroupArn"],
        "Id": work.physical_id,
        "ClusterName": key["clusterName"],
        "NodegroupName": key["nodegroupName"],
    }


_READ: dict[str, Any] = {"AWS::EKS::Cluster": _cluster, "AWS::EKS::Nodegroup": _group}

KINDS = (
    Kind(
        "AWS::EKS::Cluster",
        names("AccessConfig BootstrapSelfManagedAddons DeletionProtection EncryptionConfig KubernetesNetworkConfig "
              "Logging Name ResourcesVpcConfig RoleArn Tags UpgradePolicy Version"),
        _create_cluster, _delete_cluster, _cluster_attributes,
        names("Arn CertificateAuthorityData ClusterSecurityGroupId EncryptionConfigKeyArn Endpoint Id "
              "OpenIdConnectIssuerUrl"),
        ready=_cluster_ready, gone=_still_there, update=_update_cluster,
        updatable=names("Logging ResourcesVpcConfig Tags Version"),
    ),
    Kind(
        "AWS::EKS::Nodegroup",
        names("AmiType CapacityType ClusterName DiskSize InstanceTypes Labels LaunchTemplate NodeRole NodegroupName "
              "ReleaseVersion RemoteAccess ScalingConfig Subnets Tags Taints UpdateConfig Version"),
        _create_group, _delete_group, _group_attributes, names("Arn ClusterName Id NodegroupName"),
        ready=_group_ready, gone=_still_there, update=_update_group,
        updatable=names("LaunchTemplate ReleaseVersion ScalingConfig Tags Version"),
    ),
)  # fmt: skip
