"""The cluster template: who gets in, what the nodes are, and that pods get the roles that expect them."""

import pytest

from onboarding.stacks.cluster import AFTER_NODES, BEFORE_NODES
from onboarding.stacks.workloads import WORKLOADS
from tests.onboarding.stacks.reading import PROFILES, resolved, resources, template

SLUG = {"Slug": "abcd1234"}


def test_the_cluster_has_its_name_api_access_and_no_hidden_administrator() -> None:
    cluster = template("cluster")["Resources"]["Cluster"]["Properties"]
    assert resolved(cluster["Name"], SLUG) == "clickhouse-cloud-abcd1234"
    assert cluster["AccessConfig"] == {
        "AuthenticationMode": "API", "BootstrapClusterCreatorAdminPermissions": False,
    }  # fmt: skip
    assert cluster["ResourcesVpcConfig"]["EndpointPrivateAccess"] is True
    assert cluster["ResourcesVpcConfig"]["PublicAccessCidrs"] == {"Ref": "EndpointCidrs"}


def test_who_did_what_in_the_cluster_is_logged() -> None:
    logging = template("cluster")["Resources"]["Cluster"]["Properties"]["Logging"]["ClusterLogging"]
    assert {"audit", "authenticator"} <= {entry["Type"] for entry in logging["EnabledTypes"]}


def test_the_only_access_entry_is_that_of_the_data_plane_role() -> None:
    entries = resources(template("cluster"), "AWS::EKS::AccessEntry")
    assert [entry["Properties"]["PrincipalArn"] for entry in entries.values()] == [
        {"Ref": "DataPlaneManagementRoleArn"}
    ]


def test_nodes_live_in_the_private_subnets_and_keep_their_credentials_from_pods() -> None:
    document = template("cluster")["Resources"]
    nodes, data = document["Nodes"]["Properties"], document["NodeTemplate"]["Properties"]["LaunchTemplateData"]
    assert nodes["Subnets"] == {"Ref": "SubnetIds"}
    assert nodes["NodeRole"] == {"Ref": "WorkerRoleArn"}
    assert nodes["LaunchTemplate"]["Id"] == {"Ref": "NodeTemplate"}
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert data["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
    assert data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    assert "NetworkInterfaces" not in data


def test_all_five_add_ons_are_there_and_those_with_pods_wait_for_nodes() -> None:
    add_ons = resources(template("cluster"), "AWS::EKS::Addon")
    waiting = {item["Properties"]["AddonName"]: item.get("DependsOn", []) for item in add_ons.values()}
    assert set(waiting) == {"vpc-cni", "coredns", "kube-proxy", "eks-pod-identity-agent", "aws-ebs-csi-driver"}
    assert all("Nodes" in waiting[name] for name in AFTER_NODES)
    assert all("Nodes" not in waiting[name] for name in BEFORE_NODES)
    assert "EbsCsiControllerIdentity" in waiting["aws-ebs-csi-driver"]


def test_nodes_wait_for_the_network_plugin_without_which_they_never_become_ready() -> None:
    document = template("cluster")["Resources"]
    before = {name for name, item in document.items() if item["Properties"].get("AddonName") in BEFORE_NODES}
    assert before == set(document["Nodes"]["DependsOn"])


@pytest.mark.parametrize("profile", PROFILES)
def test_each_pod_gets_the_role_whose_trust_expects_it(profile: str) -> None:
    links = resources(template("cluster", profile), "AWS::EKS::PodIdentityAssociation")
    roles = resources(template("roles", profile), "AWS::IAM::Role")
    expected = [workload for workload in WORKLOADS.values() if f"{workload.logical}Role" in roles]
    assert len(links) == len(expected)
    for workload in expected:
        link = links[f"{workload.logical}Identity"]["Properties"]
        trust = roles[f"{workload.logical}Role"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
        wanted = trust["Condition"]["StringEquals"]
        assert link["RoleArn"] == {"Ref": f"{workload.logical}RoleArn"}
        assert link["Namespace"] == wanted["aws:RequestTag/kubernetes-namespace"]
        assert link["ServiceAccount"] == wanted["aws:RequestTag/kubernetes-service-account"]
