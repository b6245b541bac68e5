"""EKS clusters and node groups: checks that AWS makes first, and the time they take.

https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html and
https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
"""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.iam.policies import parse
from portal.demo.emulator.services import eks_access, eks_addons
from portal.demo.emulator.world import World

# Zones in which EKS puts no control plane: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
BARRED = frozenset({"use1-az3", "usw1-az2", "cac1-az3"})
UNTIL_ACTIVE = ("endpoint", "certificateAuthority", "identity")


def create_cluster(world: World, call: Call) -> Mapping[str, Any]:
    """`CREATING`, then `ACTIVE`; endpoint, certificate and issuer are known only then."""
    given = dict(call.parameters)
    _check_role(world, call, str(given["roleArn"]), "eks.amazonaws.com")
    vpc_id = _check_subnets(world, call, given["resourcesVpcConfig"].get("subnetIds") or [])
    backend = _backend(world, call)
    if len(backend.clusters) >= world.quotas.value(call.account, call.region, "eks", "L-1194D53C"):
        raise ServiceError("ResourceLimitExceededException", "You have reached the maximum number of clusters.")
    world.moto.perform("eks", "CreateCluster", given, call.account, call.region)
    cluster = backend.clusters[given["name"]]
    cluster.status = "CREATING"
    cluster.resources_vpc_config = _vpc_config(world, call, given, vpc_id)
    cluster.created_at = world.clock.now()
    access = {"bootstrapClusterCreatorAdminPermissions": True, "authenticationMode": "CONFIG_MAP"}
    access |= given.get("accessConfig") or {}
    world.shelf("eks-given")[cluster.arn] = {
        "accessConfig": access,
        "deletionProtection": given.get("deletionProtection"),
    }
    if access["bootstrapClusterCreatorAdminPermissions"] and access["authenticationMode"] != "CONFIG_MAP":
        eks_access.admit_creator(world, call, cluster.name)
    world.timeline.after(world.durations["cluster"], lambda: _turn(cluster, "CREATING", "ACTIVE"))
    return {"cluster": _cluster(world, call, cluster.name)}


def _turn(thing: Any, before: str, after: str) -> None:
    if thing.status == before:
        thing.status = after


def _check_role(world: World, call: Call, arn: str, service: str) -> None:
    roles = world.moto.backend("iam", call.account, "us-east-1").roles.values()
    role = next((role for role in roles if role.arn == arn), None)
    trusted = role is not None and any(
        service in _services(statement.principal)
        for statement in parse(role.assume_role_policy_document, "trust", "Trust Policy").statements
    )
    if not trusted:
        message = (
            f"Role with arn: {arn}, could not be assumed because it does not exist or the trusted entity is not correct"
        )
        raise ServiceError("InvalidParameterException", message)


def _services(principal: Any) -> list[str]:
    named = principal.get("Service", []) if isinstance(principal, dict) else []
    return [named] if isinstance(named, str) else list(named)


def _check_subnets(world: World, call: Call, wanted: list[str]) -> str:
    found = {subnet.id: subnet for zone in _ec2(world, call).subnets.values() for subnet in zone.values()}
    for own in wanted:
        if own not in found:
            raise ServiceError("InvalidParameterException", f"The subnet ID '{own}' does not exist")
    subnets = [found[own] for own in wanted]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise ServiceError("InvalidParameterException", "Provided subnets belong to different VPCs")
    if len({subnet.availability_zone for subnet in subnets}) < 2:
        message = "Subnets specified must be in at least two different AZs"
        raise ServiceError("InvalidParameterException", message)
    barred = [subnet for subnet in subnets if subnet.availability_zone_id in BARRED]
    if barred:
        zone = barred[0].availability_zone
        message = (
            f"Cannot create cluster because {zone}, the targeted availability zone, does not currently have "
            "sufficient capacity to support the cluster."
        )
        raise ServiceError("UnsupportedAvailabilityZoneException", message)
    return str(subnets[0].vpc_id)


def _vpc_config(world: World, call: Call, given: Mapping[str, Any], vpc_id: str) -> dict[str, Any]:
    name = given["name"]
    group = _ec2(world, call).create_security_group(
        name=f"eks-cluster-sg-{name}",
        description="EKS created security group applied to ENI that is attached to EKS Control Plane master nodes.",
        vpc_id=vpc_id,
    )
    group.add_tags({"aws:eks:cluster-name": name, f"kubernetes.io/cluster/{name}": "owned"})
    wanted = given["resourcesVpcConfig"]
    return {
        "endpointPublicAccess": True,
        "endpointPrivateAccess": False,
        "publicAccessCidrs": ["0.0.0.0/0"],
        "securityGroupIds": [],
        **wanted,
        "clusterSecurityGroupId": group.id,
        "vpcId": vpc_id,
    }


def describe_cluster(world: World, call: Call) -> Mapping[str, Any]:
    """As it is now."""
    return {"cluster": _cluster(world, call, str(call.parameters["name"]))}


def _cluster(world: World, call: Call, name: str) -> dict[str, Any]:
    result = world.moto.perform("eks", "DescribeCluster", {"name": name}, call.account, call.region)
    cluster = dict(result["cluster"])
    given = world.shelf("eks-given").get(cluster["arn"], {})
    cluster |= {key: value for key, value in given.items() if value is not None}
    if cluster["status"] == "CREATING":
        for member in UNTIL_ACTIVE:
            cluster.pop(member, None)
    return cluster


def delete_cluster(world: World, call: Call) -> Mapping[str, Any]:
    """Refused while node groups or Fargate profiles are left; takes its add-ons and access entries with it."""
    backend = _backend(world, call)
    name = str(call.parameters["name"])
    cluster = _existing(backend, name)
    if cluster.nodegroups or cluster.fargate_profiles:
        raise ServiceError("ResourceInUseException", "Cluster has nodegroups attached", 409)
    if world.shelf("eks-given").get(cluster.arn, {}).get("deletionProtection"):
        message = f"Cluster {name} has deletion protection enabled."
        raise ServiceError("InvalidRequestException", message)
    if cluster.status == "CREATING":
        raise ServiceError("ResourceInUseException", f"Cluster has CREATING status: {name}", 409)
    if cluster.status != "DELETING":
        cluster.status = "DELETING"
        world.timeline.after(world.durations["cluster_delete"], lambda: _forget(world, call, cluster))
    return {"cluster": {**_cluster_or_last(world, call, cluster), "status": "DELETING"}}


def _cluster_or_last(world: World, call: Call, cluster: Any) -> dict[str, Any]:
    if cluster.name in _backend(world, call).clusters:
        return _cluster(world, call, cluster.name)
    return {"name": cluster.name, "arn": cluster.arn, "version": cluster.version, "roleArn": cluster.role_arn}


def _forget(world: World, call: Call, cluster: Any) -> None:
    _backend(world, call).clusters.pop(cluster.name, None)
    group = cluster.resources_vpc_config.get("clusterSecurityGroupId")
    if group:
        _ec2(world, call).delete_security_group(group_id=group)
    eks_addons.forget(world, call, cluster.name)
    eks_access.forget(world, call, cluster.name)


def create_nodegroup(world: World, call: Call) -> Mapping[str, Any]:
    """`CREATING`, then `ACTIVE`; only in an active cluster."""
    given = call.parameters
    cluster = _existing(_backend(world, call), str(given["clusterName"]))
    if len(cluster.nodegroups) >= world.quotas.value(call.account, call.region, "eks", "L-6D54EA21"):
        message = "You have reached the maximum number of managed node groups per cluster."
        raise ServiceError("ResourceLimitExceededException", message)
    roles = world.moto.backend("iam", call.account, "us-east-1").roles.values()
    if all(role.arn != given["nodeRole"] for role in roles):
        message = f"The role with name {str(given['nodeRole']).rsplit('/', 1)[-1]} cannot be found."
        raise ServiceError("InvalidParameterException", message)
    result = world.moto.perform("eks", "CreateNodegroup", given, call.account, call.region)
    group = cluster.nodegroups[given["nodegroupName"]]
    group.status = "CREATING"
    group.created_at = world.clock.now()
    world.timeline.after(world.durations["nodegroup"], lambda: _turn(group, "CREATING", "ACTIVE"))
    return {"nodegroup": {**result["nodegroup"], "status": "CREATING"}}


def delete_nodegroup(world: World, call: Call) -> Mapping[str, Any]:
    """`DELETING`, then gone."""
    given = call.parameters
    result = world.moto.perform("eks", "DescribeNodegroup", given, call.account, call.region)
    cluster = _existing(_backend(world, call), str(given["clusterName"]))
    group = cluster.nodegroups[given["nodegroupName"]]
    if group.status != "DELETING":
        group.status = "DELETING"
        world.timeline.after(
            world.durations["nodegroup_delete"], lambda: cluster.nodegroups.pop(group.nodegroup_name, None)
        )
    return {"nodegroup": {**result["nodegroup"], "status": "DELETING"}}


def _existing(backend: Any, name: str) -> Any:
    cluster = backend.clusters.get(name)
    if cluster is None:
        raise ServiceError("ResourceNotFoundException", f"No cluster found for name: {name}.", 404)
    return cluster


def _backend(world: World, call: Call) -> Any:
    return world.moto.backend("eks", call.account, call.region)


def _ec2(world: World, call: Call) -> Any:
    return world.moto.backend("ec2", call.account, call.region)


OPERATIONS = {
    "CreateCluster": create_cluster,
    "DescribeCluster": describe_cluster,
    "DeleteCluster": delete_cluster,
    "CreateNodegroup": create_nodegroup,
    "DeleteNodegroup": delete_nodegroup,
}
