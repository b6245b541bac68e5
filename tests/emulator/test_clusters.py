"""EKS: https://docs.aws.amazon.com/eks/latest/userguide/clusters.html"""

import pytest

from tests.emulator.conftest import code_of, root_of, trust


@pytest.fixture
def eks(cloud, account):
    return cloud.client("eks", account)


@pytest.fixture
def asked(cloud, account, make_role):
    subnets = {s["AvailabilityZone"]: s["SubnetId"] for s in cloud.client("ec2", account).describe_subnets()["Subnets"]}
    return {
        "name": "clickhouse-cloud-abcdefgh",
        "roleArn": make_role(account, "plane", trust({"Service": "eks.amazonaws.com"})),
        "resourcesVpcConfig": {"subnetIds": [subnets["us-east-1a"], subnets["us-east-1b"]]},
        "accessConfig": {"authenticationMode": "API"},
    }


@pytest.fixture
def cluster(cloud, eks, asked):
    eks.create_cluster(**asked)
    cloud.control.advance(601)
    return asked["name"]


def test_a_cluster_takes_its_time_and_only_then_has_an_endpoint(cloud, eks, asked):
    made = eks.create_cluster(**asked)["cluster"]
    assert made["status"] == "CREATING"
    assert "endpoint" not in made
    assert code_of(eks.create_nodegroup, **node_group(asked["name"], asked)) == "InvalidRequestException"
    cloud.control.advance(601)
    ready = eks.describe_cluster(name=asked["name"])["cluster"]
    assert ready["status"] == "ACTIVE"
    assert ready["endpoint"].startswith("https://")
    assert ready["identity"]["oidc"]["issuer"].startswith("https://")
    assert ready["resourcesVpcConfig"]["clusterSecurityGroupId"].startswith("sg-")


def node_group(cluster, asked):
    return {
        "clusterName": cluster,
        "nodegroupName": "workers",
        "nodeRole": asked["roleArn"],
        "subnets": asked["resourcesVpcConfig"]["subnetIds"],
    }


def test_one_zone_is_not_enough(eks, asked):
    asked["resourcesVpcConfig"] = {"subnetIds": asked["resourcesVpcConfig"]["subnetIds"][:1]}
    assert code_of(eks.create_cluster, **asked) == "InvalidParameterException"


def test_a_zone_without_control_planes_is_refused(cloud, eks, account, asked):
    zones = {
        z["ZoneId"]: z["ZoneName"]
        for z in cloud.client("ec2", account).describe_availability_zones()["AvailabilityZones"]
    }
    subnets = {s["AvailabilityZone"]: s["SubnetId"] for s in cloud.client("ec2", account).describe_subnets()["Subnets"]}
    barred = subnets[zones["use1-az3"]]
    allowed = next(own for zone, own in subnets.items() if zone != zones["use1-az3"])
    asked["resourcesVpcConfig"] = {"subnetIds": [barred, allowed]}
    assert code_of(eks.create_cluster, **asked) == "UnsupportedAvailabilityZoneException"


def test_the_role_must_trust_eks(cloud, eks, account, asked, make_role):
    asked["roleArn"] = make_role(account, "not-eks", trust(root_of(account)))
    assert code_of(eks.create_cluster, **asked) == "InvalidParameterException"


def test_node_groups_and_add_ons_come_and_go(cloud, eks, asked, cluster):
    assert eks.create_nodegroup(**node_group(cluster, asked))["nodegroup"]["status"] == "CREATING"
    assert eks.create_addon(clusterName=cluster, addonName="vpc-cni")["addon"]["status"] == "CREATING"
    cloud.control.advance(181)
    group = {"clusterName": cluster, "nodegroupName": "workers"}
    addon = {"clusterName": cluster, "addonName": "vpc-cni"}
    assert eks.describe_nodegroup(**group)["nodegroup"]["status"] == "ACTIVE"
    assert eks.describe_addon(**addon)["addon"]["status"] == "ACTIVE"
    assert eks.list_addons(clusterName=cluster)["addons"] == ["vpc-cni"]
    assert code_of(eks.delete_cluster, name=cluster) == "ResourceInUseException"
    assert eks.delete_nodegroup(**group)["nodegroup"]["status"] == "DELETING"
    assert eks.delete_addon(**addon)["addon"]["status"] == "DELETING"
    cloud.control.advance(61)
    assert code_of(eks.describe_nodegroup, **group) == "ResourceNotFoundException"
    assert code_of(eks.describe_addon, **addon) == "ResourceNotFoundException"
    assert eks.delete_cluster(name=cluster)["cluster"]["status"] == "DELETING"
    assert eks.describe_cluster(name=cluster)["cluster"]["status"] == "DELETING"
    cloud.control.advance(121)
    assert code_of(eks.describe_cluster, name=cluster) == "ResourceNotFoundException"


def test_an_unknown_add_on_is_refused(eks, cluster):
    assert code_of(eks.create_addon, clusterName=cluster, addonName="nonsense") == "InvalidParameterException"


def test_access_entries_admit_principals(eks, account, cluster):
    creator = f"arn:aws:iam::{account}:root"
    assert eks.list_access_entries(clusterName=cluster)["accessEntries"] == [creator]
    principal = f"arn:aws:iam::{account}:role/plane"
    eks.create_access_entry(clusterName=cluster, principalArn=principal)
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
    asked = {"clusterName": cluster, "principalArn": principal}
    eks.associate_access_policy(**asked, policyArn=policy, accessScope={"type": "cluster"})
    held = eks.list_associated_access_policies(**asked)["associatedAccessPolicies"]
    assert [entry["policyArn"] for entry in held] == [policy]
    assert code_of(eks.create_access_entry, **asked) == "ResourceInUseException"


def test_a_service_account_has_one_pod_identity(eks, account, cluster):
    asked = {
        "clusterName": cluster, "namespace": "n", "serviceAccount": "s", "roleArn": f"arn:aws:iam::{account}:role/plane"
    }  # fmt: skip
    own = eks.create_pod_identity_association(**asked)["association"]["associationId"]
    assert code_of(eks.create_pod_identity_association, **asked) == "ResourceInUseException"
    eks.delete_pod_identity_association(clusterName=cluster, associationId=own)
    assert eks.list_pod_identity_associations(clusterName=cluster)["associations"] == []
