"""Who may enter a cluster: access entries and pod identity associations.

https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html and
https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.services.eks_addons import active_cluster, existing_cluster
from portal.demo.emulator.world import World

ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
POLICIES = frozenset(
    f"arn:aws:eks::aws:cluster-access-policy/AmazonEKS{name}Policy"
    for name in ("ClusterAdmin", "Admin", "Edit", "View", "AdminView", "AutoNode")
)


def admit_creator(world: World, call: Call, cluster: str) -> None:
    """The principal that makes a cluster is its first administrator."""
    entry = _entry(world, call, cluster, call.principal.identity_arn, {})
    entry["policies"][ADMIN] = _association(world, ADMIN, {"type": "cluster", "namespaces": []})


def create_access_entry(world: World, call: Call) -> Mapping[str, Any]:
    """One for each principal, in a cluster that uses the API for authentication."""
    cluster = active_cluster(world, call)
    access = world.shelf("eks-given").get(cluster.arn, {}).get("accessConfig", {})
    if access.get("authenticationMode") == "CONFIG_MAP":
        message = (
            "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this "
            "operation."
        )
        raise ServiceError("InvalidRequestException", message)
    principal = str(call.parameters["principalArn"])
    if _key(call, cluster.name, principal) in world.shelf("eks-access"):
        message = "The specified access entry resource is already in use on this cluster."
        raise ServiceError("ResourceInUseException", message, 409)
    return {"accessEntry": _shown(_entry(world, call, cluster.name, principal, call.parameters))}


def _entry(world: World, call: Call, cluster: str, principal: str, given: Mapping[str, Any]) -> dict[str, Any]:
    kind, _, name = principal.rsplit(":", maxsplit=1)[-1].partition("/")
    base = f"arn:aws:eks:{call.region}:{call.account}:access-entry/{cluster}"
    now = world.clock.now()
    entry = {
        "clusterName": cluster,
        "principalArn": principal,
        "kubernetesGroups": list(given.get("kubernetesGroups") or []),
        "accessEntryArn": f"{base}/{kind}/{call.account}/{name or 'root'}/{uuid4()}",
        "createdAt": now,
        "modifiedAt": now,
        "tags": dict(given.get("tags") or {}),
        "username": given.get("username") or principal,
        "type": given.get("type") or "STANDARD",
        "policies": {},
    }
    world.shelf("eks-access")[_key(call, cluster, principal)] = entry
    return entry


def describe_access_entry(world: World, call: Call) -> Mapping[str, Any]:
    """One entry."""
    return {"accessEntry": _shown(_find(world, call))}


def list_access_entries(world: World, call: Call) -> Mapping[str, Any]:
    """The principals that have one."""
    cluster = existing_cluster(world, call)
    start = (call.account, call.region, cluster.name)
    return {"accessEntries": [key[3] for key in world.shelf("eks-access") if key[:3] == start]}


def delete_access_entry(world: World, call: Call) -> Mapping[str, Any]:
    """Removes one entry with its policies."""
    entry = _find(world, call)
    del world.shelf("eks-access")[_key(call, entry["clusterName"], entry["principalArn"])]
    return {}


def associate_access_policy(world: World, call: Call) -> Mapping[str, Any]:
    """Adds one of EKS's own policies to an entry."""
    entry = _find(world, call)
    policy = str(call.parameters["policyArn"])
    if policy not in POLICIES:
        raise ServiceError("InvalidParameterException", f"The policyArn {policy} is not valid.")
    scope = dict(call.parameters["accessScope"])
    entry["policies"][policy] = _association(world, policy, scope)
    return {
        "clusterName": entry["clusterName"],
        "principalArn": entry["principalArn"],
        "associatedAccessPolicy": entry["policies"][policy],
    }


def disassociate_access_policy(world: World, call: Call) -> Mapping[str, Any]:
    """Takes a policy away from an entry."""
    _find(world, call)["policies"].pop(str(call.parameters["policyArn"]), None)
    return {}


def list_associated_access_policies(world: World, call: Call) -> Mapping[str, Any]:
    """The policies of an entry."""
    entry = _find(world, call)
    return {
        "clusterName": entry["clusterName"],
        "principalArn": entry["principalArn"],
        "associatedAccessPolicies": list(entry["policies"].values()),
    }


def _association(world: World, policy: str, scope: Mapping[str, Any]) -> dict[str, Any]:
    now = world.clock.now()
    return {"policyArn": policy, "accessScope": dict(scope), "associatedAt": now, "modifiedAt": now}


def _find(world: World, call: Call) -> dict[str, Any]:
    cluster = existing_cluster(world, call)
    principal = str(call.parameters["principalArn"])
    entry = world.shelf("eks-access").get(_key(call, cluster.name, principal))
    if entry is None:
        message = f"The specified principalArn could not be found: {principal}"
        raise ServiceError("ResourceNotFoundException", message, 404)
    found: dict[str, Any] = entry
    return found


def _shown(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != "policies"}


def _key(call: Call, cluster: str, principal: str) -> tuple[str, str, str, str]:
    return call.account, call.region, cluster, principal


def create_pod_identity_association(world: World, call: Call) -> Mapping[str, Any]:
    """One for each service account of a cluster."""
    given = call.parameters
    cluster = active_cluster(world, call)
    shelf = world.shelf("eks-pod-identities")
    start = (call.account, call.region, cluster.name)
    for key, known in shelf.items():
        if key[:3] == start and (known["namespace"], known["serviceAccount"]) == (
            given["namespace"],
            given["serviceAccount"],
        ):
            raise ServiceError("ResourceInUseException", f"Association already exists: {known['associationId']}", 409)
    own = f"a-{uuid4().hex[:17]}"
    now = world.clock.now()
    shelf[*start, own] = {
        "clusterName": cluster.name,
        "namespace": given["namespace"],
        "serviceAccount": given["serviceAccount"],
        "roleArn": given["roleArn"],
        "associationArn": f"arn:aws:eks:{call.region}:{call.account}:podidentityassociation/{cluster.name}/{own}",
        "associationId": own,
        "tags": dict(given.get("tags") or {}),
        "createdAt": now,
        "modifiedAt": now,
    }
    return {"association": dict(shelf[*start, own])}


def describe_pod_identity_association(world: World, call: Call) -> Mapping[str, Any]:
    """One association."""
    return {"association": dict(_pod_identity(world, call))}


def delete_pod_identity_association(world: World, call: Call) -> Mapping[str, Any]:
    """Removes one association."""
    found = _pod_identity(world, call)
    key = (call.account, call.region, found["clusterName"], found["associationId"])
    del world.shelf("eks-pod-identities")[key]
    return {"association": dict(found)}


def list_pod_identity_associations(world: World, call: Call) -> Mapping[str, Any]:
    """The cluster's associations, by namespace or service account where asked."""
    cluster = existing_cluster(world, call)
    given = call.parameters
    names = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId")
    return {
        "associations": [
            {name: known[name] for name in names}
            for key, known in world.shelf("eks-pod-identities").items()
            if key[:3] == (call.account, call.region, cluster.name)
            and given.get("namespace") in (None, known["namespace"])
            and given.get("serviceAccount") in (None, known["serviceAccount"])
        ]
    }


def _pod_identity(world: World, call: Call) -> dict[str, Any]:
    cluster = existing_cluster(world, call)
    own = str(call.parameters["associationId"])
    found = world.shelf("eks-pod-identities").get((call.account, call.region, cluster.name, own))
    if found is None:
        raise ServiceError("ResourceNotFoundException", f"No association found with id: {own}", 404)
    association: dict[str, Any] = found
    return association


def forget(world: World, call: Call, cluster: str) -> None:
    """Drops a deleted cluster's entries and associations."""
    for name in ("eks-access", "eks-pod-identities"):
        shelf = world.shelf(name)
        for key in [key for key in shelf if key[:3] == (call.account, call.region, cluster)]:
            del shelf[key]


OPERATIONS = {
    "CreateAccessEntry": create_access_entry,
    "DescribeAccessEntry": describe_access_entry,
    "ListAccessEntries": list_access_entries,
    "DeleteAccessEntry": delete_access_entry,
    "AssociateAccessPolicy": associate_access_policy,
    "DisassociateAccessPolicy": disassociate_access_policy,
    "ListAssociatedAccessPolicies": list_associated_access_policies,
    "CreatePodIdentityAssociation": create_pod_identity_association,
    "DescribePodIdentityAssociation": describe_pod_identity_association,
    "DeletePodIdentityAssociation": delete_pod_identity_association,
    "ListPodIdentityAssociations": list_pod_identity_associations,
}
