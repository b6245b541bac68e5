"""EKS add-ons.

https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.world import World

# Name -> one version that fits every cluster of this emulator.
VERSIONS: Mapping[str, str] = {
    "vpc-cni": "v1.20.1-eksbuild.3",
    "coredns": "v1.12.3-eksbuild.1",
    "kube-proxy": "v1.33.3-eksbuild.4",
    "aws-ebs-csi-driver": "v1.48.0-eksbuild.2",
    "eks-pod-identity-agent": "v1.3.8-eksbuild.2",
    "metrics-server": "v0.8.0-eksbuild.2",
    "snapshot-controller": "v8.3.0-eksbuild.1",
}


def create_addon(world: World, call: Call) -> Mapping[str, Any]:
    """`CREATING`, then `ACTIVE`; only in an active cluster, each once."""
    given = call.parameters
    name = str(given["addonName"])
    cluster = active_cluster(world, call)
    if name not in VERSIONS:
        raise ServiceError("InvalidParameterException", f"Addon {name} specified is not supported")
    shelf = world.shelf("eks-addons")
    key = (call.account, call.region, cluster.name, name)
    if key in shelf:
        raise ServiceError("ResourceInUseException", "Addon already exists.", 409)
    now = world.clock.now()
    shelf[key] = addon = {
        "addonName": name,
        "clusterName": cluster.name,
        "status": "CREATING",
        "addonVersion": given.get("addonVersion") or VERSIONS[name],
        "health": {"issues": []},
        "addonArn": f"arn:aws:eks:{call.region}:{call.account}:addon/{cluster.name}/{name}/{uuid4()}",
        "createdAt": now,
        "modifiedAt": now,
        "tags": dict(given.get("tags") or {}),
        **{k: given[k] for k in ("serviceAccountRoleArn", "configurationValues") if given.get(k)},
    }
    answer = dict(addon)
    world.timeline.after(world.durations["addon"], lambda: _turn(addon, "CREATING", "ACTIVE"))
    return {"addon": answer}


def _turn(addon: dict[str, Any], before: str, after: str) -> None:
    if addon["status"] == before:
        addon["status"] = after


def describe_addon(world: World, call: Call) -> Mapping[str, Any]:
    """As it is now."""
    return {"addon": dict(_find(world, call))}


def delete_addon(world: World, call: Call) -> Mapping[str, Any]:
    """`DELETING`, then gone."""
    addon = _find(world, call)
    key = (call.account, call.region, addon["clusterName"], addon["addonName"])
    if addon["status"] != "DELETING":
        addon["status"] = "DELETING"
        world.timeline.after(world.durations["addon_delete"], lambda: world.shelf("eks-addons").pop(key, None))
    return {"addon": {**addon, "status": "DELETING"}}


def list_addons(world: World, call: Call) -> Mapping[str, Any]:
    """Names of the cluster's add-ons."""
    cluster = existing_cluster(world, call)
    start = (call.account, call.region, cluster.name)
    return {"addons": sorted(key[3] for key in world.shelf("eks-addons") if key[:3] == start)}


def describe_addon_versions(world: World, call: Call) -> Mapping[str, Any]:
    """The add-ons that there are."""
    del world
    wanted = call.parameters.get("addonName")
    kubernetes = call.parameters.get("kubernetesVersion") or "1.33"
    compatible = [{"clusterVersion": kubernetes, "platformVersions": ["*"], "defaultVersion": True}]
    return {
        "addons": [
            {
                "addonName": name,
                "type": "networking",
                "owner": "aws",
                "publisher": "eks",
                "addonVersions": [{"addonVersion": version, "compatibilities": compatible}],
            }
            for name, version in VERSIONS.items()
            if wanted in (None, name)
        ]
    }


def forget(world: World, call: Call, cluster: str) -> None:
    """Drops a deleted cluster's add-ons."""
    shelf = world.shelf("eks-addons")
    for key in [key for key in shelf if key[:3] == (call.account, call.region, cluster)]:
        del shelf[key]


def _find(world: World, call: Call) -> dict[str, Any]:
    cluster = existing_cluster(world, call)
    name = str(call.parameters["addonName"])
    addon = world.shelf("eks-addons").get((call.account, call.region, cluster.name, name))
    if addon is None:
        raise ServiceError("ResourceNotFoundException", f"No addon: {name} found in cluster: {cluster.name}", 404)
    found: dict[str, Any] = addon
    return found


def existing_cluster(world: World, call: Call) -> Any:
    """The cluster that a call names. Raises ResourceNotFoundException."""
    name = str(call.parameters["clusterName"])
    cluster = world.moto.backend("eks", call.account, call.region).clusters.get(name)
    if cluster is None:
        raise ServiceError("ResourceNotFoundException", f"No cluster found for name: {name}.", 404)
    return cluster


def active_cluster(world: World, call: Call) -> Any:
    """The same, which must be active. Raises InvalidRequestException otherwise."""
    cluster = existing_cluster(world, call)
    if cluster.status != "ACTIVE":
        raise ServiceError("InvalidRequestException", f"Cluster '{cluster.name}' is not in ACTIVE status")
    return cluster


OPERATIONS = {
    "CreateAddon": create_addon,
    "DescribeAddon": describe_addon,
    "DeleteAddon": delete_addon,
    "ListAddons": list_addons,
    "DescribeAddonVersions": describe_addon_versions,
}
