"""The cluster stack: EKS, its nodes and add-ons, and which pod gets which role.

Access: authentication mode API, and the creator is no administrator (docs.aws.amazon.com/eks/latest/userguide/
access-entries.html): the only entry is that of the role data-plane-mgmt. Secrets are encrypted by EKS itself with a key
of AWS's (envelope-encryption.html), so the template needs no key. Nodes ask for IMDSv2 with one hop, so that a pod
cannot take the node's role (docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html).
"""

from collections.abc import Mapping
from typing import Any

from onboarding.stacks.choices import LaunchChoices
from onboarding.stacks.profiles import DeploymentProfile
from onboarding.stacks.template import (
    SLUG,
    Output,
    Parameter,
    Resource,
    Template,
    attribute,
    ref,
    sub,
    tags,
)
from onboarding.stacks.workloads import CLUSTER, WORKLOADS, Workload

BEFORE_NODES = ("vpc-cni", "kube-proxy", "eks-pod-identity-agent")
"""Add-ons that nodes need in order to become ready; they install on every node by themselves."""
AFTER_NODES = ("coredns", "aws-ebs-csi-driver")
"""Add-ons whose pods need a node to run on, so that they are healthy only afterwards."""
CLUSTER_ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
NODE_DISK_GIB = 100
"""Room for images and logs; the data of databases lies on volumes of their own."""
LOGS = ("api", "audit", "authenticator")
ROLE = r"^arn:aws:iam::\d{12}:role/clickhouse-byoc/[\w+=,.@-]{1,64}$"


def cluster_template(profile: DeploymentProfile) -> Template:
    """The stack's template; the profile decides which pods have roles."""
    workloads = [WORKLOADS[suffix] for suffix in profile.workloads]
    resources = {"Cluster": _cluster(), "DataPlaneAccess": _access()}
    resources |= {_addon_id(name): _addon(name, ()) for name in BEFORE_NODES}
    resources |= {f"{workload.logical}Identity": _identity(workload) for workload in workloads}
    resources |= {"NodeTemplate": _node_template(), "Nodes": _nodes()}
    resources |= {_addon_id(name): _addon(name, ("Nodes", "EbsCsiControllerIdentity")) for name in AFTER_NODES}
    return Template(
        description="ClickHouse BYOC: EKS cluster, managed node group, add-ons and pod identities.",
        parameters=_parameters(workloads),
        resources=resources,
        outputs=_outputs(),
        metadata={"Profile": profile.name},
    )


def cluster_parameters(choices: LaunchChoices, outputs: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """The values for `choices`. Raises KeyError when outputs of an earlier stack are missing."""
    roles = {name: arn for name, arn in outputs["roles"].items() if name.endswith("RoleArn")}
    subnets = ",".join(choices.private_subnet_ids) or outputs["network"]["PrivateSubnetIds"]
    return roles | {
        "Slug": choices.slug,
        "SubnetIds": subnets,
        "KubernetesVersion": choices.kubernetes_version,
        "EndpointCidrs": ",".join(choices.endpoint_cidrs),
        "NodeType": choices.node_type,
        "NodeCount": str(choices.node_count),
        "NodeCountMax": str(choices.node_count_max),
    }


def _parameters(workloads: list[Workload]) -> dict[str, Parameter]:
    roles = ["ControlPlane", "Worker", "DataPlaneManagement", *(workload.logical for workload in workloads)]
    parameters = {
        "Slug": SLUG,
        "SubnetIds": Parameter("The private subnets, one in each zone.", type="List<AWS::EC2::Subnet::Id>"),
        "KubernetesVersion": Parameter("The minor version of Kubernetes.", r"^1\.\d\d$"),
        "EndpointCidrs": Parameter(
            "From where the Kubernetes API may be reached over the internet.", type="CommaDelimitedList"
        ),
        "NodeType": Parameter("The instance type of the nodes.", r"^[a-z0-9-]+\.[a-z0-9-]+$"),
        "NodeCount": Parameter("How many nodes at first.", type="Number"),
        "NodeCountMax": Parameter("How many nodes at most.", type="Number"),
    }
    return parameters | {f"{name}RoleArn": Parameter(f"The role {name}.", ROLE) for name in roles}


def _cluster() -> Resource:
    return Resource(
        "AWS::EKS::Cluster",
        {
            "Name": sub(CLUSTER),
            "Version": ref("KubernetesVersion"),
            "RoleArn": ref("ControlPlaneRoleArn"),
            "ResourcesVpcConfig": {
                "SubnetIds": ref("SubnetIds"),
                "EndpointPrivateAccess": True,
                # The vendor's control plane reconciles from outside of the VPC; the API asks for IAM credentials.
                "EndpointPublicAccess": True,
                "PublicAccessCidrs": ref("EndpointCidrs"),
            },
            "AccessConfig": {"AuthenticationMode": "API", "BootstrapClusterCreatorAdminPermissions": False},
            "BootstrapSelfManagedAddons": False,
            "Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": kind} for kind in LOGS]}},
            "Tags": tags(),
        },
    )


def _access() -> Resource:
    return Resource(
        "AWS::EKS::AccessEntry",
        {
            "ClusterName": ref("Cluster"),
            "PrincipalArn": ref("DataPlaneManagementRoleArn"),
            "Type": "STANDARD",
            # It installs the operators and their resource definitions, which are of the whole cluster.
            "AccessPolicies": [{"PolicyArn": CLUSTER_ADMIN, "AccessScope": {"Type": "cluster"}}],
            "Tags": tags(),
        },
    )


def _addon_id(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-")) + "Addon"


def _addon(name: str, depends_on: tuple[str, ...]) -> Resource:
    return Resource(
        "AWS::EKS::Addon",
        {"ClusterName": ref("Cluster"), "AddonName": name, "ResolveConflicts": "OVERWRITE", "Tags": tags()},
        depends_on=depends_on,
    )


def _identity(workload: Workload) -> Resource:
    return Resource(
        "AWS::EKS::PodIdentityAssociation",
        {
            "ClusterName": ref("Cluster"),
            "Namespace": workload.namespace,
            "ServiceAccount": workload.service_account,
            "RoleArn": ref(f"{workload.logical}RoleArn"),
            "Tags": tags(),
        },
    )


def _node_template() -> Resource:
    data: dict[str, Any] = {
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1, "HttpEndpoint": "enabled"},
        "BlockDeviceMappings": [
            {
                "DeviceName": "/dev/xvda",
                "Ebs": {
                    "Encrypted": True,
                    "VolumeType": "gp3",
                    "VolumeSize": NODE_DISK_GIB,
                    "DeleteOnTermination": True,
                },
            }
        ],
        "TagSpecifications": [
            {"ResourceType": kind, "Tags": tags(Name=sub(f"{CLUSTER}-node"))} for kind in ("instance", "volume")
        ],
    }
    return Resource(
        "AWS::EC2::LaunchTemplate",
        {
            "LaunchTemplateName": sub(f"{CLUSTER}-node"),
            "LaunchTemplateData": data,
            "TagSpecifications": [{"ResourceType": "launch-template", "Tags": tags()}],
        },
    )


def _nodes() -> Resource:
    return Resource(
        "AWS::EKS::Nodegroup",
        {
            "ClusterName": ref("Cluster"),
            "NodegroupName": "default",
            "NodeRole": ref("WorkerRoleArn"),
            "Subnets": ref("SubnetIds"),
            "AmiType": "AL2023_x86_64_STANDARD",
            "InstanceTypes": [ref("NodeType")],
            "ScalingConfig": {
                "MinSize": 3,
                "DesiredSize": ref("NodeCount"),
                "MaxSize": ref("NodeCountMax"),
            },
            "UpdateConfig": {"MaxUnavailable": 1},
            "LaunchTemplate": {"Id": ref("NodeTemplate"), "Version": attribute("NodeTemplate", "LatestVersionNumber")},
            # A node group's tags are a map, not a list.
            "Tags": {"clickhouse-byoc": "true", "clickhouse-byoc-deployment": ref("Slug")},
        },
        depends_on=tuple(_addon_id(name) for name in BEFORE_NODES),
    )


def _outputs() -> dict[str, Output]:
    return {
        "ClusterName": Output("The cluster.", ref("Cluster")),
        "ClusterArn": Output("Its ARN.", attribute("Cluster", "Arn")),
        "ClusterEndpoint": Output("The Kubernetes API.", attribute("Cluster", "Endpoint")),
        "ClusterSecurityGroupId": Output(
            "The security group of the control plane and the nodes.", attribute("Cluster", "ClusterSecurityGroupId")
        ),
    }
